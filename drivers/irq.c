/*
 * The table of interrupt handlers. What a handler may touch: its device, its done list, wait
 * queues, input rings.
 */
#include "drivers/irq.h"

#include "drivers/pic.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"

static void (*handlers[PIC_LINES])(void);

void irq_register(u32 irq, void (*handler)(void))
{
	ASSERT_CMP(irq, <, PIC_LINES);
	ASSERT(!handlers[irq]);
	handlers[irq] = handler;
	pic_unmask(irq);
}

void irq_dispatch(u32 irq)
{
	if (pic_is_spurious(irq))
		return;
	if (handlers[irq])
		handlers[irq]();
	else
		printk("shisho: interrupt %u has no handler\n", irq);
	pic_acknowledge(irq);
}
