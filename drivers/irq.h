/*
 * Interrupt lines: which drivers answer which.
 *
 * Lines of PCI are shared. They stay raised until the last of their devices is content, so all who
 * registered for a line are called in turn, each with its own argument, and each must cope with a
 * call that was not meant for it.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * Calls HANDLER(ARG), with interrupts off, for each interrupt on line IRQ (0..15), and unmasks the
 * line. For ever; at most IRQ_HANDLERS calls of this.
 */
#define IRQ_HANDLERS 16u
void irq_register(u32 irq, void (*handler)(void *arg), void *arg);

/* An interrupt has come on line IRQ (kernel/cpu/trap.c). */
void irq_dispatch(u32 irq);
