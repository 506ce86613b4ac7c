/*
 * IDE channels: the registers, the state of a channel and its two drives, and the command engine
 * (ide.c). ata_probe.c fills the structures in, ata.c makes block devices of them.
 *
 * Sources: [ATA-6] "I/O registers", "Command descriptions"; [BMIDE] Programming Interface for Bus
 * Master IDE Controller, "Bus Master IDE Registers".
 */
#pragma once

#include "drivers/block.h"
#include "kernel/base/cpu.h"
#include "mm/layout.h"

enum { /* command block, from ide_channel.base */
	ATA_DATA = 0, ATA_ERROR = 1, ATA_COUNT = 2, ATA_LBA_LOW = 3, ATA_LBA_MID = 4,
	ATA_LBA_HIGH = 5, ATA_DEVICE = 6, ATA_STATUS = 7, ATA_COMMAND = 7,
};

enum { /* status: reading ATA_STATUS acknowledges the interrupt, ide_channel.control does not */
	ATA_ERR = 1 << 0, ATA_DRQ = 1 << 3, ATA_DF = 1 << 5, ATA_BSY = 1 << 7,
};

enum { /* device control, written to ide_channel.control */
	ATA_NO_INTERRUPT = 1 << 1, ATA_RESET = 1 << 2,
};

enum { ATA_DEVICE_LBA = 0xE0, ATA_DEVICE_1 = 0x10 };

enum { /* from ide_channel.bm */
	BM_COMMAND = 0, BM_START = 1 << 0, BM_TO_MEMORY = 1 << 3,
	BM_STATUS = 2, BM_ACTIVE = 1 << 0, BM_ERROR = 1 << 1, BM_INTERRUPT = 1 << 2,
	BM_TABLE = 4,
	BM_CHANNEL_1 = 8, /* the second channel's registers behind the first's */
};

#define ATA_SECTOR 512u
#define ATA_PER_PAGE (PAGE_SIZE / ATA_SECTOR)
#define IDE_POLLS 20000 /* reads of a register, each about a microsecond on any PC bus */

/* How the active command moves its data. IDE_STUCK: it could not be given; awaits its time-out. */
enum ide_way { IDE_NO_DATA, IDE_PIO, IDE_DMA, IDE_STUCK };

struct ide_channel;

struct ide_drive {
	struct block_device disk;
	struct ide_channel *channel;
	struct io *io;      /* started by the block layer; on the wire iff channel->active is us */
	u32 npages;         /* 0: no disk there */
	bool dma, lba48, flush;
	bool dead;          /* not even a reset helped */
	u8 select;          /* our bit in ATA_DEVICE */
	u8 block;           /* sectors per interrupt in PIO; 1: without SET MULTIPLE MODE */
	char name[4];
	char model[41];
};

/* One cable: two drives that take turns, one command at a time. */
struct ide_channel {
	u16 base, control;
	u16 bm;                   /* bus master registers; 0: no DMA */
	struct ide_prd *prds;     /* physical region descriptors: a frame of our own */
	struct ide_drive drives[2];
	struct ide_drive *active; /* whose command is under way */
	enum ide_way way;
	u32 moved;                /* PIO: sectors that went through ATA_DATA */
	u32 tries;                /* of the active request, after the first */
	u32 strikes;              /* time-outs of the active command that were not believed */
};

static inline u8 ide_in(const struct ide_channel *c, u16 reg)
{
	return cpu_in8(c->base + reg);
}

static inline void ide_out(const struct ide_channel *c, u16 reg, u8 value)
{
	cpu_out8(c->base + reg, value);
}

/* Without side effects on the device. */
static inline u8 ide_status(const struct ide_channel *c)
{
	return cpu_in8(c->control);
}

/* Makes D the selected drive of its channel. => false: the channel stays busy */
bool ide_select(const struct ide_drive *d);

/* Reads the status until (status & MASK) == VALUE. => false: not within IDE_POLLS reads */
bool ide_poll(const struct ide_channel *c, u8 mask, u8 value);

/* Gives d->io to the device; the channel must have no active drive. */
void ide_begin(struct ide_drive *d);

/*
 * Looks what the device has done and goes on: moves a block, finishes the request (which may begin
 * the next), tries it again. For interrupt handlers, and for who has lost an interrupt.
 * => false: the active command got no further
 */
bool ide_serve(struct ide_channel *c);

/* Does the device claim to be at work on the active command? */
bool ide_working(const struct ide_channel *c);

/* The active command came to nothing and the channel is idle: again, or the end with -EIO. */
void ide_retry(struct ide_channel *c);

/* Over all disks since boot. */
struct ide_stats {
	u64 dma_commands;    /* reads and writes given to a device, retries included */
	u64 pio_commands;
	u64 errors;          /* commands that a device ended with an error */
	u64 retries;
	u64 timeouts;        /* commands given up, with a reset of the channel */
	u64 lost_interrupts; /* commands that the look after a time-out found finished */
};

extern struct ide_stats ide_stats;
