/*
 * Anonymous pages: to swap and back.
 *
 *        page out: anon_page_out()                    (written, unpinned)
 *   RAM ────────────────────────────────────────────────────────▶ swap
 *    ▲                                                            │ ▲
 *    │ slot freed: scarce, or                       page in:      │ │ anon_drop():
 *    │ stale after a store                  anon_make_resident(), │ │ clean, no write
 *    │                                            anon_read_run() ▼ │
 *    └──────────────────────────────────────────────── RAM and swap
 *
 * I/O under way is never cancelled. If the page is freed meanwhile, its frame is RELEASED and its slot an orphan, and
 * the completion frees both. A frame that was pinned while it was being written stays in memory: the thread that waits
 * for it gets its page back without a read.
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

/* --- page in ----------------------------------------------------------------------------------------------------- */

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

static void page_arrived(struct frame *f, u32 slot)
{
	struct anon *a = f->anon;

	policy_admit(f); /* before the slot is given back: it has the note of the eviction */
	if (slot_scarce()) {
		slot_free(slot);
		a->slot = 0;
	}
	frame_clear_busy(f, FRAME_BUSY);
}

static void free_released(struct frame *f, u32 slot)
{
	slot_free(slot);
	frame_clear_busy(f, FRAME_BUSY);
	frame_release(f);
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
			free_released(f, slot);
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

int anon_bring_in(struct anon *a, bool ahead, struct frame **held)
{
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
	frame_hold(a->frame, held);
	refault_stall_begin();
	frame_wait(a->frame);
	refault_stall_end();
	return -EAGAIN;
}

void anon_will_need(struct anon *a)
{
	if (!a->frame && io_available())
		anon_start_read(a, true);
}

/* --- page out ---------------------------------------------------------------------------------------------------- */

static void anon_write_failed(struct frame *f, u32 slot)
{
	slot_mark_bad(slot);
	f->anon->slot = 0; /* without a slot it counts as dirty */
	policy_admit(f);
	frame_clear_busy(f, FRAME_BUSY);
}

static void write_succeeded(struct frame *f)
{
	if (f->pins) {
		policy_admit(f);
		frame_clear_busy(f, FRAME_BUSY);
		return;
	}
	f->anon->frame = NULL;
	vmstat.evict_anon++;
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_ANON, VMTRACE_EVICT_HOW_WRITTEN);
	frame_clear_busy(f, FRAME_BUSY);
	frame_release(f);
}

static void anon_write_done(struct io *io)
{
	TRACE_SWAPWRITE(0, io->page, io->n, io->error);
	for (u32 i = 0; i < io->n; i++) {
		struct frame *f = io->frames[i];

		if (f->flags & FRAME_RELEASED)
			free_released(f, io->page + i);
		else if (io->error)
			anon_write_failed(f, io->page + i);
		else
			write_succeeded(f);
	}
	io_put(io);
}

/* Frees the slots of these pages, whose copies are out of date: a new run is taken for all of them together. */
static void free_stale_slots(struct frame **frames, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		struct anon *a = frames[i]->anon;

		if (a->slot)
			slot_free(a->slot);
		a->slot = 0;
	}
}

static void add_to_write(struct io *io, struct frame *f)
{
	struct anon *a = f->anon;

	ASSERT(!f->maps && !f->pins && !(f->flags & (FRAME_BUSY | FRAME_LISTED)));
	a->slot = io->page + io->n;
	policy_evicted(f);
	f->flags |= FRAME_BUSY;
	f->flags &= ~FRAME_DIRTY;
	io->frames[io->n++] = f;
	vmstat.pswpout++;
}

/* The disk already reads the pages while their checksums are computed. No thread changes them: they are BUSY. */
static void begin_write(struct io *io)
{
	io->op = IO_WRITE;
	io->done = anon_write_done;
	vmstat.swap_runs++;
	slot_backing()->ops->submit(slot_backing(), io);
	for (u32 i = 0; i < io->n; i++)
		slot_seal(io->page + i, frame_ptr(io->frames[i]));
}

/*
 * Takes slots that lie side by side for as many of FRAMES as possible, from the first on.
 * => how many, and the first slot in *SLOT; 0: none is free
 */
static u32 take_slots(struct frame *const *frames, u32 n, u32 *slot)
{
	struct anon *owners[IO_MAX];

	n = MIN(n, IO_MAX);
	for (u32 i = 0; i < n; i++)
		owners[i] = frames[i]->anon;
	return slot_alloc_run(owners, n, slot);
}

u32 anon_page_out(struct frame **frames, u32 n)
{
	u32 started = 0;

	free_stale_slots(frames, n);
	while (started < n) {
		struct io *io = io_get();
		u32 run = io ? take_slots(frames + started, n - started, &io->page) : 0;

		if (!run) {
			if (io)
				io_put(io);
			break;
		}
		for (u32 i = 0; i < run; i++)
			add_to_write(io, frames[started++]);
		begin_write(io);
	}
	return started;
}

void anon_drop(struct frame *f)
{
	ASSERT(!f->maps && f->anon->slot && !(f->flags & (FRAME_DIRTY | FRAME_LISTED)));
	policy_evicted(f);
	f->anon->frame = NULL;
	vmstat.clean_drop++;
	vmstat.evict_anon++;
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_ANON, VMTRACE_EVICT_HOW_CLEAN);
	frame_release(f);
}

u32 anon_reclaim_slots(void)
{
	u32 freed = 0, slot = 1;
	struct anon *a;

	for (; (a = slot_next_owner(&slot)); slot++) {
		if (!a->frame || (a->frame->flags & FRAME_BUSY))
			continue;
		slot_free(slot);
		a->slot = 0;
		freed++;
	}
	return freed;
}
