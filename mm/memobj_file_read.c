/*
 * The page cache of a file: reading.
 *
 * First the file system is asked where the wanted page and those after it lie on the device; that may sleep. Then, without
 * sleeping, frames are taken and one request is started for all of them. `block` in struct frame keeps the place, so that
 * the file system is asked only once.
 */
#include "mm/memobj_file.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/policy.h"
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

/* ALONE: it is this page that cannot be read. Otherwise the waiting threads try again, and pages are read one by one. */
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

static void memobj_file_read_done(struct io *io)
{
	TRACE_FILEREAD(0, io->page, io->n, io->error);
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

int memobj_file_map_page(struct memobj *obj, u32 index, bool create, u32 *block)
{
	*block = index;
	if (!obj->backing->ops->map)
		return 0;
	return obj->backing->ops->map(obj->backing, index, create, block);
}

/*
 * Decides what to read for page S->index: it and those after it that lie beside it on the device and are not in memory yet.
 * May sleep. => 0 (block 0: a hole) or an error
 */
static int plan(struct memobj *obj, struct stretch *s)
{
	u32 most = MIN(1 + memobj_file_readahead, obj->npages - s->index);
	int error = memobj_file_map_page(obj, s->index, false, &s->block);

	s->n = 1;
	if (error || (s->block == 0 && obj->backing->ops->map))
		return error;
	while (s->n < most && !pagemap_find(&obj->pages, s->index + s->n)) {
		u32 block;

		if (memobj_file_map_page(obj, s->index + s->n, false, &block) || block != s->block + s->n)
			break;
		s->n++;
	}
	return 0;
}

struct frame *memobj_file_add_page(struct memobj *obj, u32 index, u32 block)
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
	TRACE_FILEPAGE(0, obj, index, frame_index(f), block);
	return f;
}

static int add_hole(struct memobj *obj, u32 index)
{
	struct frame *f = memobj_file_add_page(obj, index, 0);

	if (!f)
		return -ENOMEM;
	frame_zero(f);
	policy_admit(f);
	return 0;
}

/* => 0 with the request started, -ENOMEM, -EAGAIN (slept) */
static int memobj_file_start_read(struct memobj *obj, const struct stretch *s)
{
	struct io *io = io_get();

	if (!io) {
		io_wait();
		return -EAGAIN;
	}
	io->op = IO_READ;
	io->page = s->block;
	io->done = memobj_file_read_done;
	while (io->n < s->n) {
		struct frame *f;

		if (io->n > 0 && (frame_room() < frame_low() || pagemap_find(&obj->pages, s->index + io->n)))
			break;
		f = memobj_file_add_page(obj, s->index + io->n, s->block + io->n);
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

int memobj_file_bring_in(struct memobj *obj, u32 index)
{
	u32 resized = memobj_file_of(obj)->resized;
	struct stretch s = { .index = index };
	int error = plan(obj, &s);

	if (error)
		return error;
	if (memobj_file_of(obj)->resized != resized || pagemap_find(&obj->pages, index))
		return -EAGAIN; /* another thread was faster while the file system slept */
	if (s.block == 0 && obj->backing->ops->map)
		return add_hole(obj, index);
	return memobj_file_start_read(obj, &s);
}

void memobj_file_will_need(struct memobj *obj, u32 index)
{
	memobj_ref(obj);
	if (index < obj->npages && !pagemap_find(&obj->pages, index) && io_available())
		memobj_file_bring_in(obj, index);
	memobj_unref(obj);
}
