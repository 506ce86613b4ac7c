/*
 * Pipes: a stream of bytes from writers to readers.
 *
 * The bytes are in a ring of pages. `head` and `tail` count the bytes that were read and written; byte number P is in
 * page P / 4096 modulo the number of pages. A page is allocated when a byte is written to it and freed when its last
 * byte has been read; only the first one stays, and an empty pipe starts there again: so it can be written to when no
 * memory is left.
 *
 *            head              tail
 *              v                v
 *   [ . . . . #|# # # # # #|# # # . . . .|         ]
 *       page 0     page 1      page 2      no page
 *
 * None of these pages can be evicted. All pipes together may hold a quarter of memory. When their sizes add up to that,
 * a new pipe gets only one page, and none can be enlarged.
 */
#pragma once

#include "kernel/fs/inode.h"
#include "kernel/fs/sleeplock.h"
#include "mm/layout.h"

#define PIPE_PAGES 16u           /* of a new pipe, as on Linux: 64 KiB */
#define PIPE_SIZE_MAX (1u << 20) /* in bytes; unlike on Linux it binds root too, since these pages cannot be evicted */

struct pipe {
	struct inode inode;
	u32 head, tail;          /* tail - head bytes are inside; both wrap around */
	u32 npages;              /* length of the ring; a power of two */
	u8 **pages;              /* the ring; NULL: not allocated now */
	u32 readers, writers;    /* open ends */
	struct sleeplock lock;   /* held while bytes move */
	struct waitq readable;   /* bytes were written, or an end was closed, */
	struct waitq writable;   /* bytes were read, or an end was closed */
};

static inline struct pipe *pipe_of(const struct inode *inode)
{
	return container_of(inode, struct pipe, inode);
}

static inline u32 pipe_bytes(const struct pipe *p)
{
	return p->tail - p->head;
}

/* => bytes of the ring in use: a page is used again only when all of it has been read */
static inline u32 pipe_used(const struct pipe *p)
{
	return p->tail - ALIGN_DOWN(p->head, PAGE_SIZE);
}

/* => the page that byte number AT belongs in */
static inline u8 **pipe_page(const struct pipe *p, u32 at)
{
	return &p->pages[at / PAGE_SIZE & (p->npages - 1)];
}

/* --- pipe_size.c --- */

/* => true: all pipes together may have NPAGES more */
bool pipe_may_have(u32 npages);
/* The ring of a pipe, which had BEFORE pages, has AFTER now. */
void pipe_count_pages(u32 before, u32 after);
/* => a ring for NPAGES pages, none of them allocated; NULL: out of memory; may sleep */
u8 **pipe_alloc_ring(u32 npages);

/* Of file_ops; held is the same for both ends. */
u32 pipe_ready(struct file *f);
struct waitq *pipe_changes(struct file *f);
s32 pipe_ioctl(struct file *f, u32 request, u32 argument);
u32 pipe_held(const struct file *f);

/* => the capacity of F's pipe in bytes; -EBADF: F is no pipe */
s32 pipe_size(const struct file *f);
/*
 * Sets the capacity of F's pipe to BYTES, rounded up to a power of two of pages. May sleep.
 * => the new capacity; -EBADF; -EINVAL: more than 2 GiB; -EPERM: more than PIPE_SIZE_MAX, or than all pipes may hold;
 *    -EBUSY: more is inside; -ENOMEM; -EINTR: the task is killed; nothing has changed after an error
 */
s32 pipe_set_size(struct file *f, u32 bytes);
