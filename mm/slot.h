/*
 * Swap slots: places of one page each on a backing that mkswap has prepared.
 *
 * Slot numbers begin at 1 (slot 0 is the area's header and means "none"). Each has an owner (a struct anon) and the
 * checksum of what was written. A run of slots lies side by side on the disk, so that one request moves many pages.
 */
#pragma once

#include "kernel/base/types.h"

struct anon;
struct backing;

/*
 * Reads the header of an area and begins to use it. HEADER is page 0.
 * => 0, -EINVAL (no swap area, or one that lies), -ENOMEM, -EBUSY (there is one already)
 */
int slot_enable(struct backing *b, const void *header) MUST_CHECK;
bool slot_enabled(void);
struct backing *slot_backing(void);

/* CLOSED: no slot is given out any more, until it is opened again. => false: it was so already */
bool slot_close(bool closed);
bool slot_closed(void);
/* The area, closed and empty, is given up. */
void slot_disable(void);

u32 slot_total(void);  /* usable slots */
u32 slot_used(void);
u32 slot_available(void);
u32 slot_end(void);    /* slot numbers are below this */

/*
 * Takes up to WANT free slots that lie side by side, the i-th for OWNERS[i].
 * => how many, the first in *FIRST; 0 if none is free
 */
u32 slot_alloc_run(struct anon *const *owners, u32 want, u32 *first);
struct anon *slot_owner(u32 slot); /* NULL: free, bad, or its owner died while it was being read or written */
/* => the owner of the first slot from *SLOT on that has one, and its number in *SLOT; NULL: none */
struct anon *slot_next_owner(u32 *slot);
void slot_free(u32 slot);
/* The owner died during I/O: in use until the completer frees it. */
void slot_orphan(u32 slot);
/* It could not be written: never used again. */
void slot_mark_bad(u32 slot);

/* The checksum of what was written, kept in memory so that the disk cannot forge it. */
void slot_seal(u32 slot, const void *page);
bool slot_verify(u32 slot, const void *page);

/* When SLOT's page lost its frame, by the clock of refault.c. */
void slot_set_evicted(u32 slot, u32 time);
u32 slot_evicted(u32 slot);

/* More than half of the slots are in use: a page that comes in gives its slot back. */
bool slot_scarce(void);
