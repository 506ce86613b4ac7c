/*
 * pager.h - a pager within a program: what demo_userpager shows.
 */
#ifndef USER_DEMO_DEMO_PAGER_H
#define USER_DEMO_DEMO_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What it has done so far. */
struct pager_counts {
	uint32_t served;		/* faults */
	uint32_t packed, unpacked;	/* pages */
	uint32_t reopened;		/* pages that were used again before they were packed */
	uint32_t bytes;			/* of all packed pages now */
	uint32_t lost;			/* pages that stay in memory because there was no room for their packed form */
};

extern struct pager_counts pager_counts;

/*
 * => pages of zeros, of which at most `frames` (PAGER_FRAMES_MAX) are in memory unpacked at any time; they are never freed.
 * NULL: no memory, or SIGSEGV cannot be handled.
 */
enum { PAGER_PAGES_MAX = 512, PAGER_FRAMES_MAX = 64 };
uint32_t *pager_start(size_t pages, size_t frames);

#endif
