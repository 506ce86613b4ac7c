/*
 * One virtio disk: the layout of its requests, and its state. blk.c is the command engine; disk.c finds
 * the disks, registers them as block devices, and handles their time-outs.
 *
 * The queue is divided into as many fixed chains of descriptors as fit. Each entry of `requests` has
 * the chain with the same index:
 *
 *   descriptor      0         1         2         3     ...   33
 *                 header    status    frame     frame   ...  frame
 *
 *   the chain     header ──> each frame of the request ──> status        (a flush has no frames)
 *
 * Source: [VIRTIO] "Block Device", "Legacy Interface: Framing Requirements".
 */
#pragma once

#include "drivers/block.h"
#include "drivers/virtio/virtio.h"

enum {
	VIRTIO_BLK_CHAIN = 2 + IO_MAX, /* descriptors of a request */
	VIRTIO_BLK_DEPTH = 8,          /* the most requests in the device */
};

#define VIRTIO_BLK_SECTOR 512u

struct virtio_blk_request {
	struct { /* read by the device before the data */
		u32 type;
		u32 reserved;
		u64 sector;
	} header;
	volatile u8 status; /* written by the device at the end */
	u8 tries;           /* how often it was issued */
	u8 strikes;         /* extensions of its deadline */
	u64 since;          /* clock_ns() when it was last issued */
	struct io *io;      /* NULL: free */
};

struct virtio_blk {
	struct block_device disk;
	struct virtio_device device;
	bool flush;   /* it has a write cache that can be flushed */
	bool stopped; /* it is being reset: new requests are not issued */
	bool dead;    /* a reset has failed */
	char name[4];
	struct virtio_blk_request requests[VIRTIO_BLK_DEPTH]; /* the first disk.depth are used */
};

/* Fills in the parts of each chain that never change. Needed after each virtio_run(). */
void virtio_blk_prepare(struct virtio_blk *d);

/*
 * Stores IO in a free entry, which must exist, and issues it unless the device is stopped. Does not
 * notify the device. => the entry
 */
struct virtio_blk_request *virtio_blk_add(struct virtio_blk *d, struct io *io);

/* Issues R, for the first time or again, without notifying the device. */
void virtio_blk_issue(struct virtio_blk *d, struct virtio_blk_request *r);

/* Finishes R's request with ERROR, 0 or -EIO, and frees R. May start the next request. */
void virtio_blk_end(struct virtio_blk *d, struct virtio_blk_request *r, int error);

/* Completes the requests that the device has returned. => false: none */
bool virtio_blk_serve(struct virtio_blk *d);
