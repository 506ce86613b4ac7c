/*
 * A split virtqueue: the queue through which requests go to a virtio device and come back.
 *
 *   descriptors   pieces of memory, linked to chains: one chain for a request
 *   available     ring of chains that the driver offers, in order
 *   used          ring of chains that the device has completed, in any order
 *
 * All three lie in memory that the device accesses by itself. Each ring has an index that only grows.
 * Its writer advances the index when an entry is complete, and its reader follows.
 *
 * Source: [VIRTIO] Virtual I/O Device (VIRTIO) Version 1.1, "Split Virtqueues", "Legacy Interfaces:
 * A Note on Virtqueue Layout".
 */
#pragma once

#include "kernel/base/types.h"
#include "mm/layout.h"

enum { /* virtqueue_desc.flags */
	VIRTQUEUE_NEXT = 1 << 0,  /* `next` is the next descriptor of the chain */
	VIRTQUEUE_WRITE = 1 << 1, /* the device writes to this memory, else it reads from it */
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
	u16 taken; /* entries of the used ring that have been read */
	struct virtqueue_desc *descs;
	volatile struct virtqueue_ring *available;
	const volatile struct virtqueue_ring *used;
};

/* => bytes of memory for a queue of SIZE descriptors */
u32 virtqueue_bytes(u32 size);

/* Initialises Q as an empty queue of SIZE descriptors in MEMORY, of virtqueue_bytes(), at the start of a frame. */
void virtqueue_init(struct virtqueue *q, void *memory, u16 size);

/* Offers the chain that begins at descriptor HEAD: it is the device's until that returns it. */
void virtqueue_offer(struct virtqueue *q, u16 head);

/* After virtqueue_offer(). => true: the device must be notified; false: it is reading the queue anyhow */
bool virtqueue_needs_notification(const struct virtqueue *q);

/*
 * Takes the next chain that the device has returned.
 * => false: none; true: *HEAD is the first descriptor according to the device, which is not checked
 */
bool virtqueue_take(struct virtqueue *q, u32 *head);
