/*
 * Writing a file's dirty pages back to it: because somebody asks (msync, fsync, sync), because time has passed, or because
 * a frame is wanted.
 */
#pragma once

#include "kernel/base/wait.h"
#include "mm/memobj.h"

struct frame;

/* Writes what is dirty in pages [FIRST, END) of a file, stores through mappings included, and waits for it. Sleeps. */
void writeback_range(struct memobj *obj, u32 first, u32 end);

/* => 0, or -EIO: a page of the file could not be written since this was asked last */
int writeback_error(struct memobj *obj);

/* Is a page of the file dirty, or being written? */
bool writeback_needed(struct memobj *obj);

/*
 * F, unmapped, unpinned and in no policy's set, is dirty and leaves: it is written, with the dirty pages beside it (which
 * stay), and freed then. => false: no request to be had, nothing has changed; never sleeps
 */
bool writeback_evict(struct frame *f);

/* Where kernel/'s thread sleeps that writes everything back now and then; woken when a file was unmapped. */
extern struct waitq writeback_wanted;
