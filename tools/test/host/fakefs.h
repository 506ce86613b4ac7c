/*
 * A file system for the tests of write-back (fakefs.c). Its one file begins as a hole; a page gets a block before it is
 * written, and the file system sleeps where a real one would read its bitmap. A block that the file does not have holds
 * SECRET in its first word, as if it belonged to another file: no task may ever read that.
 */
#pragma once

#include "host.h"
#include "mm/memobj.h"

#define PAGES 160u
#define SECRET 0x5EC2E7u

extern struct memobj *fakefs_file;
extern u32 fakefs_full;  /* one in so many requests for a block is refused: -ENOSPC; 0: none */
extern u32 fakefs_given; /* blocks given out so far */

/*
 * Boots with `frames=LIMIT` (0: no limit) and makes the file, which has PAGES pages. The page daemon runs in host_run(),
 * with vmcheck() now and then; a test that runs out of memory fails.
 */
void fakefs_boot(u32 limit);

/* PAGE, which is a hole, gets BLOCK. */
void fakefs_give(u32 page, u32 block);
/* The file has ended at page END: its blocks from there on are free. */
void fakefs_cut(u32 end);
/* => PAGE's bytes on the disk; NULL: it is a hole */
void *fakefs_page(u32 page);
/* Ends all I/O. No page may be dirty then, and on the disk pages [0, END) must begin with WORDS. */
void fakefs_check(const u32 *words, u32 end);
