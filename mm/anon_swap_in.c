/*
 * Anonymous pages: from swap into memory. (The picture: anon.h.)
 *
 * Pages that left together lie side by side on the disk, so the pages in the slots behind the one that is needed are read with
 * it, as many as readahead.c says.
 */
#include "mm/anon.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/policy.h"
#include "mm/readahead.h"
#include "mm/refault.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

static void page_unreadable(struct frame *f, u32 slot)
{
	vmstat.swap_bad++;
	printk("swap: slot %u could not be read back as it was written\n", slot);
	f->anon->frame = NULL;
	f->flags |= FRAME_FAILED;
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_ANON, VMTRACE_EVICT_HOW_FAILED);
	frame_clear_busy(f, FRAME_BUSY);
	frame_release(f);
}

/*
 * F has been read from SLOT, which it keeps as a copy, unless slots are scarce. The policy looks at the note of the eviction, which
 * the slot has.
 */
static void page_arrived(struct frame *f, u32 slot)
{
	/* lab swap: the page is in memory, and its slot is kept or given back */
	struct anon *a = f->anon;

	policy_admit(f);
	if (slot_scarce()) {
		slot_free(slot);
		a->slot = 0;
	}
	frame_clear_busy(f, FRAME_BUSY);
	/* end of lab swap */
}

/*
 * F's run could not be read, and it is unknown which page of it is to blame. All stay in their slots. The waiting
 * threads try again, and read-ahead is off from now on. (Process swap still reads in runs: a page that it cannot get is
 * left to a fault.)
 */
static void run_failed(struct frame *f)
{
	f->anon->frame = NULL;
	if (readahead_most)
		printk("swap: a run of pages could not be read; read-ahead is off from now on\n");
	readahead_most = 0;
	frame_clear_busy(f, FRAME_BUSY);
	frame_release(f);
}

static void anon_read_done(struct io *io)
{
	TRACE_SWAPREAD(0, io->page, io->n, io->error);
	for (u32 i = 0; i < io->n; i++) {
		struct frame *f = io->frames[i];
		u32 slot = io->page + i;

		if (f->flags & FRAME_RELEASED)
			anon_free_released(f, slot);
		else if (io->error && io->n > 1)
			run_failed(f);
		else if (io->error || !slot_verify(slot, frame_ptr(f)))
			page_unreadable(f, slot);
		else
			page_arrived(f, slot);
	}
	io_put(io);
}

static void add_to_read(struct io *io, struct anon *a, struct frame *f)
{
	f->anon = a;
	f->flags |= FRAME_BUSY;
	a->frame = f;
	io->frames[io->n++] = f;
	vmstat.pswpin++;
	TRACE_PAGEIN(0, a, frame_index(f), a->slot);
}

static bool is_only_in_slot(u32 slot)
{
	struct anon *a = slot < slot_end() ? slot_owner(slot) : NULL;

	return a && !a->frame;
}

/* Reads the pages in up to N slots from SLOT on too, while there is room: the daemon is at work below frame_low(). */
static void add_ahead(struct io *io, u32 slot, u32 n)
{
	for (u32 end = slot + n; slot < end && is_only_in_slot(slot) && frame_room() > frame_low() / 2; slot++) {
		struct frame *f = frame_alloc(FRAME_ANON, 0, FRAME_FOR_FAULT);

		if (!f)
			return;
		add_to_read(io, slot_owner(slot), f);
		f->ahead = slot;
		vmstat.swap_readahead++;
	}
}

static void begin_read(struct io *io)
{
	io->op = IO_READ;
	io->page = io->frames[0]->anon->slot;
	io->done = anon_read_done;
	vmstat.swap_in_runs++;
	slot_backing()->ops->submit(slot_backing(), io);
}

static int anon_start_read(struct anon *a, bool ahead)
{
	struct frame *f = frame_alloc(FRAME_ANON, 0, FRAME_FOR_FAULT);
	struct io *io;

	if (!f)
		return -ENOMEM;
	io = io_get();
	if (!io) {
		frame_free(f);
		io_wait();
		return -EAGAIN;
	}
	add_to_read(io, a, f);
	refault_note(f);
	if (ahead) {
		add_ahead(io, a->slot + 1, readahead_window(a->slot));
		readahead_begun(a->slot, io->n);
	}
	begin_read(io);
	return 0;
}

/* A was read ahead, and is used now: more may be read. */
static void anon_used(struct anon *a)
{
	u32 slot, n = readahead_used(a->frame->ahead, &slot);
	struct io *io;

	a->frame->ahead = 0;
	for (; n && !is_only_in_slot(slot); n--)
		slot++;
	io = n ? io_get() : NULL;
	if (!io)
		return;
	add_ahead(io, slot, n);
	if (!io->n) {
		io_put(io);
		return;
	}
	readahead_begun(slot, io->n);
	begin_read(io);
}

u32 anon_read_run(struct anon *const *run, u32 n)
{
	struct io *io = io_get();
	u32 started = 0;

	ASSERT_CMP(n, <=, IO_MAX);
	while (io && started < n) {
		struct frame *f = frame_alloc(FRAME_ANON, 0, FRAME_FOR_FAULT);

		if (!f)
			break;
		ASSERT(!run[started]->frame && run[started]->slot == run[0]->slot + started);
		add_to_read(io, run[started], f);
		slot_forget_eviction(run[started++]->slot); /* the policy did not choose the task that was taken out */
	}
	if (started)
		begin_read(io);
	else if (io)
		io_put(io);
	return started;
}

/* Sleeps until the I/O on F is done; F is pinned in *HELD. */
static void anon_wait(struct frame *f, struct frame **held)
{
	frame_hold(f, held);
	refault_stall_begin();
	frame_wait(f);
	refault_stall_end();
}

int anon_bring_in(struct anon *a, bool ahead, struct frame **held)
{
	/* lab swap: start to read the page, if nothing else has, and wait for it */
	int error;

	if (anon_is_resident(a)) {
		anon_used(a);
		return 0;
	}
	if (*held && ((*held)->flags & FRAME_FAILED))
		return -EIO; /* the read that this fault waited for has failed */
	if (!a->frame) {
		ASSERT(a->slot);
		error = anon_start_read(a, ahead);
		if (error)
			return error;
	}
	anon_wait(a->frame, held);
	return -EAGAIN;
	/* end of lab swap */
}

void anon_will_need(struct anon *a)
{
	if (!a->frame && io_available())
		anon_start_read(a, true);
}
