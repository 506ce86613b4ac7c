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

static u32 pipe_places_all; /* of all pipes together */

bool pipe_may_have(u32 places)
{
	return pipe_places_all + places <= frame_total() / 4;
}

void pipe_count_places(s32 more)
{
	pipe_places_all += more;
}

u8 **pipe_alloc_places(u32 places)
{
	u8 **pages = kmalloc_wait(places * sizeof(*pages));

	if (pages)
		memset(pages, 0, places * sizeof(*pages));
	return pages;
}

u32 pipe_ready(struct file *f)
{
	const struct pipe *p = pipe_of(f->inode);

	if (file_readable(f))
		return (pipe_bytes(p) ? FILE_READABLE : 0) | (p->writers ? 0 : FILE_HUNG_UP);
	return (pipe_used(p) + FILE_PIECE <= p->places * PAGE_SIZE ? FILE_WRITABLE : 0) | (p->readers ? 0 : FILE_BROKEN);
}

struct waitq *pipe_changes(struct file *f)
{
	return &pipe_of(f->inode)->changed;
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

	for (u32 i = 0; i < p->places; i++)
		pages += p->pages[i] != NULL;
	return sizeof(*p) + p->places * sizeof(*p->pages) + pages * PAGE_SIZE;
}

s32 pipe_size(const struct file *f)
{
	return f->inode->dev == INODE_DEV_PIPE ? (s32)(pipe_of(f->inode)->places * PAGE_SIZE) : -EBADF;
}

/* Moves the pages in use to the beginning of PAGES, an array of PLACES that P owns from now on. */
static void pipe_move(struct pipe *p, u8 **pages, u32 places)
{
	u32 first = ALIGN_DOWN(p->head, PAGE_SIZE), kept = MAX(DIV_UP(pipe_used(p), PAGE_SIZE), 1u);

	for (u32 i = 0; i < p->places; i++) {
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
	pipe_count_places(places - p->places);
	p->places = places;
}

/* With the lock. => as pipe_set_size() */
static s32 pipe_resize(struct pipe *p, u32 bytes)
{
	u32 places = 1;
	u8 **pages;
	s32 error = 0;

	if (bytes > 1u << 31)
		return -EINVAL;
	while (places * PAGE_SIZE < bytes)
		places *= 2;
	if (places > PIPE_SIZE_MAX / PAGE_SIZE)
		return -EPERM;
	pages = pipe_alloc_places(places);
	if (!pages)
		return -ENOMEM;
	if (pipe_used(p) > places * PAGE_SIZE)
		error = -EBUSY;
	else if (places > p->places && !pipe_may_have(places - p->places))
		error = -EPERM;
	if (error) {
		kfree(pages);
		return error;
	}
	pipe_move(p, pages, places);
	return places * PAGE_SIZE;
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
	wake_all(&p->changed);
	return r;
}
