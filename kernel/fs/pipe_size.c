/*
 * How much a pipe holds and may hold: poll, FIONREAD, F_GETPIPE_SZ and F_SETPIPE_SZ, and the memory that it takes.
 *
 * Source: fcntl(2), pipe(7).
 */
#include "kernel/fs/pipe.h"

#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

static u32 all_pages; /* the rings of all pipes together */

bool pipe_may_have(u32 npages)
{
	return all_pages + npages <= frame_total() / 4;
}

void pipe_count_pages(u32 before, u32 after)
{
	all_pages = all_pages - before + after;
}

u8 **pipe_alloc_ring(u32 npages)
{
	u8 **pages = kmalloc_wait(npages * sizeof(*pages));

	if (pages)
		memset(pages, 0, npages * sizeof(*pages));
	return pages;
}

u32 pipe_ready(struct file *f)
{
	const struct pipe *p = pipe_of(f->inode);

	if (file_readable(f))
		return (pipe_bytes(p) ? FILE_READABLE : 0) | (p->writers ? 0 : FILE_HUNG_UP);
	return (pipe_used(p) + FILE_PIECE <= p->npages * PAGE_SIZE ? FILE_WRITABLE : 0) | (p->readers ? 0 : FILE_BROKEN);
}

struct waitq *pipe_changes(struct file *f)
{
	struct pipe *p = pipe_of(f->inode);

	return file_readable(f) ? &p->readable : &p->writable;
}

s32 pipe_ioctl(struct file *f, u32 request, u32 argument)
{
	u32 inside = pipe_bytes(pipe_of(f->inode));

	return request == FIONREAD ? usercopy_out(argument, &inside, sizeof(inside)) : -ENOTTY;
}

u32 pipe_held(const struct file *f)
{
	const struct pipe *p = pipe_of(f->inode);
	u32 pages = 0;

	for (u32 i = 0; i < p->npages; i++)
		pages += p->pages[i] != NULL;
	return sizeof(*p) + p->npages * sizeof(*p->pages) + pages * PAGE_SIZE;
}

s32 pipe_size(const struct file *f)
{
	return f->inode->dev == INODE_DEV_PIPE ? (s32)(pipe_of(f->inode)->npages * PAGE_SIZE) : -EBADF;
}

/* Moves the pages in use to the beginning of PAGES, an array of NPAGES that P owns from now on. */
static void pipe_move(struct pipe *p, u8 **pages, u32 npages)
{
	u32 first = ALIGN_DOWN(p->head, PAGE_SIZE), kept = MAX(DIV_UP(pipe_used(p), PAGE_SIZE), 1u);

	for (u32 i = 0; i < p->npages; i++) {
		u8 *page = *pipe_page(p, first + i * PAGE_SIZE);

		if (i < kept)
			pages[i] = page;
		else
			kfree(page);
	}
	kfree(p->pages);
	p->pages = pages;
	p->head -= first;
	p->tail -= first;
	pipe_count_pages(p->npages, npages);
	p->npages = npages;
}

/* With the lock. => as pipe_set_size() */
static s32 pipe_resize(struct pipe *p, u32 bytes)
{
	u32 npages = 1;
	u8 **pages;
	s32 error = 0;

	if (bytes > 1u << 31)
		return -EINVAL;
	while (npages * PAGE_SIZE < bytes)
		npages *= 2;
	if (npages > PIPE_SIZE_MAX / PAGE_SIZE)
		return -EPERM;
	pages = pipe_alloc_ring(npages);
	if (!pages)
		return -ENOMEM;
	if (pipe_used(p) > npages * PAGE_SIZE)
		error = -EBUSY;
	else if (npages > p->npages && !pipe_may_have(npages - p->npages))
		error = -EPERM;
	if (error) {
		kfree(pages);
		return error;
	}
	pipe_move(p, pages, npages);
	return npages * PAGE_SIZE;
}

s32 pipe_set_size(struct file *f, u32 bytes)
{
	struct pipe *p = pipe_of(f->inode);
	s32 r;

	if (f->inode->dev != INODE_DEV_PIPE)
		return -EBADF;
	r = sleeplock_take(&p->lock);
	if (r < 0)
		return r;
	r = pipe_resize(p, bytes);
	sleeplock_release(&p->lock);
	wake_all(&p->writable);
	return r;
}
