/*
 * A virtio device on PCI through its legacy interface: registers behind one range of I/O ports, one
 * queue.
 *
 * Legacy, because it needs nothing but ports, and every emulator that offers the modern interface
 * on a plain PCI bus offers this one beside it ("transitional"). Who offers only the modern one
 * says so at boot and is not used.
 *
 * Source: [VIRTIO] Virtual I/O Device (VIRTIO) Version 1.1, "Virtio Over PCI Bus", "Legacy
 * Interfaces: A Note on PCI Device Layout".
 */
#pragma once

#include "drivers/virtio/queue.h"

struct pci_function;

struct virtio_device {
	u16 base;        /* I/O ports */
	u8 irq;          /* the interrupt line, shared with others */
	u32 features;    /* offered, and wanted by the driver */
	void *memory;    /* of the queue */
	struct virtqueue queue;
};

/*
 * Begins with a device: reset, and its features held against WANTED (bits); `features` is what both
 * know.
 * => NULL, or why it cannot be used; sleeps if the device is slow
 */
const char *virtio_open(struct virtio_device *v, const struct pci_function *f, u32 wanted);

/*
 * Takes memory for queue 0, which must have at least NEEDED descriptors. The device does not run
 * yet.
 * => NULL, or why it cannot be used
 */
const char *virtio_make_queue(struct virtio_device *v, u32 needed);

/* The device is not wanted after all: it stands still, its memory is given back. Sleeps. */
void virtio_close(struct virtio_device *v);

/* The device runs, on an empty queue. It was reset before. => false: it has lost its queue */
bool virtio_run(struct virtio_device *v);

/*
 * Stops the device; it touches no memory any more. What it has finished until then stands in the
 * used ring.
 * => false: it does not stop; sleeps
 */
bool virtio_reset(struct virtio_device *v);

/* Tells the device that the queue holds something new. */
void virtio_notify(const struct virtio_device *v);

/* Reads the reasons for an interrupt, which lowers the line. => false: it was not this device's */
bool virtio_interrupted(const struct virtio_device *v);

/* 32 bits of the configuration that depends on the kind of device, from byte OFFSET on. */
u32 virtio_config(const struct virtio_device *v, u32 offset);
