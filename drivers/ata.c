/*
 * IDE disks as block devices: finding them, their time-outs and resets.
 *
 * A virtual machine's clock may run ahead of its disk, above all when it jumps while all processors are
 * idle. So when a command times out, the device's status is read first, which also recovers from a lost
 * interrupt. While the status says that the device is busy, the deadline is extended many times by a
 * little, each time after polling for some real time, before the channel is reset.
 *
 * The reset sleeps, in iod. `active` stays set meanwhile, so that no other command is started.
 *
 * Sources: [ATA-6] ATA/ATAPI-6, "Software reset protocol".
 */
#include "drivers/ata.h"

#include "drivers/ide.h"
#include "drivers/irq.h"
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/frame.h"

#define ATA_IRQ_0 14
#define ATA_IRQ_1 15
#define ATA_LATE_POLLS 100000   /* reads of a register; about 0.1 s on a PC's bus */
#define ATA_EXTENSION 20000000u /* ns */
#define ATA_STRIKES 250         /* extensions before a reset, even if the device says that it is busy */
#define ATA_RESET_PATIENCE 3000 /* ms */

static struct ide_channel ata_channels[2];

static void ata_interrupt(void *channel)
{
	struct ide_channel *c = channel;

	if (c->active)
		ide_serve(c);
	else
		ide_in(c, ATA_STATUS); /* late: without this acknowledgement its line stays high */
}

static void ata_sleep_ms(u32 ms)
{
	struct waitq never_woken = WAITQ_INIT(never_woken);

	wait_on_until_killed(&never_woken, clock_ns() + ms * 1000000ull);
}

/* Resets both drives of the channel. Sleeps. => false: they stay busy */
static bool ata_reset(struct ide_channel *c)
{
	if (c->bm)
		cpu_out8(c->bm + BM_COMMAND, 0);
	c->way = IDE_STUCK;
	cpu_out8(c->control, ATA_RESET | ATA_NO_INTERRUPT);
	ata_sleep_ms(1);
	cpu_out8(c->control, ATA_NO_INTERRUPT);
	for (u32 ms = 0; ms < ATA_RESET_PATIENCE; ms += 3) {
		ata_sleep_ms(3);
		if (!(ide_status(c) & ATA_BSY))
			break;
	}
	if (!ide_poll(c, ATA_BSY, 0))
		return false;
	for (u32 i = 0; i < 2; i++) {
		if (c->drives[i].npages)
			ata_probe_block(&c->drives[i]);
	}
	ide_in(c, ATA_STATUS);
	cpu_out8(c->control, 0);
	return true;
}

/* Serves the device as soon as it has completed something, polling for about 0.1 s. => false: it has not */
static bool ata_serve_late(struct ide_channel *c)
{
	for (u32 i = 0; i < ATA_LATE_POLLS; i++) {
		if (ide_serve(c))
			return true;
	}
	return false;
}

/* The active command has timed out. */
static void ata_due(struct block_device *disk)
{
	struct ide_drive *d = disk->driver;
	struct ide_channel *c = d->channel;

	ASSERT(c->active == d);
	if (ata_serve_late(c)) {
		ide_stats.lost_interrupts++;
		c->strikes = 0;
		/* A PIO command has moved only one block, and may lose its next interrupt too. */
		if (c->active == d && disk->deadline == WAIT_FOREVER)
			block_set_deadline(disk, clock_ns() + ATA_EXTENSION);
		return;
	}
	if (ide_working(c) && c->strikes++ < ATA_STRIKES) {
		block_set_deadline(disk, clock_ns() + ATA_EXTENSION);
		return;
	}
	ide_stats.timeouts++;
	printk("disk %s does not answer (status %#x): reset\n", d->name, ide_status(c));
	if (!ata_reset(c)) {
		printk("disk %s: given up\n", d->name);
		d->dead = true;
	}
	ide_retry(c);
}

static void ata_start(struct block_device *disk, struct io *io)
{
	struct ide_drive *d = disk->driver;

	ASSERT(!d->io);
	if (d->dead || (io->n == 0 && !d->flush)) {
		block_finished(disk, io, d->dead ? -EIO : 0);
		return;
	}
	d->io = io;
	if (!d->channel->active)
		ide_begin(d);
}

static const struct block_ops ata_ops = { .start = ata_start, .due = ata_due };

static void ata_init_channel(struct ide_channel *c, char first_letter)
{
	struct frame *f;

	cpu_out8(c->control, ATA_NO_INTERRUPT);
	if (c->bm) {
		f = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);
		if (f)
			c->prds = frame_ptr(f);
		else
			c->bm = 0;
	}
	for (u32 i = 0; i < 2; i++) {
		struct ide_drive *d = &c->drives[i];

		d->channel = c;
		d->select = i ? ATA_DEVICE_1 : 0;
		format(d->name, sizeof(d->name), "hd%c", first_letter + (int)i);
		ata_probe_drive(d);
		d->disk.driver = d;
		if (d->npages)
			block_register(&d->disk, d->name, d->npages, &ata_ops, 1);
	}
	ide_in(c, ATA_STATUS);
	if (c->bm)
		cpu_out8(c->bm + BM_STATUS, BM_ERROR | BM_INTERRUPT);
	cpu_out8(c->control, 0);
}

void ata_init(void)
{
	struct ide_channel *c = ata_channels;

	if (!ata_probe_controller(c))
		return;
	ata_init_channel(&c[0], 'a');
	ata_init_channel(&c[1], 'c');
	irq_register(ATA_IRQ_0, ata_interrupt, &c[0]);
	irq_register(ATA_IRQ_1, ata_interrupt, &c[1]);
}
