/*
 * The page cache of a file: finding and dropping its pages, changing its size. (Reading: memobj_file_read.c; writing:
 * writeback.c.)
 *
 * Two rules keep the contents of one file out of another. A hole gets its block before anything may be stored in its
 * page, and the page is dirty from then on, since the block still holds what another file left there. And a block is
 * freed only when the page is gone and its I/O has ended.
 */
#include "mm/memobj_file.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/kmalloc.h"
#include "mm/policy.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

bool memobj_file_is_hole(const struct frame *f)
{
	return f->block == 0 && f->obj->backing->ops->map;
}

bool memobj_file_has(struct memobj *obj, u32 index)
{
	const struct frame *f = pagemap_find(&obj->pages, index);

	return f && !(f->flags & FRAME_BUSY);
}

/*
 * Allocates a block for a page that lies in a hole, before anything may be stored in it: a full disk is reported now
 * (SIGBUS), not when the page is written back. The page is dirty from then on: its zeros must reach the disk before the
 * block is read. => -EAGAIN: look again; or the file system's error
 */
static int fill_hole(struct frame *f, struct frame **held)
{
	struct memobj *obj = f->obj;
	u32 index = f->index, block;
	int error;

	frame_hold(f, held);
	error = memobj_file_map_page(obj, index, true, &block);
	if (error)
		return error;
	ASSERT(block);
	f = pagemap_find(&obj->pages, index);
	if (f && !(f->flags & FRAME_BUSY) && !f->block) { /* else another task has allocated it first */
		f->block = block;
		f->flags |= FRAME_DIRTY;
	}
	return -EAGAIN;
}

/* As memobj_ops.get. */
static NOINLINE int file_get_slowly(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	/* lab mmap: find the page or bring it in, or say why it cannot be had now or at all */
	struct frame *f;

	if (index >= obj->npages)
		return -ENXIO;
	if (*held && ((*held)->flags & FRAME_FAILED))
		return -EIO;
	f = pagemap_find(&obj->pages, index);
	if (!f) {
		int error = memobj_file_bring_in(obj, index);

		if (error)
			return error;
		f = pagemap_find(&obj->pages, index);
	}
	if (f->flags & FRAME_BUSY)
		return memobj_hold_and_wait(f, held);
	if (write && memobj_file_is_hole(f))
		return fill_hole(f, held);
	*out = f;
	return 0;
	/* end of lab mmap */
}

/* Mostly the page is there, and nothing is to be done for it. */
static int file_get(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	struct frame *f = index < obj->npages ? pagemap_find(&obj->pages, index) : NULL;

	if (!f || (f->flags & FRAME_BUSY) || (write && memobj_file_is_hole(f)))
		return file_get_slowly(obj, index, write, out, held);
	*out = f;
	return 0;
}

/* --- page out ----------------------------------------------------------------------------------------------------- */

static void remove_page(struct frame *f)
{
	TRACE_OBJDROP(0, f->obj, f->index);
	pagemap_remove(&f->obj->pages, f->index);
	policy_forget(f);
	frame_release(f);
}

void memobj_file_drop(struct frame *f)
{
	ASSERT(!f->maps && !(f->flags & (FRAME_DIRTY | FRAME_BUSY | FRAME_WRITEBACK)));
	vmstat.clean_drop++;
	vmstat.evict_file++;
	policy_evicted(f);
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_FILE, VMTRACE_EVICT_HOW_CLEAN);
	remove_page(f);
}

void memobj_file_written(struct frame *f)
{
	ASSERT(!f->maps && !f->pins);
	vmstat.evict_file++;
	policy_evicted(f);
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_FILE, VMTRACE_EVICT_HOW_WRITTEN);
	remove_page(f);
}

/* Drops page INDEX, whatever it holds. Waits for I/O on it. */
static void discard(struct memobj *obj, u32 index)
{
	struct frame *f;

	while ((f = pagemap_find(&obj->pages, index))) {
		rmap_unmap_all(f);
		if (!(f->flags & (FRAME_BUSY | FRAME_WRITEBACK))) {
			remove_page(f);
			return;
		}
		frame_wait(f);
	}
}

void memobj_file_forget(struct memobj *obj, u32 index)
{
	discard(obj, index);
}

static u32 memobj_file_pages_of(u64 size)
{
	return (u32)((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

/*
 * Pins the page in which the file ends at byte END. *OUT is NULL if it ends at a page border or in a hole.
 * => 0 or an error
 */
static int get_last_page(struct memobj *obj, u64 end, struct frame **out)
{
	int error = 0;

	*out = NULL;
	if (end & PAGE_MASK)
		error = memobj_get_pinned(obj, (u32)(end >> PAGE_SHIFT), false, out);
	if (*out && memobj_file_is_hole(*out)) {
		frame_unpin(*out);
		*out = NULL;
	}
	return error;
}

int memobj_file_resize(struct memobj *obj, u64 size)
{
	struct memobj_file *file = memobj_file_of(obj);
	u64 end = MIN(size, file->size);
	u32 index = memobj_file_pages_of(size);
	struct frame *last;
	int error = get_last_page(obj, end, &last);

	if (error)
		return error;
	file->size = end;
	if (last) {
		memobj_file_zero_tail(last);
		last->flags |= FRAME_DIRTY;
		frame_unpin(last);
	}
	file->size = size;
	file->resized++;
	obj->npages = index;
	for (; pagemap_next(&obj->pages, &index, ~0u); index++)
		discard(obj, index);
	return 0;
}

int memobj_file_get_new(struct memobj *obj, u32 index, struct frame **out)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };
	struct frame *f;
	int error;

	ASSERT(!obj->backing->ops->map);
	do {
		discard(obj, index);
		f = memobj_file_add_page(obj, index, index);
		error = f ? 0 : -ENOMEM;
	} while (frame_retry(&retry, &error));
	if (error)
		return error;
	frame_zero(f);
	f->flags |= FRAME_DIRTY;
	policy_admit(f);
	frame_pin(f);
	*out = f;
	return 0;
}

static void file_destroy(struct memobj *obj)
{
	u32 index = 0;
	struct frame *f;

	while ((f = pagemap_next(&obj->pages, &index, ~0u)))
		remove_page(f);
	pagemap_destroy(&obj->pages);
	kfree(memobj_file_of(obj));
}

static const struct memobj_ops file_ops = { .name = "file", .get = file_get, .destroy = file_destroy };

bool memobj_is_file(const struct memobj *obj)
{
	return obj && obj->ops == &file_ops;
}

struct memobj *memobj_file_create(struct backing *b, u64 size)
{
	struct memobj_file *file = kmalloc(sizeof(*file));

	if (!file)
		return NULL;
	memobj_init(&file->base, &file_ops, memobj_file_pages_of(size), b);
	file->size = size;
	file->resized = 0;
	file->error = 0;
	return &file->base;
}

u32 memobj_file_drop_all(void)
{
	u32 dropped = 0;

	for (u32 i = 0; i < frame_total(); i++) {
		struct frame *f = frame_at(i);

		if (f->state != FRAME_FILE || !f->obj || f->maps || f->pins ||
		    (f->flags & (FRAME_BUSY | FRAME_WRITEBACK | FRAME_DIRTY)))
			continue;
		TRACE_VICTIM(0, i, policy_name(), VMTRACE_DECIDED(VMTRACE_VICTIM_WHY_DROP), false);
		memobj_file_drop(f);
		dropped++;
	}
	return dropped;
}
