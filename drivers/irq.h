/* Interrupt lines: which driver answers which. */
#pragma once

#include "kernel/base/types.h"

/*
 * Calls HANDLER, with interrupts off, for each interrupt on line IRQ (0..15), and unmasks the line.
 * One per line.
 */
void irq_register(u32 irq, void (*handler)(void));

/* An interrupt has come on LINE (kernel/trap.c). */
void irq_dispatch(u32 irq);
