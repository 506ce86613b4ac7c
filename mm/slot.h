/*
 * Swap slots: places of one page each on a backing that mkswap has prepared.
 *
 * Slot numbers begin at 1 (page 0 is the area's header, and slot 0 means "none"). A slot in use has an owner (a struct anon) and
 * the checksum of its contents. The slots of a run lie side by side on the disk, so that one request moves many pages.
 */
#pragma once

#include "kernel/base/types.h"

struct anon;
struct backing;

/*
 * Reads the header of a swap area and begins to use it. HEADER is page 0.
 * => 0, -EINVAL (no swap area, or an invalid one), -ENOMEM, -EBUSY (one is in use already)
 */
int slot_enable(struct backing *b, const void *header) MUST_CHECK;
bool slot_enabled(void);
struct backing *slot_backing(void);

/* Closes the area, so that no slot is allocated, or opens it again. => false: it was so already */
bool slot_close(bool closed);
bool slot_closed(void);
/* Ends the use of the area, which is closed and empty. */
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
struct anon *slot_owner(u32 slot); /* NULL: free, bad or an orphan */
/* => the owner of the first slot from *SLOT on that has one, and its number in *SLOT; NULL: none */
struct anon *slot_next_owner(u32 *slot);
void slot_free(u32 slot);
/* The owner was freed during I/O: SLOT stays in use until the completion frees it. */
void slot_orphan(u32 slot);
/* SLOT could not be written: it is freed and never used again. */
void slot_mark_bad(u32 slot);

/* Computes and verifies the checksum of what is written; it is kept in memory, so that the disk cannot forge it. */
void slot_seal(u32 slot, const void *page);
bool slot_verify(u32 slot, const void *page);

/*
 * A note of the eviction of the page in SLOT: when, by the clock of policy.c modulo 2^24 (0: there is no note, as in a slot
 * that was just taken), and the policy's note of the page.
 */
void slot_set_evicted(u32 slot, u32 time, u8 age);
void slot_forget_eviction(u32 slot);
u32 slot_evicted(u32 slot);
u8 slot_age(u32 slot);
#define SLOT_TIME_MASK 0xffffffu

/* => are more than half of the slots in use? Then a page that is read gives its slot back. */
bool slot_scarce(void);
