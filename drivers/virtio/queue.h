/*
 * A split virtqueue: how requests go to a virtio device and come back.
 *
 *   descriptors   pieces of memory, chained: what one request consists of
 *   available     ring of chains that the driver offers, in order
 *   used          ring of chains that the device has done with, in any order
 *
 * All three lie in memory that the device reads and writes by itself. Each ring has an index that
 * only grows; whoever owns the ring moves it on when the entry behind it is complete, and the other
 * side follows.
 *
 * Source: [VIRTIO] Virtual I/O Device (VIRTIO) Version 1.1, "Split Virtqueues", "Legacy Interfaces:
 * A Note on Virtqueue Layout".
 */
#pragma once

#include "kernel/base/types.h"
#include "mm/layout.h"

enum { /* virtqueue_desc.flags */
	VIRTQUEUE_NEXT = 1 << 0,  /* `next` is the chain's next piece */
	VIRTQUEUE_WRITE = 1 << 1, /* the device writes there, else it reads */
};

struct virtqueue_desc {
	u64 address;
	u32 bytes;
	u16 flags;
	u16 next;
};
STATIC_ASSERT(sizeof(struct virtqueue_desc) == 16, "the device's layout");

struct virtqueue {
	u16 size;  /* descriptors, and entries in either ring: a power of two */
	u16 taken; /* how far the used ring has been read */
	struct virtqueue_desc *descs;
	volatile struct virtqueue_ring *available;
	const volatile struct virtqueue_ring *used;
};

/* => bytes of memory for a queue of SIZE descriptors */
u32 virtqueue_bytes(u32 size);

/*
 * Makes Q an empty queue of SIZE descriptors in MEMORY: virtqueue_bytes(), from a frame's beginning.
 */
void virtqueue_init(struct virtqueue *q, void *memory, u16 size);

/* The chain that begins at descriptor HEAD is the device's from now on. */
void virtqueue_offer(struct virtqueue *q, u16 head);

/* After virtqueue_offer(): must the device be told? Not while it looks at the queue anyhow. */
bool virtqueue_wants_notice(const struct virtqueue *q);

/*
 * Takes the next chain that the device has done with.
 * => false: none; true: *HEAD is what the device says, true or not
 */
bool virtqueue_take(struct virtqueue *q, u32 *head);
