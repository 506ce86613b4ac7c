/*
 * heap_debug.h - the interface between the files of the heap's debugger, MALLOC_DEBUG=redzone | fence | fence:before | leaks.
 *
 *	heap_debug.c	malloc with a record for each block; error messages; the end of the program
 *	heap_redzone.c	zones around blocks, poison, freed blocks held back
 *	heap_fence.c	each block next to an inaccessible page
 *	heap_record.c	the records: which block is it?
 *	heap_sites.c	the calls that led to the heap
 *	heap_lines.c	file, line and function of an address
 *	heap_leaks.c	blocks that can no longer be reached
 *
 * All their data is in one mapping, away from the blocks but for the first fenced one, which the kernel places right below it; its
 * pages are touched as needed.
 */
#ifndef HEAP_DEBUG_H
#define HEAP_DEBUG_H

#include "heap.h"

#include <signal.h>

/* Contents of bytes that the program has not written: new, freed, and around blocks. (Microsoft's values, widely known.) */
enum { DEBUG_FRESH = 0xcd, DEBUG_FREED = 0xdd, DEBUG_ZONE = 0xfd, DEBUG_ZONE_BYTES = 16 };

/* A block, until its memory is reused. */
struct record {
	const struct debug_mode *mode;		/* NULL: not in use */
	struct record *next;			/* next in its bucket, or the next unused one */
	struct record *link;			/* freed: the next freed one; else: the next in the list of heap_leaks.c */
	uint32_t start, size;			/* the memory of the program */
	uint32_t low, high;			/* the accessible memory, including zones */
	uint32_t base, bytes;			/* what it occupies: of the heap below, or pages */
	uint16_t allocated, freed;		/* sites */
	bool is_freed, is_reached;
};

/* A way to place blocks. */
struct debug_mode {
	bool poison;			/* new bytes are filled */
	size_t hold;			/* how many freed bytes are held back */
	const struct debug_mode *instead;	/* the mode used when it has no room; NULL: then there is no memory */
	/* Allocates size bytes: sets start, low, high, base, bytes. => false, and nothing is taken: there is no memory */
	bool (*take)(struct record *r, size_t alignment);
	void (*retire)(struct record *r);	/* freed: must not be touched from now on */
	void (*drop)(struct record *r);		/* gives the memory back */
};

extern const struct debug_mode debug_redzone, debug_plain, debug_fence;

enum {
	DEBUG_BUCKETS = 1 << 16, DEBUG_RECORDS = 1 << 20, DEBUG_SITES = 4096, SITE_DEPTH = 6,
};

struct site {
	uint32_t calls[SITE_DEPTH];	/* return addresses, the innermost first; 0: no more */
};

struct debug_arena {
	struct record *buckets[DEBUG_BUCKETS];
	struct record records[DEBUG_RECORDS];
	struct record *sorted[DEBUG_RECORDS];		/* for heap_leaks.c */
	struct site sites[DEBUG_SITES];
	struct { uint32_t blocks, bytes; } sums[DEBUG_SITES];
	char stack[SIGSTKSZ];				/* for heap_fence.c */
};
extern struct debug_arena *debug_arena;

/* The heap below, which serves all modes but fence. */
extern const struct heap_ops *debug_below;

/* --- heap_debug.c --- */

/* Ends the program unless all these hold `byte`. `where`: "behind", "before", "of", as in "byte 3 behind the block". */
void debug_expect(const struct record *r, uint32_t from, uint32_t n, uint8_t byte, const char *where, const char *seen);

/* "    allocated at ...", and freed, if it was. */
void debug_say_sites(const struct record *r);

/* --- heap_record.c --- */

struct record *record_new(void);			/* in no bucket yet; NULL: there are too many */
void record_put(struct record *r);			/* its start is known now */
void record_drop(struct record *r);
struct record *record_find(uint32_t start);
/* => the record whose base and bytes contain this address; NULL: none */
struct record *record_around(uint32_t address);
/* Iterates over all of them: start with NULL; NULL after the last. */
struct record *record_next(struct record *r);

/* --- heap_sites.c --- */

void sites_begin(void);
uint32_t site_here(void);				/* the number of the calls that led here */
uint32_t site_from(uint32_t call, uint32_t frame);	/* a return address, and the frame that it goes back to */
/* "    WHAT at list.c:12 in push, from list.c:40 in main" */
void site_say(const char *what, uint32_t site);

/* --- heap_lines.c --- */

struct place {
	const char *file, *function;			/* without its folder */
	uint32_t line;
};
/* false: the program's file has no such information */
bool lines_find(uint32_t address, struct place *place);

/* --- heap_fence.c --- */

extern bool fence_before;			/* the inaccessible page is before the block */
void fence_begin(void);

/* --- heap_leaks.c --- */

/* Finds the live blocks from data, mappings and this stack from here on; the others are lost. Prints both, if there are any. */
void leaks_report(uint32_t stack);

#endif
