/*
 * One IDE channel: issuing a command, serving its interrupts, retrying.
 *
 *          ide_begin()                  ide_serve(): all moved
 *   idle ──────────────> command issued ───────────────────────> finished; the other drive's turn
 *                          │    ^   ide_serve(): an error, or ide_retry() after a reset;
 *                          │    └── IDE_RETRIES times, then finished with -EIO
 *                          └ PIO: each interrupt moves one block
 *
 * With DMA the controller moves the data, with one descriptor per frame. A frame never crosses a
 * 64 KiB boundary, so neither does a descriptor. 32 descriptors hold the 256 sectors of the largest
 * LBA28 command.
 *
 * Nothing here sleeps; all of it may run in an interrupt handler.
 *
 * Sources: [ATA-6] ATA/ATAPI-6, "PIO data-in command protocol", "PIO data-out command protocol",
 * "DMA command protocol"; [BMIDE] "Standard Programming Sequence".
 */
#include "drivers/ide.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "mm/frame.h"

#define IDE_RETRIES 2
#define IDE_TIMEOUT 5000000000ull /* ns from a command to the first check of its device */

enum { ATA_COMMAND_FLUSH = 0xE7, ATA_COMMAND_FLUSH_48 = 0xEA };

struct ide_prd {
	paddr_t address;
	u16 bytes;
	u16 flags;
};
#define IDE_PRD_LAST 0x8000
STATIC_ASSERT(sizeof(struct ide_prd) == 8, "the controller's layout");
STATIC_ASSERT(IO_MAX * ATA_PER_PAGE <= 256, "a request must fit into an LBA28 command");

struct ide_stats ide_stats;

bool ide_poll(const struct ide_channel *c, u8 mask, u8 value)
{
	for (u32 i = 0; i < IDE_POLLS; i++) {
		if ((ide_status(c) & mask) == value)
			return true;
	}
	return false;
}

/* Waits 400 ns: the status is valid only then after a selection or a command. */
static void ide_settle(const struct ide_channel *c)
{
	for (u32 i = 0; i < 4; i++)
		ide_status(c);
}

bool ide_select(const struct ide_drive *d)
{
	const struct ide_channel *c = d->channel;

	ide_out(c, ATA_DEVICE, ATA_DEVICE_LBA | d->select);
	ide_settle(c);
	return ide_poll(c, ATA_BSY | ATA_DRQ, 0);
}

static u8 ide_command(const struct ide_drive *d, enum ide_way way, enum io_op op)
{
	static const u8 commands[2][3][2] = {
		/* PIO by sectors, PIO by blocks, DMA; each reading and writing */
		{ { 0x20, 0x30 }, { 0xC4, 0xC5 }, { 0xC8, 0xCA } },
		{ { 0x24, 0x34 }, { 0x29, 0x39 }, { 0x25, 0x35 } },
	};

	if (way == IDE_NO_DATA)
		return d->lba48 ? ATA_COMMAND_FLUSH_48 : ATA_COMMAND_FLUSH;
	return commands[d->lba48][way == IDE_DMA ? 2 : d->block > 1][op == IO_WRITE];
}

static void ide_set_address(const struct ide_drive *d, const struct io *io)
{
	const struct ide_channel *c = d->channel;
	u64 lba = (u64)io->page * ATA_PER_PAGE;
	u32 count = io->n * ATA_PER_PAGE; /* 256 is written as 0 in LBA28 */

	if (d->lba48) {
		/* Each register holds two bytes; the higher one is written first. */
		ide_out(c, ATA_COUNT, count >> 8);
		ide_out(c, ATA_LBA_LOW, lba >> 24);
		ide_out(c, ATA_LBA_MID, lba >> 32);
		ide_out(c, ATA_LBA_HIGH, lba >> 40);
	} else {
		ide_out(c, ATA_DEVICE, ATA_DEVICE_LBA | d->select | ((lba >> 24) & 0xF));
	}
	ide_out(c, ATA_COUNT, count);
	ide_out(c, ATA_LBA_LOW, lba);
	ide_out(c, ATA_LBA_MID, lba >> 8);
	ide_out(c, ATA_LBA_HIGH, lba >> 16);
}

static void ide_prepare_dma(const struct ide_channel *c, const struct io *io)
{
	for (u32 i = 0; i < io->n; i++) {
		c->prds[i].address = frame_index(io->frames[i]) << PAGE_SHIFT;
		c->prds[i].bytes = PAGE_SIZE;
		c->prds[i].flags = i == io->n - 1 ? IDE_PRD_LAST : 0;
	}
	cpu_out32(c->bm + BM_TABLE, ptr_to_paddr(c->prds));
	cpu_out8(c->bm + BM_COMMAND, io->op == IO_READ ? BM_TO_MEMORY : 0);
	cpu_out8(c->bm + BM_STATUS, BM_ERROR | BM_INTERRUPT);
}

static void ide_move_block(struct ide_channel *c)
{
	const struct io *io = c->active->io;
	u32 n = MIN(c->active->block, io->n * ATA_PER_PAGE - c->moved);

	for (; n > 0; n--, c->moved++) {
		u8 *page = frame_ptr(io->frames[c->moved / ATA_PER_PAGE]);
		u8 *at = page + c->moved % ATA_PER_PAGE * ATA_SECTOR;

		if (io->op == IO_READ)
			cpu_in16_string(c->base + ATA_DATA, at, ATA_SECTOR / 2);
		else
			cpu_out16_string(c->base + ATA_DATA, at, ATA_SECTOR / 2);
	}
}

/* Issues the active drive's request, for the first time or again. */
static void ide_issue(struct ide_channel *c)
{
	struct ide_drive *d = c->active;
	const struct io *io = d->io;

	block_set_deadline(&d->disk, clock_ns() + IDE_TIMEOUT);
	c->moved = 0;
	c->strikes = 0;
	c->way = IDE_STUCK;
	if (!ide_select(d))
		return;
	c->way = io->n == 0 ? IDE_NO_DATA : d->dma ? IDE_DMA : IDE_PIO;
	if (c->way == IDE_DMA)
		ide_prepare_dma(c, io);
	if (c->way != IDE_NO_DATA)
		ide_set_address(d, io);
	ide_out(c, ATA_COMMAND, ide_command(d, c->way, io->op));
	if (c->way == IDE_DMA) {
		ide_stats.dma_commands++;
		cpu_out8(c->bm + BM_COMMAND, cpu_in8(c->bm + BM_COMMAND) | BM_START);
		return;
	}
	ide_settle(c);
	if (c->way == IDE_NO_DATA)
		return;
	ide_stats.pio_commands++;
	/* There is no interrupt before the first block of a write. */
	if (io->op == IO_WRITE && ide_poll(c, ATA_BSY | ATA_DRQ, ATA_DRQ))
		ide_move_block(c);
}

void ide_begin(struct ide_drive *d)
{
	d->channel->active = d;
	d->channel->tries = 0;
	ide_issue(d->channel);
}

static void ide_finish(struct ide_channel *c, int error)
{
	struct ide_drive *d = c->active, *other = &c->drives[d == c->drives];
	struct io *io = d->io;

	c->active = NULL;
	d->io = NULL;
	block_set_deadline(&d->disk, WAIT_FOREVER);
	/* Before the next request of this drive, or one drive could keep the other waiting for ever. */
	if (other->io)
		ide_begin(other);
	block_finished(&d->disk, io, error);
}

void ide_retry(struct ide_channel *c)
{
	if (c->tries == IDE_RETRIES || c->active->dead) {
		ide_finish(c, -EIO);
		return;
	}
	c->tries++;
	ide_stats.retries++;
	ide_issue(c);
}

static void ide_failed(struct ide_channel *c, u8 status)
{
	ide_stats.errors++;
	c->active->io->device_private = (u32)status << 8 | ide_in(c, ATA_ERROR);
	ide_retry(c);
}

/* => false: the command is not finished */
static bool ide_serve_dma(struct ide_channel *c)
{
	u8 bm = cpu_in8(c->bm + BM_STATUS), status;

	if (!(bm & (BM_INTERRUPT | BM_ERROR)))
		return false;
	cpu_out8(c->bm + BM_COMMAND, 0);
	status = ide_in(c, ATA_STATUS);
	cpu_out8(c->bm + BM_STATUS, BM_ERROR | BM_INTERRUPT);
	/* Still active: the device ended before the table did. */
	if ((bm & (BM_ERROR | BM_ACTIVE)) || (status & (ATA_BSY | ATA_DRQ | ATA_DF | ATA_ERR)))
		ide_failed(c, status);
	else
		ide_finish(c, 0);
	return true;
}

/* => false: no block was moved, and the command is not finished */
static bool ide_serve_pio(struct ide_channel *c)
{
	const struct io *io = c->active->io;
	u8 status = ide_in(c, ATA_STATUS);

	if (c->bm)
		cpu_out8(c->bm + BM_STATUS, BM_INTERRUPT);
	if (status & ATA_BSY)
		return false;
	if (status & (ATA_DF | ATA_ERR)) {
		ide_failed(c, status);
		return true;
	}
	if (c->moved < io->n * ATA_PER_PAGE) {
		if (!(status & ATA_DRQ))
			return false;
		ide_move_block(c);
		/* A read is finished with its last block; for a write an interrupt confirms that. */
		if (io->op == IO_WRITE || c->moved < io->n * ATA_PER_PAGE)
			return true;
	}
	ide_finish(c, 0);
	return true;
}

bool ide_serve(struct ide_channel *c)
{
	switch (c->way) {
	case IDE_DMA:
		return ide_serve_dma(c);
	case IDE_PIO:
	case IDE_NO_DATA:
		return ide_serve_pio(c);
	default:
		return false;
	}
}

bool ide_working(const struct ide_channel *c)
{
	if (c->way == IDE_STUCK)
		return false;
	/* A device that does DMA need not set BSY, so the controller is asked. */
	return c->way == IDE_DMA ? cpu_in8(c->bm + BM_STATUS) & BM_ACTIVE
				 : ide_status(c) & ATA_BSY;
}
