/*
 * Interrupt lines and their handlers.
 *
 * Lines of PCI are shared. A line stays raised until all of its devices have been served, so all
 * handlers registered for it are called in turn, and each must cope with an interrupt that is not from
 * its device.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * Registers HANDLER(ARG), to be called with interrupts off for each interrupt on line IRQ (0..15), and
 * unmasks the line. At most IRQ_HANDLERS calls; there is no way to unregister.
 */
#define IRQ_HANDLERS 16u
void irq_register(u32 irq, void (*handler)(void *arg), void *arg);

/* Called by kernel/cpu/trap.c for an interrupt on line IRQ. */
void irq_dispatch(u32 irq);
