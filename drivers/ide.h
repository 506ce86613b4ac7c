/*
 * IDE channels: the registers, the state of a channel and its two drives, and the command engine
 * (ide.c). ata_probe.c fills in the structures; ata.c registers the drives as block devices.
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
	BM_CHANNEL_1 = 8, /* offset of the second channel's registers */
};

#define ATA_SECTOR 512u
#define ATA_PER_PAGE (PAGE_SIZE / ATA_SECTOR)
#define IDE_POLLS 20000 /* reads of a register, each about a microsecond on any PC bus */

/* How the active command moves its data. IDE_STUCK: it could not be issued, and waits for its time-out. */
enum ide_way { IDE_NO_DATA, IDE_PIO, IDE_DMA, IDE_STUCK };

struct ide_channel;

struct ide_drive {
	struct block_device disk;
	struct ide_channel *channel;
	struct io *io;      /* started by the block layer; issued while channel->active is this drive */
	u32 npages;         /* 0: there is no disk */
	bool dma, lba48, flush;
	bool dead;          /* a reset has failed */
	u8 select;          /* its bit in ATA_DEVICE */
	u8 block;           /* sectors per interrupt in PIO; 1: without SET MULTIPLE MODE */
	char name[4];
	char model[41];
};

/* One cable: two drives that take turns; one command at a time. */
struct ide_channel {
	u16 base, control;
	u16 bm;                   /* bus master registers; 0: no DMA */
	struct ide_prd *prds;     /* physical region descriptors, in a frame of the channel */
	struct ide_drive drives[2];
	struct ide_drive *active; /* the drive with the command that was issued; NULL: none */
	enum ide_way way;
	u32 moved;                /* PIO: sectors moved through ATA_DATA */
	u32 tries;                /* retries of the active request */
	u32 strikes;              /* extensions of the active command's deadline */
};

static inline u8 ide_in(const struct ide_channel *c, u16 reg)
{
	return cpu_in8(c->base + reg);
}

static inline void ide_out(const struct ide_channel *c, u16 reg, u8 value)
{
	cpu_out8(c->base + reg, value);
}

/* Reads the status without acknowledging an interrupt. */
static inline u8 ide_status(const struct ide_channel *c)
{
	return cpu_in8(c->control);
}

/* Selects drive D on its channel. => false: the channel stays busy */
bool ide_select(const struct ide_drive *d);

/* Reads the status until (status & MASK) == VALUE. => false: not within IDE_POLLS reads */
bool ide_poll(const struct ide_channel *c, u8 mask, u8 value);

/* Issues d->io; the channel must have no active drive. */
void ide_begin(struct ide_drive *d);

/*
 * Reads the device's status and acts on it: moves a block, finishes the request (which may start the
 * next), or retries it. For interrupt handlers, and for polling when an interrupt was lost.
 * => false: the active command has made no progress
 */
bool ide_serve(struct ide_channel *c);

/* => true: the device claims to be working on the active command */
bool ide_working(const struct ide_channel *c);

/* The active command has failed and the channel is idle: retries it, or finishes the request with -EIO. */
void ide_retry(struct ide_channel *c);

/* For all disks since boot. */
struct ide_stats {
	u64 dma_commands;    /* reads and writes that were issued, including retries */
	u64 pio_commands;
	u64 errors;          /* commands that a device ended with an error */
	u64 retries;
	u64 timeouts;        /* commands that ended with a reset of the channel */
	u64 lost_interrupts; /* commands found finished when they timed out */
};

extern struct ide_stats ide_stats;
