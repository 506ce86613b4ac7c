/*
 * The virtio disks of a virtual machine, "vda" to "vdd" as block devices. A kernel may be linked without this folder
 * (`make core`): then the address of what is declared here is NULL.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * Finds the disks on PCI and registers them, in the order of their places there. Says in words
 * which it cannot use. Called once, by a thread; may sleep for seconds where a device is slow to
 * answer.
 */
void virtio_disk_init(void) __attribute__((weak));

/* Over all disks since boot. */
struct virtio_disk_stats {
	u64 commands;        /* given to a device, retries included */
	u64 notifications;   /* that a device has something to do: exits to the emulator */
	u64 errors;          /* commands that a device ended with an error */
	u64 retries;         /* commands given again after a reset */
	u64 timeouts;        /* resets of a device that did not answer */
	u64 lost_interrupts; /* times that the look after a time-out found something finished */
};

extern struct virtio_disk_stats virtio_disk_stats __attribute__((weak));
