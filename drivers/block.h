/*
 * Disks as mm/ and the file systems see them: a backing of whole pages, plus a name.
 *
 * The request queue of each disk lives here; drivers (ata.c, drivers/virtio/disk.c, ramdisk.c, memswap.c) supply `start`
 * and `due`. Requests are served in order of position (sweeps upwards), a flush is a barrier:
 * what was submitted before it is finished before it starts, what comes later waits for it.
 *
 *   submit ──> queue ──start──> active ──block_finished()──> done ──iod──> io->done
 *              (by position)    (in the device)              (in order of completion)
 *
 * block_finished() may run in an interrupt handler and touches only the device and its lists;
 * the requests' done functions run in one kernel thread, iod. Interrupts are off wherever queues
 * are looked at, so that nobody sees one half-changed.
 *
 * Requests that overlap are not kept in order, for the sweep may reorder them. mm has at most one
 * under way for a page: its frame is BUSY or in WRITEBACK (memswap.c asserts it).
 */
#pragma once

#include "mm/backing.h"

struct block_device;

struct block_ops {
	/*
	 * Begins IO, whose device then has at most `depth` under way. n = 0: a flush, the only
	 * request in the device. May call block_finished() at once. Never sleeps; also called
	 * from interrupt handlers.
	 */
	void (*start)(struct block_device *d, struct io *io);

	/*
	 * The moment that the driver set by block_set_deadline() has come (the deadline is
	 * WAIT_FOREVER again). Runs in iod; may sleep, but holds up all completions then.
	 */
	void (*due)(struct block_device *d);
};

struct block_device {
	struct backing backing; /* npages, name; cookie points back here */
	struct list link;       /* block_devices */
	const struct block_ops *ops;
	void *driver;           /* the driver's own */
	bool read_only;         /* the driver's: nothing is ever written */
	struct list queue;      /* not started; in order of position between the flushes */
	struct list active;     /* started */
	struct list done;       /* finished, iod has not come yet */
	u32 in_flight;          /* length of active */
	u32 depth;              /* how many requests the device takes at once */
	u32 head;               /* where the sweep stands, in pages */
	bool starting;          /* the loop that starts requests is at work */
	u64 deadline;           /* clock_ns() at which iod calls ops->due */
	u64 commands, pages_read, pages_written, flushes, errors;
};

/* In the order in which they were found. */
extern struct list block_devices;

/* D, all zero but for `driver` and `read_only`, becomes known as NAME. D and NAME stay for ever. */
void block_register(struct block_device *d, const char *name, u32 npages,
		    const struct block_ops *ops, u32 depth);

/* For drivers: IO is no longer in the device. ERROR: 0 or -EIO. Starts what is next. */
void block_finished(struct block_device *d, struct io *io, int error);

/* For drivers: ops->due is to be called WHEN (clock_ns(); WAIT_FOREVER: not at all). */
void block_set_deadline(struct block_device *d, u64 when);

/* The thread that runs the requests' done functions; kernel/ starts it. Never returns. */
void block_iod(void *unused) NORETURN;

/* Everything submitted before is on the medium when this returns. => 0 or -EIO; sleeps */
int block_flush(struct block_device *d);

/* N pages, 1 to IO_MAX, that D has, into FRAMES. => 0 or -EIO; sleeps */
int block_read(struct block_device *d, u32 page, u32 n, struct frame *const *frames);

/*
 * One page into BUF (4096 bytes), for recognising what is on a disk.
 * => 0, -EIO (also beyond the end), -ENOMEM; sleeps
 */
int block_read_page(struct block_device *d, u32 page, void *buf);
