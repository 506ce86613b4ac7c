/*
 * Block devices: disks as mm/ and the file systems see them, a backing of whole pages with a name.
 *
 * Each disk has a request queue here; the drivers (ata.c, drivers/virtio/disk.c, ramdisk.c, memswap.c)
 * supply `start` and `due`. Requests are started in order of position (sweeps upwards), reads before writes.
 * A flush is a barrier: it starts after all requests submitted before it are finished, and before any
 * later one.
 *
 *   submit ──> queue ──start──> active ──block_finished()──> done ──iod──> io->done
 *              (by position)    (in the device)              (in order of completion)
 *
 * block_finished() may run in an interrupt handler and touches only the device and its lists; the
 * requests' done functions run in one kernel thread, iod. Interrupts are off whenever queues are
 * accessed, so no code sees a queue in the middle of a change.
 *
 * The sweep may reorder requests that overlap. mm/ has at most one request in flight for a page:
 * its frame is marked BUSY or WRITEBACK until the request completes (memswap.c asserts it).
 */
#pragma once

#include "mm/backing.h"

struct block_device;

struct block_ops {
	/*
	 * Starts IO; the device has at most `depth` requests then. n = 0: a flush, and the device
	 * has no other request. May call block_finished() at once. Never sleeps; also called from
	 * interrupt handlers.
	 */
	void (*start)(struct block_device *d, struct io *io);

	/*
	 * The deadline set by block_set_deadline() has passed, and is WAIT_FOREVER again. Runs in
	 * iod; may sleep, but that delays all completions.
	 */
	void (*due)(struct block_device *d);
};

struct block_device {
	struct backing backing; /* npages, name; cookie points back here */
	struct list link;       /* block_devices */
	const struct block_ops *ops;
	void *driver;           /* the driver's own data */
	bool read_only;         /* set by the driver: writes fail */
	bool mounted;           /* a file system is on it */
	u32 writers;            /* threads in block_write() */
	struct list queue;      /* not started; in order of position between the flushes */
	struct list active;     /* started */
	struct list done;       /* finished; iod has yet to call their done functions */
	u32 in_flight;          /* length of active */
	u32 depth;              /* how many requests the device accepts at a time */
	u32 head;               /* position of the sweep, in pages */
	u32 reads;              /* started since the last write */
	bool starting;          /* block_start_next() is running */
	u64 deadline;           /* clock_ns() at which iod calls ops->due */
	u64 commands, pages_read, pages_written, flushes, errors;
};

/* In the order in which they were found. */
extern struct list block_devices;

/* Registers D as NAME. All of D but `driver` and `read_only` must be zero; D and NAME must never be freed. */
void block_register(struct block_device *d, const char *name, u32 npages,
		    const struct block_ops *ops, u32 depth);

/* For drivers: the device has finished IO. ERROR: 0 or -EIO. Starts the next requests. Never sleeps. */
void block_finished(struct block_device *d, struct io *io, int error);

/* For drivers: requests a call of ops->due at WHEN, on the scale of clock_ns(); WAIT_FOREVER: none. */
void block_set_deadline(struct block_device *d, u64 when);

/* The thread that runs the requests' done functions; kernel/ starts it. Never returns. */
void block_iod(void *unused) NORETURN;

/* Waits until everything submitted before is on the medium. => 0 or -EIO; sleeps */
int block_flush(struct block_device *d);

/* Reads N pages, 1 to IO_MAX, from PAGE on into FRAMES. They must exist on D. => 0 or -EIO; sleeps */
int block_read(struct block_device *d, u32 page, u32 n, struct frame *const *frames);

/* Writes N pages, 1 to IO_MAX, from PAGE on: for programs, on a disk that nothing else uses. => 0 or -EIO; sleeps */
int block_write(struct block_device *d, u32 page, u32 n, struct frame *const *frames);

/*
 * Reads one page into BUF, of PAGE_SIZE bytes: for headers and superblocks.
 * => 0; -EIO: also for a page beyond the end, -ENOMEM; sleeps
 */
int block_read_page(struct block_device *d, u32 page, void *buf);
