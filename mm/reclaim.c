/*
 * Reclaim: victims in a batch -> unmap everywhere -> clean ones go at once, dirty ones in runs -> freed when written.
 *
 * Nothing here allocates: requests, slots and records exist already.
 */
#include "mm/reclaim.h"

#include "kernel/base/panic.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/memobj_file.h"
#include "mm/rmap.h"
#include "mm/writeback.h"

#define RECENT 8

bool reclaim_always, reclaim_exact;

static bool is_clean(const struct frame *f)
{
	if (f->flags & FRAME_DIRTY)
		return false;
	return f->state == FRAME_FILE || f->anon->slot;
}

static void drop(struct frame *f)
{
	if (f->state == FRAME_ANON)
		anon_drop(f);
	else
		memobj_file_drop(f);
}

/* F, unmapped: a clean frame is free at once, that of a file's page when it is written. => false: it is anon's turn */
static bool dispose(struct frame *f, u32 *begun)
{
	if (is_clean(f)) {
		drop(f);
	} else if (f->state == FRAME_ANON) {
		return false;
	} else if (!writeback_evict(f)) {
		policy_admit(f);
		return true;
	}
	(*begun)++;
	return true;
}

static void evict_one(struct frame *f)
{
	u32 begun = 0;

	policy_forget(f);
	rmap_unmap_all(f);
	if (!dispose(f, &begun) && !anon_page_out(&f, 1))
		policy_admit(f);
}

/* => anonymous frames in BATCH that must be written; *BEGUN others are free, or will be when they are written */
static u32 gather(const struct policy_scope *scope, u32 want, struct frame **batch, u32 *begun)
{
	u32 n = 0;

	while (n + *begun < want && io_available()) {
		struct frame *f = policy_victim(scope);

		if (!f)
			break;
		policy_forget(f);
		rmap_unmap_all(f);
		if (!dispose(f, begun))
			batch[n++] = f;
	}
	return n;
}

u32 reclaim(const struct policy_scope *scope, u32 want)
{
	struct frame *batch[IO_MAX];
	u32 begun = 0, anonymous, out;

	anonymous = gather(scope, MIN(want, IO_MAX), batch, &begun);
	out = anon_page_out(batch, anonymous);
	for (u32 i = out; i < anonymous; i++)
		policy_admit(batch[i]);
	return begun + out;
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
			evict_one(f);
			return;
		}
		policy_forget(f);
		policy_admit(f);
	}
}
