/*
 * The table of interrupt handlers. A handler may access only its device, its list of finished
 * requests, wait queues, and input rings.
 *
 * The firmware has configured PCI's lines as level-triggered: a device that raises its line while the
 * handlers run causes another interrupt, so calling each handler once is enough.
 *
 * Source: "PCI Local Bus Specification 2.2", "Interrupt Pins".
 */
#include "drivers/irq.h"

#include "drivers/pic.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"

static struct irq_handler {
	void (*run)(void *arg);
	void *arg;
	struct irq_handler *next; /* on the same line, registered earlier */
} irq_handlers[IRQ_HANDLERS];

static u32 irq_registered;
static struct irq_handler *irq_lines[PIC_LINES];

void irq_register(u32 irq, void (*handler)(void *arg), void *arg)
{
	struct irq_handler *h = &irq_handlers[irq_registered];

	ASSERT_CMP(irq, <, PIC_LINES);
	ASSERT_CMP(irq_registered, <, IRQ_HANDLERS);
	irq_registered++;
	*h = (struct irq_handler){ handler, arg, irq_lines[irq] };
	irq_lines[irq] = h;
	pic_unmask(irq);
}

void irq_dispatch(u32 irq)
{
	const struct irq_handler *h = irq_lines[irq];

	if (pic_is_spurious(irq))
		return;
	if (!h)
		printk("shisho: interrupt %u has no handler\n", irq);
	for (; h; h = h->next)
		h->run(h->arg);
	pic_acknowledge(irq);
}
