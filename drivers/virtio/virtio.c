/*
 * The legacy interface of virtio on PCI (see virtio.h).
 *
 * A device is initialised in this order: reset, status ACKNOWLEDGE, DRIVER, features, queue, status
 * DRIVER_OK. The device determines the size of its queue, which lies in contiguous frames.
 *
 * Sources: [VIRTIO] "Legacy Interface: Device Initialization", "Legacy Interfaces: A Note on PCI
 * Device Layout", "Device Status Field".
 */
#include "drivers/virtio/virtio.h"

#include "drivers/pci.h"
#include "drivers/pic.h"
#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/wait.h"
#include "mm/frame.h"

enum { /* from virtio_device.base */
	VIRTIO_OFFERED = 0x00, VIRTIO_ACCEPTED = 0x04,
	VIRTIO_QUEUE_FRAME = 0x08, VIRTIO_QUEUE_SIZE = 0x0C, VIRTIO_QUEUE_SELECT = 0x0E,
	VIRTIO_QUEUE_NOTIFY = 0x10,
	VIRTIO_STATUS = 0x12, VIRTIO_ISR = 0x13,
	VIRTIO_CONFIG = 0x14, /* without MSI-X */
};

enum { /* VIRTIO_STATUS; 0 resets */
	STATUS_ACKNOWLEDGE = 1 << 0, STATUS_DRIVER = 1 << 1, STATUS_DRIVER_OK = 1 << 2,
};

#define RESET_PATIENCE 3000 /* ms */

bool virtio_reset(struct virtio_device *v)
{
	struct waitq never_woken = WAITQ_INIT(never_woken);

	cpu_out8(v->base + VIRTIO_STATUS, 0);
	for (u32 ms = 0; ms < RESET_PATIENCE && cpu_in8(v->base + VIRTIO_STATUS); ms++)
		wait_on_until(&never_woken, clock_ns() + 1000000);
	cpu_in8(v->base + VIRTIO_ISR);
	return cpu_in8(v->base + VIRTIO_STATUS) == 0;
}

static void virtio_set_features(const struct virtio_device *v)
{
	cpu_out8(v->base + VIRTIO_STATUS, STATUS_ACKNOWLEDGE);
	cpu_out8(v->base + VIRTIO_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	cpu_out32(v->base + VIRTIO_ACCEPTED, v->features);
}

const char *virtio_open(struct virtio_device *v, const struct pci_function *f, u32 wanted)
{
	v->base = (u16)pci_bar(f, 0, PCI_IO);
	v->irq = pci_interrupt_line(f);
	if (!v->base)
		return "it has no I/O ports (legacy interface)";
	if (!v->irq || v->irq >= PIC_LINES)
		return "the firmware gave it no interrupt line";
	pci_enable(f, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
	if (!virtio_reset(v))
		return "it cannot be reset";
	v->features = cpu_in32(v->base + VIRTIO_OFFERED) & wanted;
	virtio_set_features(v);
	return NULL;
}

static u32 virtio_queue_size(const struct virtio_device *v)
{
	cpu_out16(v->base + VIRTIO_QUEUE_SELECT, 0);
	return cpu_in16(v->base + VIRTIO_QUEUE_SIZE);
}

static struct frame *virtio_alloc(u32 bytes)
{
	u32 order = 0;

	while (PAGE_SIZE << order < bytes)
		order++;
	return frame_alloc(FRAME_KERNEL, order, FRAME_FOR_KERNEL);
}

const char *virtio_make_queue(struct virtio_device *v, u32 needed)
{
	u32 size = virtio_queue_size(v);
	struct frame *f;

	if (size < needed || (size & (size - 1)))
		return size ? "its queue is too short" : "it has no queue";
	f = virtio_alloc(virtqueue_bytes(size));
	if (!f)
		return "there is no memory for its queue";
	v->memory = frame_ptr(f);
	virtqueue_init(&v->queue, v->memory, (u16)size);
	return NULL;
}

void virtio_close(struct virtio_device *v)
{
	/* If the device does not stop, it may still write to its queue, so that is not freed. */
	if (!virtio_reset(v) || !v->memory)
		return;
	frame_free(frame_of_ptr(v->memory));
	v->memory = NULL;
}

bool virtio_run(struct virtio_device *v)
{
	ASSERT(v->memory);
	virtio_set_features(v);
	if (virtio_queue_size(v) != v->queue.size)
		return false;
	virtqueue_init(&v->queue, v->memory, v->queue.size);
	cpu_out32(v->base + VIRTIO_QUEUE_FRAME, ptr_to_paddr(v->memory) >> PAGE_SHIFT);
	cpu_out8(v->base + VIRTIO_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK);
	return true;
}

void virtio_notify(const struct virtio_device *v)
{
	cpu_out16(v->base + VIRTIO_QUEUE_NOTIFY, 0);
}

bool virtio_interrupted(const struct virtio_device *v)
{
	return cpu_in8(v->base + VIRTIO_ISR) != 0;
}

u32 virtio_config(const struct virtio_device *v, u32 offset)
{
	return cpu_in32(v->base + VIRTIO_CONFIG + offset);
}
