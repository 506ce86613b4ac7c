/*
 * Contents of files that live in memory only: those of /dev/shm and of memfd_create().
 *
 * The last page's bytes beyond the end of a file are cleared before the file grows over them.
 *
 * A hole is a page that the object does not have, so it costs nothing. fallocate() fills holes and punches them.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/base/thread.h"
#include "kernel/fs/file.h"
#include "kernel/fs/memfd.h"
#include "kernel/fs/memfile.h"
#include "kernel/fs/tmpfs.h"
#include "mm/addrspace.h"
#include "mm/frame.h"
#include "mm/memobj_shm.h"
#include "mm/usercopy.h"

static struct memobj *tmpfs_memobj(struct inode *inode)
{
	return tmpfs_of(inode)->object;
}

static u64 tmpfs_sectors(const struct inode *inode)
{
	return (u64)tmpfs_of(inode)->object->pages.count * (PAGE_SIZE / 512);
}

/* => how many pages hold the first SIZE bytes; at most what a page number can count */
static u32 tmpfs_pages(u64 size)
{
	return MIN((size + PAGE_MASK) >> PAGE_SHIFT, (u64)UINT32_MAX);
}

/* Clears bytes [FROM, TO), all in one page; a hole is zero already. => 0, -EIO, -EINTR; may sleep */
static int tmpfs_clear(struct memobj *obj, u64 from, u64 to)
{
	u32 index = from >> PAGE_SHIFT;
	struct frame *f;
	int r;

	if (from >= to || !pagemap_find(&obj->pages, index))
		return 0;
	r = memobj_shm_get_pinned(obj, index, &f);
	if (r < 0)
		return r;
	memset((u8 *)frame_ptr(f) + ((u32)from & PAGE_MASK), 0, to - from);
	f->flags |= FRAME_DIRTY;
	frame_unpin(f);
	return 0;
}

static u64 tmpfs_page_end(u64 pos)
{
	return (pos + PAGE_MASK) & ~(u64)PAGE_MASK;
}

/* Sets the size to SIZE bytes, of which the last page is zero beyond the end. Never sleeps. */
static void tmpfs_set_size(struct tmpfs_inode *t, u64 size)
{
	t->inode.size = size;
	memobj_shm_resize(t->object, tmpfs_pages(size));
}

/* --- read and write ------------------------------------------------------------------------------------------------ */

static s32 tmpfs_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	s32 r = memfile_read(f, dst, n, pos);

	if (r >= 0)
		tmpfs_accessed(tmpfs_of(f->inode));
	return r;
}

static int tmpfs_grow(struct memobj *obj, u64 size)
{
	if (tmpfs_pages(size) > obj->npages)
		memobj_shm_resize(obj, tmpfs_pages(size));
	return 0;
}

static s32 tmpfs_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	struct tmpfs_inode *t = tmpfs_of(f->inode);
	s32 r = 0;

	if (pos >= MEMFILE_SIZE_MAX)
		return -EFBIG;
	n = memfd_may_write(t, MIN(n, MEMFILE_SIZE_MAX - pos), pos);
	if (!n)
		return -EPERM;
	if (pos > t->inode.size)
		r = tmpfs_clear(t->object, t->inode.size, tmpfs_page_end(t->inode.size));
	if (r == 0)
		r = memfile_write_pages(f->inode, t->object, src, n, pos, tmpfs_grow);
	/* A write that ended early must not leave pages beyond the end. */
	if (r < (s32)n && tmpfs_pages(t->inode.size) < t->object->npages)
		memobj_shm_resize(t->object, tmpfs_pages(t->inode.size));
	if (r > 0)
		tmpfs_changed(t, true);
	return r;
}

/* --- size ---------------------------------------------------------------------------------------------------------- */

static int tmpfs_resize(struct inode *inode, u64 size)
{
	struct tmpfs_inode *t = tmpfs_of(inode);
	u64 end = MIN(size, inode->size);
	int r = memfd_may_resize(t, size);

	if (r == 0 && size >= MEMFILE_SIZE_MAX)
		r = -EFBIG;
	if (r == 0)
		r = tmpfs_clear(t->object, end, tmpfs_page_end(end));
	if (r < 0)
		return r;
	tmpfs_set_size(t, size);
	addrspace_truncate(t->object);
	tmpfs_changed(t, true);
	return 0;
}

/* --- fallocate ----------------------------------------------------------------------------------------------------- */

/* Whole pages are freed; parts of pages are cleared. */
static int tmpfs_punch(struct tmpfs_inode *t, u64 from, u64 to)
{
	u32 first = tmpfs_pages(from), end = MIN(to >> PAGE_SHIFT, (u64)UINT32_MAX);
	struct memobj *obj = t->object;
	int r = memfd_may_store(t);

	if (r == 0)
		r = tmpfs_clear(obj, from, MIN(to, tmpfs_page_end(from)));
	if (r == 0 && first <= end)
		r = tmpfs_clear(obj, (u64)end << PAGE_SHIFT, to);
	if (r == 0 && first < end)
		r = obj->ops->punch(obj, first, end);
	return r;
}

/* Makes pages [FIRST, END) exist. => 0; after -ENOSPC or -EINTR some of them may */
static int tmpfs_reserve(struct memobj *obj, u32 first, u32 end)
{
	int r = end - first > 2 * memobj_shm_max() ? -ENOSPC : 0;

	for (u32 index = first; r == 0 && index < end; index++) {
		struct frame *f;

		if (pagemap_find(&obj->pages, index))
			continue;
		r = memobj_shm_get_pinned(obj, index, &f);
		if (r == 0)
			frame_unpin(f);
		if (thread_should_yield())
			thread_yield();
	}
	return r;
}

static int tmpfs_extend(struct tmpfs_inode *t, bool keep_size, u64 from, u64 to)
{
	u64 size = t->inode.size;
	int r = to > size ? memfd_may_resize(t, to) : 0;

	if (r == 0 && to >= MEMFILE_SIZE_MAX)
		r = -EFBIG;
	if (r == 0)
		r = tmpfs_reserve(t->object, from >> PAGE_SHIFT, tmpfs_pages(to));
	if (r == 0 && to > size && !keep_size) {
		r = tmpfs_clear(t->object, size, tmpfs_page_end(size));
		if (r == 0)
			tmpfs_set_size(t, to);
	}
	return r;
}

static int tmpfs_allocate(struct inode *inode, u32 mode, u64 offset, u64 length)
{
	struct tmpfs_inode *t = tmpfs_of(inode);
	int r = -EOPNOTSUPP;

	if (mode & FALLOC_PUNCH_HOLE)
		r = tmpfs_punch(t, offset, offset + length);
	else if (!(mode & ~(u32)FALLOC_KEEP_SIZE))
		r = tmpfs_extend(t, mode & FALLOC_KEEP_SIZE, offset, offset + length);
	if (r == 0)
		tmpfs_changed(t, true);
	return r;
}

const struct inode_ops tmpfs_file_inode_ops = {
	.resize = tmpfs_resize, .allocate = tmpfs_allocate, .memobj = tmpfs_memobj, .sectors = tmpfs_sectors,
	.touch = tmpfs_touch, .fine_times = true, .release = tmpfs_release,
};

const struct file_ops tmpfs_file_ops = { .read = tmpfs_read, .write = tmpfs_write };
