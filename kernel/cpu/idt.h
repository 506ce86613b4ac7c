/* The interrupt descriptor table: which code of trap.S answers which vector. */
#pragma once

void idt_init(void);
