/*
 * Reclaim: choose a batch of victims -> unmap them everywhere -> drop the clean, write the dirty in runs -> free when
 * written.
 *
 * Nothing here allocates: requests, slots and records exist already.
 */
#include "mm/reclaim.h"

#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/memobj_file.h"
#include "mm/readahead.h"
#include "mm/rmap.h"
#include "mm/writeback.h"

#define RECENT 8

bool reclaim_always, reclaim_exact;

void reclaim_set_exact(bool exact)
{
	static u32 anon_before, file_before;

	if (exact && !reclaim_exact) {
		anon_before = readahead_most;
		file_before = memobj_file_readahead;
	}
	if (exact != reclaim_exact) {
		readahead_most = exact ? 0 : anon_before;
		memobj_file_readahead = exact ? 0 : file_before;
	}
	reclaim_exact = rmap_exact = exact;
}

/* F's page need not be written before it leaves. */
static bool is_clean(const struct frame *f)
{
	if (rmap_dirty(f))
		return false;
	return f->state == FRAME_FILE || f->anon->slot;
}

static void reclaim_drop(struct frame *f)
{
	if (f->state == FRAME_ANON)
		anon_drop(f);
	else
		memobj_file_drop(f);
}

/*
 * F is unmapped. Drops it if it is clean; starts to write it if it is a file's dirty page, or keeps it if no request is
 * free.
 * => false: it is a dirty anonymous page, which the caller must write
 */
static bool dispose(struct frame *f, u32 *gone)
{
	if (is_clean(f)) {
		reclaim_drop(f);
	} else if (f->state == FRAME_ANON) {
		return false;
	} else if (!writeback_evict(f)) {
		policy_admit(f);
		return true;
	}
	(*gone)++;
	return true;
}

/* Frames that are being evicted, gathered for one request. */
struct batch {
	struct frame *dirty[IO_MAX];        /* anonymous, in the order in which they get slots */
	const struct rmap *records[IO_MAX]; /* of one of the entries that mapped each */
	u32 n;
	u32 gone;                    /* others: dropped, or being written */
	enum reclaim_why why;
};

/*
 * Puts F, which RECORD has mapped, where it belongs. The records of a page table lie in the order of their addresses, so what
 * lies together in an address space gets slots side by side, and is read ahead together.
 */
static void add_dirty(struct batch *b, struct frame *f, const struct rmap *record)
{
	u32 i = b->n++;

	for (; i && record < b->records[i - 1] && !reclaim_exact; i--) {
		b->dirty[i] = b->dirty[i - 1];
		b->records[i] = b->records[i - 1];
	}
	b->dirty[i] = f;
	b->records[i] = record;
}

static void reclaim_take(struct batch *b, struct frame *f)
{
	const struct rmap *record = f->maps;

	TRACE_VICTIM(0, frame_index(f), policy_name(), b->why, !is_clean(f));
	policy_forget(f);
	rmap_unmap_all(f);
	if (!dispose(f, &b->gone))
		add_dirty(b, f, record);
}

/* => frames of the whole batch that are free or being written; the others stay */
static u32 finish(struct batch *b)
{
	u32 out = anon_page_out(b->dirty, b->n);

	for (u32 i = out; i < b->n; i++)
		policy_admit(b->dirty[i]);
	return b->gone + out;
}

u32 reclaim_frames(struct frame *const *frames, u32 n, enum reclaim_why why)
{
	struct batch b = { .why = why };

	ASSERT_CMP(n, <=, IO_MAX);
	/* A frame may have left with one before it: a page of a file is written together with those that follow. */
	for (u32 i = 0; i < n && io_available(); i++)
		if ((frames[i]->flags & FRAME_LISTED) && policy_evictable(frames[i]))
			reclaim_take(&b, frames[i]);
	return finish(&b);
}

u32 reclaim(const struct policy_scope *scope, u32 want, enum reclaim_why why)
{
	struct batch b = { .why = why };

	while (b.n + b.gone < MIN(want, IO_MAX) && io_available()) {
		struct frame *f = policy_victim(scope);

		if (!f)
			break;
		reclaim_take(&b, f);
	}
	return finish(&b);
}

void reclaim_after_fault(const struct frame *mapped)
{
	static const struct frame *recent[RECENT];
	static u32 next;

	recent[next++ % RECENT] = mapped;
	for (u32 tries = 0; tries < 2 * RECENT; tries++) {
		struct frame *f = policy_victim(NULL);
		bool is_recent = false;

		if (!f)
			return;
		for (u32 i = 0; i < RECENT; i++)
			is_recent |= recent[i] == f;
		if (!is_recent) {
			reclaim_frames(&f, 1, VMTRACE_DECIDED(RECLAIM_ALWAYS));
			return;
		}
		policy_forget(f);
		policy_admit(f);
	}
}
