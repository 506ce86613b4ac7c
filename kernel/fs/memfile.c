/*
 * Reading and writing files page by page through their memory objects.
 *
 * A frame is pinned, but not BUSY, while the user's side of the copy may fault and sleep; so a write() from a mapping
 * of the same page works.
 */
#include "kernel/base/errno.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/memfile.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/rmap.h"
#include "mm/usercopy.h"
#include "mm/writeback.h"

/* The user's side of a copy: its address, and the direction. */
struct memfile_copy {
	vaddr_t user;
	bool write;
};

static struct memobj *memfile_object(struct inode *inode)
{
	return inode->ops->memobj ? inode->ops->memobj(inode) : NULL;
}

struct memobj *file_memobj(struct file *f)
{
	return inode_is(f->inode, S_IFREG) ? memfile_object(f->inode) : NULL;
}

int file_sync_object(struct memobj *obj, u32 first, u32 end)
{
	struct inode *inode = filesystem_inode_of(obj);
	int error;

	writeback_range(obj, first, end);
	if (!inode || !inode->ops->fsync)
		return writeback_error(obj);
	inode_ref(inode);
	error = inode->ops->fsync(inode);
	inode_unref(inode);
	return error;
}

/* Copies N bytes between PAGE and the user. => bytes that could not be copied */
static u32 memfile_copy_piece(struct memfile_copy *c, u8 *page, u32 n)
{
	u32 left = c->write ? usercopy_in_partial(page, c->user, n) : usercopy_out_partial(c->user, page, n);

	c->user += n;
	return left;
}

/* As memobj_get_pinned(), but a hole of a file in memory stays one: it is read from the zero frame. */
static int memfile_get_page(struct memobj *obj, u32 index, bool write, struct frame **f)
{
	if (write || !obj->ops->anonymous || index >= obj->npages || pagemap_find(&obj->pages, index))
		return memobj_get_pinned(obj, index, write, f);
	*f = rmap_zero_frame;
	frame_pin(*f);
	return 0;
}

/* => bytes moved of the N at POS, all inside the object, or a negative error if none was */
static s32 memfile_pages(struct memobj *obj, struct memfile_copy *c, u32 n, u64 pos)
{
	u32 moved = 0;

	while (moved < n) {
		u32 offset = (u32)(pos + moved) & PAGE_MASK, piece = MIN(n - moved, PAGE_SIZE - offset), left;
		struct frame *f;
		int r = memfile_get_page(obj, (pos + moved) >> PAGE_SHIFT, c->write, &f);

		if (r < 0)
			return moved ? (s32)moved : r;
		left = memfile_copy_piece(c, (u8 *)frame_ptr(f) + offset, piece);
		if (c->write)
			f->flags |= FRAME_DIRTY;
		frame_unpin(f);
		moved += piece - left;
		if (left)
			return moved ? (s32)moved : -EFAULT;
	}
	return moved;
}

/* Can a byte be read at SRC? If so, its page is in memory now. */
static bool memfile_readable(vaddr_t src)
{
	u8 byte;

	return usercopy_in(&byte, src, 1) == 0;
}

s32 memfile_write_pages(struct inode *inode, struct memobj *obj, vaddr_t src, u32 n, u64 pos,
			int (*grow)(struct memobj *obj, u64 size))
{
	struct memfile_copy c = { .user = src, .write = true };
	u32 moved = 0;
	s32 r = 0;

	while (moved < n) {
		u64 at = pos + moved;
		u32 piece = MIN(n - moved, PAGE_SIZE - ((u32)at & PAGE_MASK));

		if (!memfile_readable(c.user))
			r = -EFAULT;
		else if (at + piece > inode->size)
			r = grow(obj, at + piece);
		if (r == 0)
			r = memfile_pages(obj, &c, piece, at);
		if (r < 0)
			break;
		moved += r;
		inode->size = MAX(inode->size, at + r);
		if ((u32)r < piece)
			break;
		r = 0;
	}
	return moved ? (s32)moved : r;
}

s32 memfile_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	struct memfile_copy c = { .user = dst };
	struct memobj *obj = memfile_object(f->inode);
	s32 r;

	if (!obj)
		return -ENOMEM;
	if (pos >= f->inode->size)
		return 0;
	memobj_ref(obj);
	r = memfile_pages(obj, &c, MIN(n, f->inode->size - pos), pos);
	memobj_unref(obj);
	/* Another task may have truncated the file while this one slept. */
	return r == -ENXIO ? 0 : r;
}

u64 memfile_next(struct inode *inode, u64 pos, bool hole)
{
	u32 page = pos >> PAGE_SHIFT;
	struct memobj *obj;

	obj = memfile_object(inode);
	if (!obj || !obj->ops->anonymous)
		return hole ? inode->size : pos;
	if (!hole && !pagemap_next(&obj->pages, &page, ~0u))
		return inode->size;
	while (hole && pagemap_find(&obj->pages, page))
		page++;
	return MAX(pos, (u64)page << PAGE_SHIFT);
}
