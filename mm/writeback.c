/*
 * Write-back: dirty pages of files go to the disk in runs.
 *
 * A page that stays in memory is in WRITEBACK while it is written: mapped and readable; a store faults, and the fault makes it
 * writable again. Its dirty bits are cleared, and the TLB flushed, before the request starts; so such a store makes the page
 * dirty again, and it is written again. A page that is evicted is BUSY instead: unmapped, so that no store can be lost. A page
 * has one write under way at a time.
 *
 * Nothing is allocated here but a request, which exists already; the place of a page was found before it could become
 * dirty (memobj_file.c). A page that cannot be written stays dirty and in memory, and the next fsync or msync reports it.
 */
#include "mm/writeback.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

struct waitq writeback_wanted = WAITQ_INIT(writeback_wanted);

/* --- done -------------------------------------------------------------------------------------------------------- */

/* It is unknown which page of a run failed: each is tried alone next time, and soon, since none is evictable now. */
static void writeback_write_failed(struct frame *f, bool alone)
{
	struct memobj_file *file = memobj_file_of(f->obj);

	f->flags |= FRAME_DIRTY | FRAME_UNWRITABLE;
	if (!alone) {
		wake_all(&writeback_wanted);
		return;
	}
	if (!file->error)
		printk("file: page %u could not be written; it stays in memory\n", f->index);
	file->error = -EIO;
}

static void writeback_write_done(struct io *io)
{
	TRACE_FILEWRITE(0, io->page, io->n, io->error);
	for (u32 i = 0; i < io->n; i++) {
		struct frame *f = io->frames[i];
		bool leaves = f->flags & FRAME_BUSY;

		frame_clear_busy(f, FRAME_BUSY | FRAME_WRITEBACK);
		if (f->flags & FRAME_RELEASED) {
			frame_release(f);
			continue;
		}
		if (io->error)
			writeback_write_failed(f, io->n == 1);
		else
			f->flags &= ~FRAME_UNWRITABLE;
		if (!leaves)
			continue;
		if (io->error || f->pins)
			policy_admit(f);
		else
			memobj_file_written(f);
	}
	io_put(io);
}

/* --- start ------------------------------------------------------------------------------------------------------- */

/* => is F (NULL: not in memory) to be written, and may its write start now? */
static bool may_start(const struct frame *f)
{
	/* lab mmap: which pages are written? */
	return f && !(f->flags & (FRAME_BUSY | FRAME_WRITEBACK)) && rmap_dirty(f);
	/* end of lab mmap */
}

/* Adds F, for which may_start() or which is about to leave, to IO. It is clean now, until it is stored to again; STATE marks it. */
static void add(struct io *io, struct frame *f, u32 state)
{
	ASSERT(!memobj_file_is_hole(f));
	ASSERT_CMP(f->block, ==, io->page + io->n);
	/* lab mmap: from now on a store must be noticed, and nothing behind the file's end may reach the disk */
	rmap_write_protect_all(f); /* so that the next store faults, and notifies the backing */
	rmap_harvest_dirty(f);
	f->flags &= ~FRAME_DIRTY;
	f->flags |= state;
	memobj_file_zero_tail(f);
	/* end of lab mmap */
	io->frames[io->n++] = f;
	io->leaving += state == FRAME_BUSY;
	vmstat.writeback++;
	TRACE_WRITEBACK(0, f->obj, f->index, frame_index(f), f->block);
}

/*
 * Adds the dirty pages that follow F in the file and on the disk, up to IO_MAX in all, but no UNWRITABLE one. They stay in
 * memory: their state is FRAME_WRITEBACK, also when F leaves.
 */
static void add_followers(struct io *io, const struct frame *f)
{
	/* lab mmap: neighbours go in the same request */
	for (u32 i = 1; i < IO_MAX; i++) {
		struct frame *next = pagemap_find(&f->obj->pages, f->index + i);

		if (!may_start(next) || next->block != f->block + i || (next->flags & FRAME_UNWRITABLE))
			return;
		add(io, next, FRAME_WRITEBACK);
	}
	/* end of lab mmap */
}

/* Writes F, which gets flag STATE, and the dirty pages that follow it. => pages in the request; 0: no request is free */
static u32 start(struct frame *f, u32 state)
{
	struct backing *b = f->obj->backing;
	struct io *io = io_get();

	if (!io)
		return 0;
	io->op = IO_WRITE;
	io->page = f->block;
	io->done = writeback_write_done;
	add(io, f, state);
	if (!(f->flags & FRAME_UNWRITABLE))
		add_followers(io, f);
	vmstat.writeback_runs++;
	b->ops->submit(b, io);
	return io->n;
}

bool writeback_evict(struct frame *f)
{
	ASSERT(!f->maps && !f->pins && !(f->flags & FRAME_LISTED));
	return start(f, FRAME_BUSY) > 0;
}

/* --- a range ----------------------------------------------------------------------------------------------------- */

/*
 * Starts to write each page in [INDEX, END) that is dirty now; wait_for_range() waits for it. Sleeps until a request is free, and
 * until a page that is being written in an older state may be written again.
 */
static void start_range(struct memobj *obj, u32 index, u32 end)
{
	/* lab mmap: go through the pages, and start to write those that are dirty */
	struct frame *f;

	while ((f = pagemap_next(&obj->pages, &index, end))) {
		if ((f->flags & FRAME_WRITEBACK) && rmap_dirty(f)) {
			frame_wait(f); /* an older state of it is on its way */
		} else if (!may_start(f)) {
			index++;
		} else if (!start(f, FRAME_WRITEBACK)) {
			io_wait();
		}
	}
	/* end of lab mmap */
}

/* => has a page failed? */
static bool wait_for_range(struct memobj *obj, u32 index, u32 end)
{
	bool failed = false;
	struct frame *f;

	while ((f = pagemap_next(&obj->pages, &index, end))) {
		if (f->flags & (FRAME_BUSY | FRAME_WRITEBACK)) {
			frame_wait(f);
			continue;
		}
		failed |= f->flags & FRAME_UNWRITABLE;
		index++;
	}
	return failed;
}

void writeback_range(struct memobj *obj, u32 first, u32 end)
{
	bool again;

	memobj_ref(obj);
	start_range(obj, first, end);
	again = wait_for_range(obj, first, end);
	if (again && !memobj_file_of(obj)->error) { /* a run failed: now one by one */
		start_range(obj, first, end);
		wait_for_range(obj, first, end);
	}
	memobj_unref(obj);
}

int writeback_error(struct memobj *obj)
{
	struct memobj_file *file = memobj_file_of(obj);
	int error = file->error;

	file->error = 0;
	return error;
}

bool writeback_needed(struct memobj *obj)
{
	struct frame *f;
	u32 index = 0;

	for (; (f = pagemap_next(&obj->pages, &index, ~0u)); index++)
		if ((f->flags & FRAME_WRITEBACK) || rmap_dirty(f))
			return true;
	return false;
}
