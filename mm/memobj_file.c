/*
 * The page cache of a file.
 *
 * Where a page lies on the device is asked of the file system first, for the page that is wanted and for those that
 * follow; that may sleep. Then, without sleeping, frames are taken and one request is started for all of them.
 * FRAME.block remembers the place, so that nobody need ask again.
 */
#include "mm/memobj_file.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/policy.h"
#include "mm/rmap.h"
#include "mm/vmtrace.h"

#define READAHEAD_MAX 15

u32 memobj_file_readahead = READAHEAD_MAX;

/* The stretch of neighbouring pages that one request will read. */
struct stretch {
	u32 index, block, n;
};

void memobj_file_zero_tail(struct frame *f)
{
	u64 start = (u64)f->index << PAGE_SHIFT, size = memobj_file_of(f->obj)->size;

	if (start + PAGE_SIZE > size && size > start) {
		u32 valid = (u32)(size - start);

		memset((char *)frame_ptr(f) + valid, 0, PAGE_SIZE - valid);
	}
}

bool memobj_file_is_hole(const struct frame *f)
{
	return f->block == 0 && f->obj->backing->ops->map;
}

/* ALONE: it is this page that cannot be read. Otherwise who waits asks again, and pages are read one by one. */
static void read_failed(struct frame *f, bool alone)
{
	TRACE_OBJDROP(0, f->obj, f->index);
	pagemap_remove(&f->obj->pages, f->index);
	if (alone)
		f->flags |= FRAME_FAILED;
	else
		memobj_file_readahead = 0;
	frame_clear_busy(f, FRAME_BUSY);
	frame_release(f);
}

static void read_succeeded(struct frame *f)
{
	memobj_file_zero_tail(f);
	policy_admit(f);
	frame_clear_busy(f, FRAME_BUSY);
}

static void read_done(struct io *io)
{
	for (u32 i = 0; i < io->n; i++) {
		struct frame *f = io->frames[i];

		if (f->flags & FRAME_RELEASED) {
			frame_clear_busy(f, FRAME_BUSY);
			frame_release(f);
		} else if (io->error) {
			read_failed(f, io->n == 1);
		} else {
			read_succeeded(f);
		}
	}
	io_put(io);
}

static int map_page(struct memobj *obj, u32 index, bool create, u32 *block)
{
	*block = index;
	if (!obj->backing->ops->map)
		return 0;
	return obj->backing->ops->map(obj->backing, index, create, block);
}

/*
 * What to read for page S->index: it and those after it that lie beside it on the device and are not here yet.
 * May sleep. => 0 (block 0: a hole) or an error
 */
static int plan(struct memobj *obj, struct stretch *s)
{
	u32 most = MIN(1 + memobj_file_readahead, obj->npages - s->index);
	int error = map_page(obj, s->index, false, &s->block);

	s->n = 1;
	if (error || (s->block == 0 && obj->backing->ops->map))
		return error;
	while (s->n < most && !pagemap_find(&obj->pages, s->index + s->n)) {
		u32 block;

		if (map_page(obj, s->index + s->n, false, &block) || block != s->block + s->n)
			break;
		s->n++;
	}
	return 0;
}

/* => a frame in the object's map, without contents; NULL without memory */
static struct frame *add_page(struct memobj *obj, u32 index, u32 block)
{
	struct frame *f = frame_alloc(FRAME_FILE, 0, FRAME_FOR_FAULT);

	if (!f)
		return NULL;
	if (!pagemap_reserve(&obj->pages, index)) {
		frame_free(f);
		return NULL;
	}
	f->obj = obj;
	f->index = index;
	f->block = block;
	pagemap_set(&obj->pages, index, f);
	TRACE_FILEPAGE(0, obj, index, frame_index(f));
	return f;
}

static int add_hole(struct memobj *obj, u32 index)
{
	struct frame *f = add_page(obj, index, 0);

	if (!f)
		return -ENOMEM;
	frame_zero(f);
	policy_admit(f);
	return 0;
}

/* => 0 with the request started, -ENOMEM, -EAGAIN (slept) */
static int start_read(struct memobj *obj, const struct stretch *s)
{
	struct io *io = io_get();

	if (!io) {
		frame_end_turn();
		io_wait();
		return -EAGAIN;
	}
	io->op = IO_READ;
	io->page = s->block;
	io->done = read_done;
	while (io->n < s->n) {
		struct frame *f;

		if (io->n > 0 && (frame_room() < frame_low() || pagemap_find(&obj->pages, s->index + io->n)))
			break;
		f = add_page(obj, s->index + io->n, s->block + io->n);
		if (!f)
			break;
		f->flags |= FRAME_BUSY;
		io->frames[io->n++] = f;
	}
	if (io->n == 0) {
		io_put(io);
		return -ENOMEM;
	}
	vmstat.file_in += io->n;
	obj->backing->ops->submit(obj->backing, io);
	return 0;
}

/* Page INDEX is not here: begins to read it. => 0 when it is in the map now, BUSY or not; else an error */
static int bring_in(struct memobj *obj, u32 index)
{
	u32 resized = memobj_file_of(obj)->resized;
	struct stretch s = { .index = index };
	int error = plan(obj, &s);

	if (error)
		return error;
	if (memobj_file_of(obj)->resized != resized || pagemap_find(&obj->pages, index))
		return -EAGAIN; /* while the file system slept, somebody else was here */
	if (s.block == 0 && obj->backing->ops->map)
		return add_hole(obj, index);
	return start_read(obj, &s);
}

bool memobj_file_has(struct memobj *obj, u32 index)
{
	const struct frame *f = pagemap_find(&obj->pages, index);

	return f && !(f->flags & FRAME_BUSY);
}

/*
 * Before anything may be stored in a page that lies in a hole, the hole gets a block: a full disk is said now (SIGBUS),
 * not when the page is to be written and cannot. The page is dirty from then on: its zeros must reach the disk before
 * anybody reads the block. => -EAGAIN: look again; or the file system's error
 */
static int fill_hole(struct frame *f, struct frame **held)
{
	struct memobj *obj = f->obj;
	u32 index = f->index, block;
	int error;

	frame_hold(f, held);
	error = map_page(obj, index, true, &block);
	if (error)
		return error;
	f = pagemap_find(&obj->pages, index);
	ASSERT(block && f && !(f->flags & FRAME_BUSY));
	f->block = block;
	f->flags |= FRAME_DIRTY;
	return -EAGAIN;
}

static int file_get(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	struct frame *f;

	if (index >= obj->npages)
		return -ENXIO;
	if (*held && ((*held)->flags & FRAME_FAILED))
		return -EIO;
	f = pagemap_find(&obj->pages, index);
	if (!f) {
		int error = bring_in(obj, index);

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
}

/* --- out --------------------------------------------------------------------------------------------------------- */

static void remove_page(struct frame *f)
{
	TRACE_OBJDROP(0, f->obj, f->index);
	pagemap_remove(&f->obj->pages, f->index);
	policy_forget(f);
	frame_release(f);
}

void memobj_file_drop(struct frame *f)
{
	ASSERT(!f->maps && !(f->flags & (FRAME_DIRTY | FRAME_BUSY)));
	vmstat.clean_drop++;
	vmstat.evict_file++;
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_FILE, VMTRACE_EVICT_HOW_CLEAN);
	remove_page(f);
}

void memobj_file_written(struct frame *f)
{
	ASSERT(!f->maps && !f->pins);
	vmstat.evict_file++;
	TRACE_EVICT(0, frame_index(f), VMTRACE_EVICT_KIND_FILE, VMTRACE_EVICT_HOW_WRITTEN);
	remove_page(f);
}

/* Page INDEX leaves, whatever it holds. Who reads or writes it just now is waited for. */
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

static u32 pages_of(u64 size)
{
	return (u32)((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

/* The page in which the file ends, old or new, pinned; none if it ends with a page or in a hole. */
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
	u32 index = pages_of(size);
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
	struct frame *f;
	bool waited = false;

	ASSERT(!obj->backing->ops->map);
	for (;;) {
		discard(obj, index);
		f = add_page(obj, index, index);
		if (f)
			break;
		waited = true;
		if (!frame_wait_turn(FRAME_FOR_FAULT))
			return -EINTR;
	}
	if (waited)
		frame_end_turn();
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
	memobj_init(&file->base, &file_ops, pages_of(size), b);
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
		memobj_file_drop(f);
		dropped++;
	}
	return dropped;
}
