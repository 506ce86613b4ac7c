/*
 * The ring of pages in a pipe.
 *
 * `head` and `tail` count all bytes ever read and written; the byte with number P lies in page P / 4096 modulo the number
 * of places. A page is allocated when a writer needs it and freed when a reader has emptied it; one page always stays, so
 * that an empty pipe can be written to when no memory is left. A place is used again only when its page has been emptied
 * whole.
 *
 * `tail` moves when a piece has been copied whole: where the user's memory ends in the middle of one, none of it has been
 * written.
 *
 * These pages cannot be evicted. While all pipes together may hold more than a quarter of memory, a new one has a single
 * place and none can be enlarged.
 *
 * Source: Linux's pipe(7) and fcntl(2), F_SETPIPE_SZ, for sizes.
 */
#include "kernel/fs/pipe_ring.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/task/alloc.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"
#include "mm/vmtrace.h"

#define PLACES_USUAL 16u

static u32 promised; /* places of all rings */

static bool may_promise(u32 more)
{
	return promised + more <= frame_total() / 4;
}

static u8 **alloc_places(u32 places)
{
	u8 **pages = alloc_wait(places * sizeof(*pages));

	if (pages)
		memset(pages, 0, places * sizeof(*pages));
	return pages;
}

int pipe_ring_init(struct pipe_ring *r)
{
	u32 places = may_promise(PLACES_USUAL) ? PLACES_USUAL : 1;
	u8 **pages = alloc_places(places), *page = pages ? alloc_wait(PAGE_SIZE) : NULL;

	if (!page) {
		kfree(pages);
		return -ENOMEM;
	}
	*r = (struct pipe_ring){ .places = places, .pages = pages, .spare = page };
	promised += places;
	return 0;
}

void pipe_ring_free(struct pipe_ring *r)
{
	for (u32 i = 0; i < r->places; i++)
		kfree(r->pages[i]);
	kfree(r->pages);
	kfree(r->spare);
	promised -= r->places;
}

/* => the place of byte AT */
static u8 **place_of(const struct pipe_ring *r, u32 at)
{
	return &r->pages[at / PAGE_SIZE & (r->places - 1)];
}

/* Gives the place of byte AT a page. => false without memory */
static bool fill_place(struct pipe_ring *r, u32 at)
{
	u8 **page = place_of(r, at);

	if (!*page) {
		*page = r->spare ? r->spare : alloc_wait(PAGE_SIZE);
		r->spare = NULL;
	}
	return *page;
}

/* The page of byte AT has been emptied: it becomes the spare one or is freed. */
static void empty_place(struct pipe_ring *r, u32 at)
{
	u8 **page = place_of(r, at);

	if (r->spare)
		kfree(*page);
	else
		r->spare = *page;
	*page = NULL;
}

u32 pipe_ring_room(const struct pipe_ring *r)
{
	u32 used = r->head == r->tail ? 0 : r->tail - ALIGN_DOWN(r->head, PAGE_SIZE);

	return r->places * PAGE_SIZE - used;
}

/* An empty ring continues at the start of a page, so that one page holds an atomic write. */
static void align_empty(struct pipe_ring *r)
{
	if (r->head == r->tail)
		r->head = r->tail = ALIGN_UP(r->tail, PAGE_SIZE);
}

static int fetch(const struct pipe_source *src, u32 at, u8 *to, u32 n)
{
	if (!src->kernel)
		return usercopy_in(to, src->user + at, n);
	memcpy(to, src->kernel + at, n);
	return 0;
}

s32 pipe_ring_push(struct pipe_ring *r, const struct pipe_source *src, u32 at, u32 n)
{
	align_empty(r);
	if (pipe_ring_room(r) < n)
		return 0;
	if (!fill_place(r, r->tail) || !fill_place(r, r->tail + n - 1))
		return -ENOMEM;
	for (u32 done = 0, part; done < n; done += part) {
		u32 offset = (r->tail + done) % PAGE_SIZE;

		part = MIN(n - done, PAGE_SIZE - offset);
		if (fetch(src, at + done, *place_of(r, r->tail + done) + offset, part) < 0)
			return -EFAULT;
	}
	r->tail += n;
	vmstat.msg_bytes += n;
	return n;
}

u32 pipe_ring_pull(struct pipe_ring *r, vaddr_t dst, u32 n)
{
	u32 done = 0, part;

	for (n = MIN(n, pipe_ring_bytes(r)); done < n; done += part) {
		u32 offset = r->head % PAGE_SIZE;

		part = MIN(n - done, PAGE_SIZE - offset);
		if (usercopy_out(dst + done, *place_of(r, r->head) + offset, part) < 0)
			break;
		r->head += part;
		if (r->head % PAGE_SIZE == 0 || r->head == r->tail)
			empty_place(r, r->head - 1);
	}
	vmstat.msg_bytes += done;
	return done;
}

/* Gives R an array PAGES of PLACES, which R owns from now on; frees the one before. */
static void exchange_places(struct pipe_ring *r, u8 **pages, u32 places)
{
	u32 first = r->head / PAGE_SIZE;

	for (u32 i = 0; i < r->places; i++) {
		u8 *page = *place_of(r, (first + i) * PAGE_SIZE);

		if (i < places)
			pages[(first + i) & (places - 1)] = page;
		else
			kfree(page); /* allocated for a piece that could not be copied */
	}
	kfree(r->pages);
	r->pages = pages;
	promised += places - r->places;
	r->places = places;
}

s32 pipe_ring_resize(struct pipe_ring *r, u32 bytes)
{
	u32 places = 1;
	u8 **pages;

	if (bytes > 1u << 31)
		return -EINVAL;
	while (places * PAGE_SIZE < bytes)
		places *= 2;
	if (places > PIPE_RING_MAX / PAGE_SIZE)
		return -EPERM;
	pages = alloc_places(places);
	if (!pages)
		return -ENOMEM;
	align_empty(r);
	if (r->tail - ALIGN_DOWN(r->head, PAGE_SIZE) > places * PAGE_SIZE) {
		kfree(pages);
		return -EBUSY;
	}
	if (places > r->places && !may_promise(places - r->places)) {
		kfree(pages);
		return -EPERM;
	}
	exchange_places(r, pages, places);
	return places * PAGE_SIZE;
}

u32 pipe_ring_held(const struct pipe_ring *r)
{
	u32 pages = r->spare != NULL;

	for (u32 i = 0; i < r->places; i++)
		pages += r->pages[i] != NULL;
	return r->places * sizeof(*r->pages) + pages * PAGE_SIZE;
}
