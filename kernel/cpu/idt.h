/* The interrupt descriptor table: the entry point in trap.S for each vector. */
#pragma once

/* Fills the table and loads IDTR. The GDT must be loaded. */
void idt_init(void);
