/* The IDE disks of a PC, "hda" to "hdd" as block devices. Their counters are ide_stats in ide.h. */
#pragma once

#include "drivers/ide.h"

/*
 * Finds the controller and its disks and registers them. `disk=pio` on the command line: no DMA.
 * Called once, by a thread; sleeps, for seconds if a disk answers slowly.
 */
void ata_init(void);

/*
 * ata_probe.c: finds the controller and fills in the ports of its two channels.
 * => false: there is no IDE controller
 */
bool ata_probe_controller(struct ide_channel channels[2]);

/* ata_probe.c: identifies D, with the channel's interrupts off. d->npages is 0 then if there is no disk. Sleeps. */
void ata_probe_drive(struct ide_drive *d);

/* ata_probe.c: sets D's block size for PIO, needed after each reset; the channel's interrupts are off. */
void ata_probe_block(struct ide_drive *d);
