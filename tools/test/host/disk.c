/*
 * A disk whose requests end late and in random order, and which moves the data, of writes too, only at the very end:
 * a frame that is reused too early makes it write the wrong page.
 */
#include "host.h"
#include "kernel/base/errno.h"
#include "mm/slot.h"

#define WAITING 32

struct disk {
	struct backing backing;
	char *bytes;
};

static struct {
	struct disk *disk;
	struct io *io;
} waiting[WAITING];
static u32 waiting_count, finished;

u32 host_disk_fail_every;
bool host_disk_hold;

static void submit(struct backing *b, struct io *io)
{
	CHECK(waiting_count < WAITING && io->n >= 1 && io->n <= IO_MAX);
	CHECK(io->page < b->npages && io->n <= b->npages - io->page);
	waiting[waiting_count].disk = container_of(b, struct disk, backing);
	waiting[waiting_count++].io = io;
}

static const struct backing_ops ops = { .submit = submit };

struct backing *host_disk(u32 npages)
{
	struct disk *d = calloc(1, sizeof(*d));

	CHECK(d);
	d->bytes = calloc(npages, PAGE_SIZE);
	CHECK(d->bytes);
	d->backing = (struct backing){ .ops = &ops, .npages = npages, .name = "fake" };
	return &d->backing;
}

void *host_disk_page(struct backing *b, u32 page)
{
	return container_of(b, struct disk, backing)->bytes + (size_t)page * PAGE_SIZE;
}

static void move(struct disk *d, struct io *io)
{
	for (u32 i = 0; i < io->n; i++) {
		void *here = frame_ptr(io->frames[i]);
		void *there = host_disk_page(&d->backing, io->page + i);

		if (io->op == IO_READ)
			memcpy(here, there, PAGE_SIZE);
		else
			memcpy(there, here, PAGE_SIZE);
	}
}

bool host_disk_finish_one(void)
{
	u32 i;
	struct io *io;

	if (!waiting_count)
		return false;
	i = host_random(waiting_count);
	io = waiting[i].io;
	finished++;
	if (host_disk_fail_every && finished % host_disk_fail_every == 0)
		io->error = -EIO;
	if (!io->error || io->op == IO_READ)
		move(waiting[i].disk, io); /* a read that has failed may look as if it had not */
	waiting[i] = waiting[--waiting_count];
	io->done(io);
	return true;
}

void host_disk_finish_all(void)
{
	while (host_disk_finish_one())
		;
}

void host_swap_header(void *page, u32 last)
{
	u32 *info = (u32 *)((char *)page + 1024);

	memset(page, 0, PAGE_SIZE);
	info[0] = 1;
	info[1] = last;
	memcpy((char *)page + PAGE_SIZE - 10, "SWAPSPACE2", 10);
}

void host_swap(u32 npages)
{
	struct backing *b = host_disk(npages);

	host_swap_header(host_disk_page(b, 0), npages - 1);
	CHECK(slot_enable(b, host_disk_page(b, 0)) == 0);
}
