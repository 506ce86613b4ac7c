/*
 * Virtio disks as block devices: finding them, their time-outs and resets.
 *
 * A device does not report progress. When the oldest request times out, the device is notified again and
 * polled for some real time (a virtual machine's clock may run ahead of its disk), which recovers from a
 * lost notification or interrupt. After many such extensions the device is reset and its requests are
 * issued again. Requests that it completes during the reset count: an emulator finishes those that the
 * host has begun before it stops.
 *
 * The deadline of the block device is no later than that of its oldest request, but may be earlier: a
 * request that completes does not move it while others are in flight. virtio_disk_due() computes the
 * exact one.
 *
 * Sources: [VIRTIO] "Block Device", "Feature bits", "Device configuration layout", "Legacy
 * Interface: Device Configuration Space"; "PCI Device Discovery".
 */
#include "drivers/virtio/disk.h"

#include "drivers/irq.h"
#include "drivers/pci.h"
#include "drivers/virtio/blk.h"
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "mm/kmalloc.h"

enum { PRODUCT_LEGACY_DISK = 0x1001, PRODUCT_MODERN_DISK = 0x1042 };

enum { /* features */
	HAS_SIZE_MAX = 1 << 1, HAS_SEG_MAX = 1 << 2, HAS_READ_ONLY = 1 << 5, HAS_BLOCK_SIZE = 1 << 6,
	HAS_FLUSH = 1 << 9,
	KNOWN_FEATURES = HAS_SIZE_MAX | HAS_SEG_MAX | HAS_READ_ONLY | HAS_BLOCK_SIZE | HAS_FLUSH,
};

enum { /* configuration */
	CONFIG_SECTORS = 0, CONFIG_SIZE_MAX = 8, CONFIG_SEG_MAX = 12, CONFIG_BLOCK_SIZE = 20,
};

#define VIRTIO_DISKS_MAX 4                /* as many as have names in /dev */
#define VIRTIO_DISK_TIMEOUT 5000000000ull /* ns from a request to the first poll of its device */
#define VIRTIO_DISK_EXTENSION 20000000u   /* ns until the next poll */
#define VIRTIO_DISK_STRIKES 20            /* polls before the device is reset */
#define VIRTIO_DISK_LATE_POLLS 100000     /* reads of a register; about 0.1 s on a PC's bus */
#define VIRTIO_DISK_TRIES 3

static u32 virtio_disk_count;

static void virtio_disk_notify(const struct virtio_blk *d)
{
	virtio_disk_stats.notifications++;
	virtio_notify(&d->device);
}

static void virtio_disk_interrupt(void *disk)
{
	struct virtio_blk *d = disk;

	if (virtio_interrupted(&d->device))
		virtio_blk_serve(d);
}

static void virtio_disk_start(struct block_device *disk, struct io *io)
{
	struct virtio_blk *d = disk->driver;
	const struct virtio_blk_request *r;

	if (d->dead || (io->n == 0 && !d->flush)) {
		block_finished(disk, io, d->dead ? -EIO : 0);
		return;
	}
	r = virtio_blk_add(d, io);
	if (d->stopped)
		return;
	if (disk->in_flight == 1)
		block_set_deadline(disk, r->since + VIRTIO_DISK_TIMEOUT);
	if (virtqueue_needs_notification(&d->device.queue))
		virtio_disk_notify(d);
}

/* => the request that has been in the device longest; NULL: it has none */
static struct virtio_blk_request *virtio_disk_oldest(struct virtio_blk *d)
{
	struct virtio_blk_request *oldest = NULL;

	for (struct virtio_blk_request *r = d->requests; r < d->requests + d->disk.depth; r++) {
		if (r->io && (!oldest || r->since < oldest->since))
			oldest = r;
	}
	return oldest;
}

static void virtio_disk_watch(struct virtio_blk *d)
{
	const struct virtio_blk_request *r = virtio_disk_oldest(d);
	u64 soonest = clock_ns() + VIRTIO_DISK_EXTENSION;

	if (r)
		block_set_deadline(&d->disk, MAX(r->since + VIRTIO_DISK_TIMEOUT, soonest));
}

/* Completes requests as soon as the device has returned any, polling for about 0.1 s. */
static void virtio_disk_serve_late(struct virtio_blk *d)
{
	virtio_disk_notify(d);
	for (u32 i = 0; i < VIRTIO_DISK_LATE_POLLS; i++) {
		if (virtio_blk_serve(d)) {
			virtio_disk_stats.lost_interrupts++;
			return;
		}
		virtio_interrupted(&d->device);
	}
}

/* Fails the requests that cannot be issued again. */
static void virtio_disk_drop(struct virtio_blk *d)
{
	for (u32 i = 0; i < d->disk.depth; i++) {
		struct virtio_blk_request *r = &d->requests[i];

		if (r->io && (d->dead || r->tries == VIRTIO_DISK_TRIES))
			virtio_blk_end(d, r, -EIO);
	}
}

static void virtio_disk_reissue(struct virtio_blk *d)
{
	for (u32 i = 0; i < d->disk.depth; i++) {
		struct virtio_blk_request *r = &d->requests[i];

		if (r->io)
			virtio_blk_issue(d, r);
	}
	virtio_disk_notify(d);
}

static void virtio_disk_reset(struct virtio_blk *d)
{
	virtio_disk_stats.timeouts++;
	printk("disk %s does not answer: reset\n", d->name);
	d->stopped = true;
	d->dead = !virtio_reset(&d->device);
	virtio_blk_serve(d);
	if (!d->dead)
		d->dead = !virtio_run(&d->device);
	if (d->dead)
		printk("disk %s: given up\n", d->name);
	virtio_disk_drop(d);
	d->stopped = false;
	if (d->dead)
		return;
	virtio_blk_prepare(d);
	virtio_disk_reissue(d);
}

/* A request may have timed out. */
static void virtio_disk_due(struct block_device *disk)
{
	struct virtio_blk *d = disk->driver;
	struct virtio_blk_request *r = virtio_disk_oldest(d);
	u64 since = r ? r->since : WAIT_FOREVER;

	if (r && clock_ns() - since >= VIRTIO_DISK_TIMEOUT) {
		virtio_disk_serve_late(d);
		if (r->io && r->since == since && r->strikes++ == VIRTIO_DISK_STRIKES)
			virtio_disk_reset(d);
	}
	virtio_disk_watch(d);
}

static const struct block_ops virtio_disk_ops = {
	.start = virtio_disk_start,
	.due = virtio_disk_due,
};

/* => the size in whole pages. The device may change it meanwhile, so it is read until it is stable. */
static u32 virtio_disk_pages(const struct virtio_device *v)
{
	u32 low, high;

	do {
		low = virtio_config(v, CONFIG_SECTORS);
		high = virtio_config(v, CONFIG_SECTORS + 4);
	} while (virtio_config(v, CONFIG_SECTORS) != low);
	return (u32)MIN(((u64)high << 32 | low) / (PAGE_SIZE / VIRTIO_BLK_SECTOR), 0xFFFFFFFFu);
}

/* => NULL, or why runs of whole pages cannot be requested from it */
static const char *virtio_disk_limits(const struct virtio_device *v)
{
	if (virtio_disk_pages(v) == 0)
		return "it is smaller than a page";
	if ((v->features & HAS_BLOCK_SIZE) && virtio_config(v, CONFIG_BLOCK_SIZE) > PAGE_SIZE)
		return "its blocks are larger than a page";
	if ((v->features & HAS_SIZE_MAX) && virtio_config(v, CONFIG_SIZE_MAX) < PAGE_SIZE)
		return "it takes less than a page at once";
	if ((v->features & HAS_SEG_MAX) && virtio_config(v, CONFIG_SEG_MAX) < IO_MAX)
		return "it takes too few pages at once";
	return NULL;
}

/* => NULL, or why it cannot be used */
static const char *virtio_disk_open(struct virtio_blk *d, const struct pci_function *f)
{
	const char *why;

	if (f->product == PRODUCT_MODERN_DISK)
		return "it has only the modern interface (disable-legacy=off adds the other)";
	if (virtio_disk_count == VIRTIO_DISKS_MAX)
		return "there are too many";
	why = virtio_open(&d->device, f, KNOWN_FEATURES);
	if (!why)
		why = virtio_disk_limits(&d->device);
	if (!why)
		why = virtio_make_queue(&d->device, VIRTIO_BLK_CHAIN);
	if (!why && !virtio_run(&d->device))
		why = "its queue is gone after a reset";
	return why;
}

static void virtio_disk_register(struct virtio_blk *d)
{
	u32 depth = MIN(d->device.queue.size / VIRTIO_BLK_CHAIN, VIRTIO_BLK_DEPTH);
	u32 npages = virtio_disk_pages(&d->device);

	d->flush = d->device.features & HAS_FLUSH;
	d->disk.driver = d;
	d->disk.read_only = d->device.features & HAS_READ_ONLY;
	format(d->name, sizeof(d->name), "vd%c", 'a' + (int)virtio_disk_count++);
	block_register(&d->disk, d->name, npages, &virtio_disk_ops, depth);
	virtio_blk_prepare(d);
	irq_register(d->device.irq, virtio_disk_interrupt, d);
	printk_verbose("%s: virtio, %u MiB, %u requests at once%s%s\n", d->name, npages >> 8, depth,
		       d->flush ? ", with a cache" : "", d->disk.read_only ? ", read-only" : "");
}

static void virtio_disk_probe(const struct pci_function *f)
{
	struct virtio_blk *d = kzalloc(sizeof(*d));
	const char *why = d ? virtio_disk_open(d, f) : "there is no memory for it";

	if (!why) {
		virtio_disk_register(d);
		return;
	}
	printk("disks: the virtio disk at PCI %02x:%02x.%x is not used: %s\n", f->bus, f->device,
	       f->function, why);
	if (d && d->device.base)
		virtio_close(&d->device);
	kfree(d);
}

void virtio_disk_init(void)
{
	const struct pci_function *f = NULL;

	while ((f = pci_find_vendor(PCI_VENDOR_VIRTIO, f))) {
		if (f->product == PRODUCT_LEGACY_DISK || f->product == PRODUCT_MODERN_DISK)
			virtio_disk_probe(f);
	}
}
