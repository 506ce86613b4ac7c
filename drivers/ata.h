/* The IDE disks of a PC, "hda" to "hdd" as block devices. Their counters are ide_stats in ide.h. */
#pragma once

#include "drivers/ide.h"

/*
 * Finds the controller and its disks and registers them. `disk=pio` on the command line: no DMA.
 * Called once, by a thread; may sleep for seconds where a disk is slow to answer.
 */
void ata_init(void);

/*
 * ata_probe.c: fills in the ports of the two channels.
 * => false: there is no IDE controller
 */
bool ata_probe_controller(struct ide_channel channels[2]);

/* ata_probe.c: asks D what it is; the channel's interrupts are off. d->npages = 0: no disk. */
void ata_probe_drive(struct ide_drive *d);

/* ata_probe.c: sets D's PIO block, anew after each reset; the channel's interrupts are off. */
void ata_probe_block(struct ide_drive *d);
