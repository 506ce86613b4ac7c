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

struct file_object {
	struct memobj base;
	u64 size;
};

/* The stretch of neighbouring pages that one request will read. */
struct stretch {
	u32 index, block, n;
};

/* Beyond the file's end memory reads zero, whatever the disk has there. */
static void zero_tail(const struct file_object *file, struct frame *f)
{
	u64 start = (u64)f->index << PAGE_SHIFT;

	if (start + PAGE_SIZE > file->size && file->size > start) {
		u32 valid = (u32)(file->size - start);

		memset((char *)frame_ptr(f) + valid, 0, PAGE_SIZE - valid);
	}
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
	zero_tail(container_of(f->obj, struct file_object, base), f);
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

static int map_page(struct memobj *obj, u32 index, u32 *block)
{
	*block = index;
	if (!obj->backing->ops->map)
		return 0;
	return obj->backing->ops->map(obj->backing, index, false, block);
}

/*
 * What to read for page S->index: it and those after it that lie beside it on the device and are not here yet.
 * May sleep. => 0 (block 0: a hole) or an error
 */
static int plan(struct memobj *obj, struct stretch *s)
{
	u32 most = MIN(1 + memobj_file_readahead, obj->npages - s->index);
	int error = map_page(obj, s->index, &s->block);

	s->n = 1;
	if (error || (s->block == 0 && obj->backing->ops->map))
		return error;
	while (s->n < most && !pagemap_find(&obj->pages, s->index + s->n)) {
		u32 block;

		if (map_page(obj, s->index + s->n, &block) || block != s->block + s->n)
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
	struct stretch s = { .index = index };
	int error = plan(obj, &s);

	if (error)
		return error;
	if (index >= obj->npages || pagemap_find(&obj->pages, index))
		return -EAGAIN; /* while the file system slept, somebody else was here */
	if (s.block == 0 && obj->backing->ops->map)
		return add_hole(obj, index);
	return start_read(obj, &s);
}

static int file_get(struct memobj *obj, u32 index, bool write, struct frame **out, struct frame **held)
{
	struct frame *f;

	(void)write;
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
	*out = f;
	return 0;
}

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

static void file_destroy(struct memobj *obj)
{
	u32 index = 0;
	struct frame *f;

	while ((f = pagemap_next(&obj->pages, &index, ~0u)))
		remove_page(f);
	pagemap_destroy(&obj->pages);
	kfree(container_of(obj, struct file_object, base));
}

static const struct memobj_ops file_ops = { .name = "file", .get = file_get, .destroy = file_destroy };

struct memobj *memobj_file_create(struct backing *b, u64 size)
{
	struct file_object *file = kmalloc(sizeof(*file));

	if (!file)
		return NULL;
	memobj_init(&file->base, &file_ops, (u32)((size + PAGE_SIZE - 1) >> PAGE_SHIFT), b);
	file->size = size;
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
