/*
 * The virtio disks of a virtual machine, "vda" to "vdd" as block devices. A kernel may be linked without this folder
 * (`make core`): then the address of what is declared here is NULL.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * Finds the disks on PCI and registers them, in the order of their addresses there. Prints a line for
 * each one that cannot be used. Called once, by a thread; sleeps, for seconds if a device is slow.
 */
void virtio_disk_init(void) __attribute__((weak));

/* For all disks since boot. */
struct virtio_disk_stats {
	u64 commands;        /* issued to a device, including retries */
	u64 notifications;   /* of a device that it has new requests: exits to the emulator */
	u64 errors;          /* commands that a device ended with an error */
	u64 retries;         /* commands issued again after a reset */
	u64 timeouts;        /* resets of a device that did not answer */
	u64 lost_interrupts; /* times that polling after a time-out found a completed request */
};

extern struct virtio_disk_stats virtio_disk_stats __attribute__((weak));
