/*
 * A virtio device on PCI through its legacy interface: registers in one range of I/O ports, and one
 * queue.
 *
 * Legacy, because it needs only ports, and emulators that offer the modern interface on a conventional
 * PCI bus offer this one too ("transitional"). A device with only the modern interface is reported at
 * boot and not used.
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
 * Resets the device at F and negotiates features: those of WANTED (bits) that it offers, in `features`.
 * => NULL, or why it cannot be used; sleeps if the device is slow
 */
const char *virtio_open(struct virtio_device *v, const struct pci_function *f, u32 wanted);

/*
 * Allocates queue 0, which must have at least NEEDED descriptors. Does not start the device.
 * => NULL, or why it cannot be used
 */
const char *virtio_make_queue(struct virtio_device *v, u32 needed);

/* For a device that cannot be used after virtio_open(): resets it and frees its queue. Sleeps. */
void virtio_close(struct virtio_device *v);

/* Starts the device, which must have been reset, with an empty queue. => false: its queue has another size now */
bool virtio_run(struct virtio_device *v);

/*
 * Stops the device: it accesses no memory any more. The used ring contains the requests that it has
 * completed. => false: it does not stop; sleeps
 */
bool virtio_reset(struct virtio_device *v);

/* Notifies the device that its queue has new entries. */
void virtio_notify(const struct virtio_device *v);

/* Reads and clears the reason for an interrupt, which lowers the line. => false: it is not from this device */
bool virtio_interrupted(const struct virtio_device *v);

/* => 32 bits of the device-specific configuration at byte OFFSET */
u32 virtio_config(const struct virtio_device *v, u32 offset);
