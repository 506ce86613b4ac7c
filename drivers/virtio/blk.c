/*
 * One virtio disk: issuing requests and completing them.
 *
 *          virtio_blk_add()               virtio_blk_issue()
 *   free ───────────────────> entry taken ─────────────────> in the device ──┐
 *     ^                           ^  (at once, unless it is being reset)     │
 *     │                           └── a reset, at most VIRTIO_DISK_TRIES - 1 ┤
 *     └── virtio_blk_end() ────── virtio_blk_serve(): used ring <────────────┘
 *
 * An error that the device reports is not retried: the host has done that. If the device returns a chain
 * that it does not have, that is counted as an error and otherwise ignored.
 *
 * Nothing here sleeps; all of it may run in an interrupt handler.
 *
 * Source: [VIRTIO] "Block Device", "Device Operation", "Legacy Interface: Device Operation".
 */
#include "drivers/virtio/blk.h"

#include "drivers/virtio/disk.h"
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "mm/frame.h"

enum { TYPE_READ = 0, TYPE_WRITE = 1, TYPE_FLUSH = 4 };
enum { STATUS_OK = 0, STATUS_NONE = 0xFF };
enum { AT_HEADER, AT_STATUS, AT_FRAMES }; /* descriptors of a chain */

struct virtio_disk_stats virtio_disk_stats;

static u32 virtio_blk_head(const struct virtio_blk *d, const struct virtio_blk_request *r)
{
	return (u32)(r - d->requests) * VIRTIO_BLK_CHAIN;
}

void virtio_blk_prepare(struct virtio_blk *d)
{
	for (u32 i = 0; i < d->disk.depth; i++) {
		const struct virtio_blk_request *r = &d->requests[i];
		struct virtqueue_desc *chain = &d->device.queue.descs[virtio_blk_head(d, r)];

		chain[AT_HEADER].address = ptr_to_paddr(&r->header);
		chain[AT_HEADER].bytes = sizeof(r->header);
		chain[AT_HEADER].flags = VIRTQUEUE_NEXT;
		chain[AT_STATUS].address = ptr_to_paddr((const void *)&r->status);
		chain[AT_STATUS].bytes = sizeof(r->status);
		chain[AT_STATUS].flags = VIRTQUEUE_WRITE;
	}
}

/* Links R's chain: header, frames, status. */
static void virtio_blk_fill(struct virtio_blk *d, struct virtio_blk_request *r)
{
	const struct io *io = r->io;
	u32 head = virtio_blk_head(d, r);
	struct virtqueue_desc *chain = &d->device.queue.descs[head], *last = &chain[AT_HEADER];
	u16 flags = VIRTQUEUE_NEXT | (io->op == IO_READ ? VIRTQUEUE_WRITE : 0);

	for (u32 i = 0; i < io->n; i++) {
		last->next = (u16)(head + AT_FRAMES + i);
		last = &chain[AT_FRAMES + i];
		last->address = frame_index(io->frames[i]) << PAGE_SHIFT;
		last->bytes = PAGE_SIZE;
		last->flags = flags;
	}
	last->next = (u16)(head + AT_STATUS);
	r->header.type = io->n == 0 ? TYPE_FLUSH : io->op == IO_READ ? TYPE_READ : TYPE_WRITE;
	r->header.sector = (u64)io->page * (PAGE_SIZE / VIRTIO_BLK_SECTOR);
	r->status = STATUS_NONE;
}

void virtio_blk_issue(struct virtio_blk *d, struct virtio_blk_request *r)
{
	ASSERT(r->io && !d->stopped);
	r->since = clock_ns();
	r->strikes = 0;
	virtio_blk_fill(d, r);
	virtio_disk_stats.commands++;
	virtio_disk_stats.retries += r->tries++ > 0;
	virtqueue_offer(&d->device.queue, (u16)virtio_blk_head(d, r));
}

struct virtio_blk_request *virtio_blk_add(struct virtio_blk *d, struct io *io)
{
	struct virtio_blk_request *r = d->requests;

	while (r->io)
		r++;
	ASSERT_CMP(r - d->requests, <, d->disk.depth);
	r->io = io;
	r->tries = 0;
	if (!d->stopped)
		virtio_blk_issue(d, r);
	return r;
}

void virtio_blk_end(struct virtio_blk *d, struct virtio_blk_request *r, int error)
{
	struct io *io = r->io;

	r->io = NULL;
	if (d->disk.in_flight == 1)
		block_set_deadline(&d->disk, WAIT_FOREVER);
	block_finished(&d->disk, io, error);
}

/* The device has returned the chain that begins at descriptor HEAD. */
static void virtio_blk_complete(struct virtio_blk *d, u32 head)
{
	u32 entry = head / VIRTIO_BLK_CHAIN;
	struct virtio_blk_request *r;

	if (entry >= d->disk.depth || head % VIRTIO_BLK_CHAIN || !d->requests[entry].io) {
		virtio_disk_stats.errors++;
		return;
	}
	r = &d->requests[entry];
	if (r->status != STATUS_OK) {
		virtio_disk_stats.errors++;
		r->io->device_private = r->status;
	}
	virtio_blk_end(d, r, r->status == STATUS_OK ? 0 : -EIO);
}

bool virtio_blk_serve(struct virtio_blk *d)
{
	bool any = false;
	u32 head;

	while (virtqueue_take(&d->device.queue, &head)) {
		virtio_blk_complete(d, head);
		any = true;
	}
	return any;
}
