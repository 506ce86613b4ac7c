/*
 * Read-ahead of swapped pages: how many neighbours are read with a page, and when the next ones are.
 */
#pragma once

#include "kernel/base/types.h"

/* How many neighbours are read ahead at most; 0 in exact mode, and after a read has failed. */
extern u32 readahead_most;

/* A thread waits for the page in SLOT. => how many of the slots behind it should be read too */
u32 readahead_window(u32 slot);

/* What readahead_window() or readahead_used() has just asked for: the N slots from SLOT on are being read. */
void readahead_begun(u32 slot, u32 n);

/*
 * The page in SLOT was read ahead, and is needed now, for the first time.
 * => how many slots from *NEXT on should be read, before a thread has to wait for them; 0: none
 */
u32 readahead_used(u32 slot, u32 *next);

/* => were many of the pages that were needed lately, more than an eighth, read before a thread had to wait for them? */
bool readahead_pays(void);
