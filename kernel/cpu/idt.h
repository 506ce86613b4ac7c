/* The interrupt descriptor table: which code of cpu/trap.S answers which vector. */
#pragma once

void idt_init(void);
