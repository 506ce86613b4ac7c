/*
 * Request queues of the disks and the thread iod (block.h has a picture).
 *
 * The order is C-SCAN: sweeps in one direction only, so that a request waits for at most one whole
 * sweep. Reads go before writes, since a thread waits for most reads and for few writes; but after
 * BLOCK_READS reads in a row the sweep takes what comes next, until that is a write. Requests are not
 * merged: mm/ submits runs of pages.
 *
 * iod also serves the drivers' deadlines. These are mostly time-outs, which are set and cancelled with
 * every request. So cancelling one does not wake iod: it wakes once at the old time, finds nothing due,
 * and computes its next alarm.
 *
 * Source: R. and A. Arpaci-Dusseau, Operating Systems: Three Easy Pieces, "Hard Disk Drives".
 */
#include "drivers/block.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "mm/frame.h"

#define BLOCK_READS 8           /* in a row, before writes */
#define BLOCK_ERRORS_REPORTED 8 /* per disk: a failed disk must not flood the console */

struct list block_devices = LIST_INIT(block_devices);

static struct waitq block_wakeup = WAITQ_INIT(block_wakeup);
static u64 block_alarm = WAIT_FOREVER; /* iod wakes at this time at the latest; <= all deadlines */

static bool block_is_flush(const struct io *io)
{
	return io->n == 0;
}

/* => the next request of the sweep, only a read if READS; a flush if it is first; NULL: none before the first flush */
static struct io *block_sweep(const struct block_device *d, bool reads)
{
	struct io *io, *lowest = NULL;

	list_for_each(io, &d->queue, link) {
		if (block_is_flush(io))
			return lowest || reads ? lowest : io;
		if (reads && io->op != IO_READ)
			continue;
		if (io->page >= d->head)
			return io;
		if (!lowest)
			lowest = io;
	}
	return lowest;
}

/* => the request to start now; NULL: none may be started */
static struct io *block_next(const struct block_device *d)
{
	struct io *io = NULL;

	if (d->in_flight == d->depth)
		return NULL;
	if (d->in_flight > 0 && block_is_flush(list_first(&d->active, struct io, link)))
		return NULL;
	if (d->reads < BLOCK_READS)
		io = block_sweep(d, true);
	if (!io)
		io = block_sweep(d, false);
	return io && block_is_flush(io) && d->in_flight > 0 ? NULL : io;
}

static void block_start_next(struct block_device *d)
{
	struct io *io;

	/* `start` may finish its request at once, which calls this function again: the loop below continues instead. */
	if (d->starting)
		return;
	d->starting = true;
	while ((io = block_next(d))) {
		list_remove(&io->link);
		list_push_back(&d->active, &io->link);
		d->in_flight++;
		d->commands++;
		d->reads = io->op == IO_READ ? d->reads + 1 : 0;
		if (!block_is_flush(io))
			d->head = io->page + io->n;
		d->ops->start(d, io);
	}
	d->starting = false;
}

/* Inserts IO after the last flush, in order of position. */
static void block_enqueue(struct block_device *d, struct io *io)
{
	struct list *after = d->queue.prev;

	while (!block_is_flush(io) && after != &d->queue) {
		struct io *before = list_entry(after, struct io, link);

		if (block_is_flush(before) || before->page <= io->page)
			break;
		after = after->prev;
	}
	list_insert_after(after, &io->link);
}

/* Queues IO for iod, which will call its done function. */
static void block_hand_to_iod(struct block_device *d, struct io *io, int error)
{
	io->error = error;
	if (error)
		d->errors++;
	else if (block_is_flush(io))
		d->flushes++;
	else if (io->op == IO_READ)
		d->pages_read += io->n;
	else
		d->pages_written += io->n;
	list_push_back(&d->done, &io->link);
	wake_one(&block_wakeup);
}

/* Positions may come from a damaged file system, so one beyond the end is an I/O error and not a broken invariant. */
static bool block_is_possible(const struct block_device *d, const struct io *io)
{
	if (d->read_only && io->op == IO_WRITE && !block_is_flush(io))
		return false;
	return io->page <= d->backing.npages && io->n <= d->backing.npages - io->page;
}

static void block_submit(struct backing *b, struct io *io)
{
	struct block_device *d = b->cookie;

	ASSERT_CMP(io->n, <=, IO_MAX);
	ASSERT(list_empty(&io->link));
	io->device_private = 0;
	if (!block_is_possible(d, io) || inject_now(INJECT_DISK)) {
		block_hand_to_iod(d, io, -EIO);
		return;
	}
	block_enqueue(d, io);
	block_start_next(d);
}

static const struct backing_ops block_backing_ops = { .submit = block_submit };

void block_register(struct block_device *d, const char *name, u32 npages,
		    const struct block_ops *ops, u32 depth)
{
	ASSERT(depth > 0);
	d->backing = (struct backing){ &block_backing_ops, d, npages, name };
	d->ops = ops;
	d->depth = depth;
	d->deadline = WAIT_FOREVER;
	list_init(&d->queue);
	list_init(&d->active);
	list_init(&d->done);
	list_push_back(&block_devices, &d->link);
}

void block_finished(struct block_device *d, struct io *io, int error)
{
	ASSERT(error == 0 || error == -EIO);
	ASSERT_CMP(d->in_flight, >, 0);
	ASSERT(!list_empty(&io->link));
	list_remove(&io->link);
	d->in_flight--;
	block_hand_to_iod(d, io, error);
	block_start_next(d);
}

void block_set_deadline(struct block_device *d, u64 when)
{
	d->deadline = when;
	if (when < block_alarm) {
		block_alarm = when;
		wake_one(&block_wakeup);
	}
}

static void block_report_error(const struct block_device *d, const struct io *io)
{
	if (d->errors > BLOCK_ERRORS_REPORTED)
		return;
	if (block_is_flush(io))
		printk("disk %s: its cache could not be written out", d->backing.name);
	else
		printk("disk %s: %s %u page%s at %u failed", d->backing.name,
		       io->op == IO_READ ? "reading" : "writing", io->n, io->n == 1 ? "" : "s",
		       io->page);
	if (io->device_private)
		printk(" (device code %#x)", io->device_private);
	printk("\n");
	if (d->errors == BLOCK_ERRORS_REPORTED)
		printk("disk %s: further errors are only counted\n", d->backing.name);
}

/* Calls the done functions of D's completed requests. => false: there were none */
static bool block_complete(struct block_device *d)
{
	struct list *link;
	bool any = false;

	while ((link = list_pop_front(&d->done))) {
		struct io *io = list_entry(link, struct io, link);

		if (io->error)
			block_report_error(d, io);
		io->done(io);
		any = true;
	}
	return any;
}

static void block_complete_all(void)
{
	struct block_device *d;
	bool any;

	/* A done function may submit a request, which a disk in memory finishes at once. */
	do {
		any = false;
		list_for_each(d, &block_devices, link)
			any |= block_complete(d);
	} while (any);
}

static void block_serve_deadlines(void)
{
	struct block_device *d;
	u64 now = clock_ns();

	list_for_each(d, &block_devices, link) {
		if (d->deadline <= now) {
			d->deadline = WAIT_FOREVER;
			d->ops->due(d);
		}
	}
	block_alarm = WAIT_FOREVER;
	list_for_each(d, &block_devices, link)
		block_alarm = MIN(block_alarm, d->deadline);
}

void block_iod(UNUSED void *unused)
{
	for (;;) {
		block_complete_all();
		wait_on_until(&block_wakeup, block_alarm);
		if (clock_ns() >= block_alarm)
			block_serve_deadlines();
	}
}

/* On the stack of a thread that waits for one request. */
struct block_waiter {
	struct waitq waitq;
	bool finished;
	int error;
};

static void block_waiter_done(struct io *io)
{
	struct block_waiter *w = io->cookie;

	w->error = io->error;
	w->finished = true;
	wake_all(&w->waitq);
	io_put(io);
}

/* Submits a request and sleeps until it is finished. => 0 or -EIO */
static int block_request(struct block_device *d, enum io_op op, u32 page, u32 n, struct frame *const *frames)
{
	struct block_waiter w = { .finished = false };
	struct io *io;

	while (!(io = io_get()))
		io_wait();
	io->op = op;
	io->page = page;
	io->n = n;
	for (u32 i = 0; i < n; i++)
		io->frames[i] = frames[i];
	io->done = block_waiter_done;
	io->cookie = &w;
	waitq_init(&w.waitq);
	block_submit(&d->backing, io);
	while (!w.finished)
		wait_on(&w.waitq);
	return w.error;
}

int block_flush(struct block_device *d)
{
	return block_request(d, IO_WRITE, 0, 0, NULL);
}

int block_read(struct block_device *d, u32 page, u32 n, struct frame *const *frames)
{
	ASSERT(n > 0 && n <= IO_MAX && page + n <= d->backing.npages);
	return block_request(d, IO_READ, page, n, frames);
}

int block_write(struct block_device *d, u32 page, u32 n, struct frame *const *frames)
{
	int error;

	ASSERT(n > 0 && n <= IO_MAX && page + n <= d->backing.npages);
	d->writers++;
	error = block_request(d, IO_WRITE, page, n, frames);
	d->writers--;
	return error;
}

int block_read_page(struct block_device *d, u32 page, void *buf)
{
	struct frame *f;
	int error;

	if (page >= d->backing.npages)
		return -EIO;
	f = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);
	if (!f)
		return -ENOMEM;
	error = block_read(d, page, 1, &f);
	if (!error)
		memcpy(buf, frame_ptr(f), PAGE_SIZE);
	frame_free(f);
	return error;
}
