/* The whole state of the memory manager as a part of the trace. */
#pragma once

/*
 * Tells regions, pages, entries, slots and frames in the words of the events that would have made
 * them (all classes, whatever is switched on), between the two lines `snapshot`. Never sleeps, so
 * it is of one moment.
 */
void vmsnapshot(void);
