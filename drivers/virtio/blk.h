/*
 * One virtio disk: the layout of its requests and configuration, and its state (drivers/virtio/blk.c is the
 * command engine, drivers/virtio/disk.c finds disks, watches over their time, and makes block devices of
 * them).
 *
 * The queue is cut into as many fixed chains of descriptors as fit; a request has one of them, and
 * its place says which:
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
	VIRTIO_BLK_DEPTH = 8,          /* requests in the device at most */
};

#define VIRTIO_BLK_SECTOR 512u

struct virtio_blk_request {
	struct { /* what the device reads first */
		u32 type;
		u32 reserved;
		u64 sector;
	} header;
	volatile u8 status; /* what it writes last */
	u8 tries;           /* times that it was given */
	u8 strikes;         /* time-outs that were not believed */
	u64 since;          /* clock_ns() when it was given last */
	struct io *io;      /* NULL: free */
};

struct virtio_blk {
	struct block_device disk;
	struct virtio_device device;
	bool flush;   /* it has a cache and can write it out */
	bool stopped; /* it is being reset: requests only take their places */
	bool dead;    /* not even a reset helped */
	char name[4];
	struct virtio_blk_request requests[VIRTIO_BLK_DEPTH]; /* as many as disk.depth are used */
};

/* Prepares what all requests of a chain have in common. Anew after each virtio_run(). */
void virtio_blk_prepare(struct virtio_blk *d);

/*
 * IO takes a free place (there is one) and goes to the device, if that runs; it is not told.
 * => the place
 */
struct virtio_blk_request *virtio_blk_take(struct virtio_blk *d, struct io *io);

/* Gives R, which holds a request, to the device, for the first time or again. */
void virtio_blk_give(struct virtio_blk *d, struct virtio_blk_request *r);

/* R's request has come to its end; its place is free. ERROR: 0 or -EIO. May start the next. */
void virtio_blk_end(struct virtio_blk *d, struct virtio_blk_request *r, int error);

/* Ends what the device has done with. => false: nothing */
bool virtio_blk_serve(struct virtio_blk *d);
