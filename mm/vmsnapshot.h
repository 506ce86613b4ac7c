/* The whole state of the memory manager as a part of the trace. */
#pragma once

/*
 * Emits regions, pages, entries, slots and frames as the events that would have made them (all classes, whatever is switched
 * on), between two lines `snapshot`. MORE (NULL: nothing) emits what the caller adds to them. Never sleeps, so the snapshot is
 * consistent.
 */
void vmsnapshot(void (*more)(void));
