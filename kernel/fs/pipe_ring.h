/* The contents of a pipe: a ring of pages, allocated and freed as bytes come and go. All calls need the pipe's lock. */
#pragma once

#include "kernel/base/types.h"
#include "mm/layout.h"

#define PIPE_RING_MAX (1u << 20) /* bytes; for root too, since these pages cannot be evicted */

struct pipe_ring {
	u32 head, tail; /* tail - head bytes are inside; both wrap around */
	u32 places;     /* for pages; a power of two */
	u8 **pages;     /* of each place, or NULL */
	u8 *spare;      /* an empty page in no place */
};

/* Where a writer's bytes are: in user memory, or (not NULL) in the kernel's. */
struct pipe_source {
	vaddr_t user;
	const u8 *kernel;
};

/* An empty ring of the usual size. => 0, -ENOMEM; may sleep */
int pipe_ring_init(struct pipe_ring *r);
void pipe_ring_free(struct pipe_ring *r);

static inline u32 pipe_ring_bytes(const struct pipe_ring *r)
{
	return r->tail - r->head;
}

/* => bytes that can be written now */
u32 pipe_ring_room(const struct pipe_ring *r);
/* Writes N > 0 bytes, 4096 at most, from byte AT of SRC. May sleep. => N, 0: no room now, -ENOMEM, -EFAULT */
s32 pipe_ring_push(struct pipe_ring *r, const struct pipe_source *src, u32 at, u32 n);
/* Reads at most N bytes to DST. May sleep. => how many; fewer than there are: the user's memory ended */
u32 pipe_ring_pull(struct pipe_ring *r, vaddr_t dst, u32 n);

/*
 * Sets R's capacity to BYTES, rounded up to a power of two of pages. May sleep.
 * => its size, -EINVAL: more than 2 GiB, -EPERM: more than PIPE_RING_MAX or than all pipes may hold, -EBUSY: more is inside,
 * -ENOMEM; nothing has changed after an error
 */
s32 pipe_ring_resize(struct pipe_ring *r, u32 bytes);
/* => bytes of the kernel's memory in R */
u32 pipe_ring_held(const struct pipe_ring *r);
