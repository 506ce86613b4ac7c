/*
 * Anonymous pages: from memory to swap. (The picture: anon.h.)
 *
 * Pages that leave together get slots side by side, so that one request writes them all. A frame that was pinned while it was
 * being written stays in memory: the thread that waits for it gets its page back without a read.
 */
#include "mm/anon.h"

#include "kernel/base/panic.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

static void anon_write_failed(struct frame *f, u32 slot)
{
	slot_mark_bad(slot);
	f->anon->slot = 0; /* without a slot it counts as dirty */
	policy_admit(f);
	frame_clear_busy(f, FRAME_BUSY);
}

/*
 * F has been written. If it is pinned, it is wanted and stays in memory, clean. Otherwise its page is in its slot only, and F is
 * free; that is counted and traced as in anon_drop(), with VMTRACE_EVICT_HOW_WRITTEN.
 */
static void write_succeeded(struct frame *f)
{
	/* lab swap: the frame goes, or stays because it is pinned */
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
	/* end of lab swap */
}

static void anon_write_done(struct io *io)
{
	TRACE_SWAPWRITE(0, io->page, io->n, io->error);
	for (u32 i = 0; i < io->n; i++) {
		struct frame *f = io->frames[i];

		if (f->flags & FRAME_RELEASED)
			anon_free_released(f, io->page + i);
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

/* F is the next page of IO, and what is in it is its slot's from now on. The policy notes the eviction in the slot. */
static void add_to_write(struct io *io, struct frame *f)
{
	ASSERT(!f->maps && !f->pins && !(f->flags & (FRAME_BUSY | FRAME_LISTED)));
	vmstat.pswpout++;
	io->leaving++;
	/* lab swap: one more page of the request, with its slot */
	f->anon->slot = io->page + io->n;
	policy_evicted(f);
	f->flags |= FRAME_BUSY;
	f->flags &= ~FRAME_DIRTY;
	io->frames[io->n++] = f;
	/* end of lab swap */
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
	/* lab swap: write the frames in as few requests as the free slots allow */
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
	/* end of lab swap */
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
