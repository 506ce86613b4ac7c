/*
 * Writing a file's dirty pages back to it: on request (msync, fsync, sync), after some time, or to evict them.
 */
#pragma once

#include "kernel/base/wait.h"
#include "mm/memobj.h"

struct frame;

/* Writes the dirty pages in [FIRST, END) of a file, stores through mappings included, and waits for it. Sleeps. */
void writeback_range(struct memobj *obj, u32 first, u32 end);

/* => 0, or -EIO: a page of the file could not be written since the last call */
int writeback_error(struct memobj *obj);

/* => is a page of the file dirty, or being written? */
bool writeback_needed(struct memobj *obj);

/*
 * Evicts F, dirty, unmapped, unpinned and in no policy's set: writes it, with the dirty pages beside it (which stay in memory),
 * and frees it then. => false: no request is free, nothing has changed; never sleeps
 */
bool writeback_evict(struct frame *f);

/* Where the kernel's thread that writes everything back now and then sleeps; woken when a file was unmapped. */
extern struct waitq writeback_wanted;
