/*
 * The rings of a split virtqueue (see queue.h).
 *
 * The device may be a thread on another processor. An x86 keeps stores in order, and loads too, so it is
 * enough that the compiler does not reorder them, with one exception: offering a chain and then testing
 * whether the device sleeps is a store before a load, which only a locked instruction keeps in order.
 *
 * Sources: [VIRTIO] "The Virtqueue Descriptor Table", "The Virtqueue Available Ring", "The
 * Virtqueue Used Ring", "Available Buffer Notification Suppression"; [SDM3] "Memory Ordering in P6
 * and More Recent Processor Families".
 */
#include "drivers/virtio/queue.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"

enum { VIRTQUEUE_NO_NOTIFY = 1 << 0 }; /* the used ring's flags */

/* The beginning of either ring; the entries follow. */
struct virtqueue_ring {
	u16 flags;
	u16 index;
	union {
		u16 offered[0];
		struct {
			u32 head;
			u32 bytes; /* written by the device; not needed, since a disk's requests have a known size */
		} done[0];
	};
};
STATIC_ASSERT(offsetof(struct virtqueue_ring, done) == 4, "the device's layout");

/* At the end of either ring there is a 16-bit word, which is not used here. */
#define RING_BYTES(size, entry) (sizeof(struct virtqueue_ring) + (size) * (entry) + sizeof(u16))

static u32 virtqueue_used_offset(u32 size)
{
	return ALIGN_UP(size * sizeof(struct virtqueue_desc) + RING_BYTES(size, 2), PAGE_SIZE);
}

u32 virtqueue_bytes(u32 size)
{
	return virtqueue_used_offset(size) + RING_BYTES(size, 8);
}

void virtqueue_init(struct virtqueue *q, void *memory, u16 size)
{
	u8 *at = memory;

	ASSERT(size && (size & (size - 1)) == 0);
	memset(memory, 0, virtqueue_bytes(size));
	q->size = size;
	q->taken = 0;
	q->descs = memory;
	q->available = (void *)(at + size * sizeof(struct virtqueue_desc));
	q->used = (void *)(at + virtqueue_used_offset(size));
}

static void virtqueue_keep_order(void)
{
	__asm__ volatile("" : : : "memory");
}

void virtqueue_offer(struct virtqueue *q, u16 head)
{
	volatile struct virtqueue_ring *ring = q->available;

	ASSERT_CMP(head, <, q->size);
	ring->offered[ring->index & (q->size - 1)] = head;
	virtqueue_keep_order();
	ring->index++;
}

bool virtqueue_needs_notification(const struct virtqueue *q)
{
	__asm__ volatile("lock; addl $0, (%%esp)" : : : "memory", "cc");
	return !(q->used->flags & VIRTQUEUE_NO_NOTIFY);
}

bool virtqueue_take(struct virtqueue *q, u32 *head)
{
	const volatile struct virtqueue_ring *ring = q->used;

	if (q->taken == ring->index)
		return false;
	virtqueue_keep_order();
	*head = ring->done[q->taken & (q->size - 1)].head;
	q->taken++;
	virtqueue_keep_order();
	return true;
}
