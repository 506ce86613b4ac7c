/*
 * heap_debug.h - what stands between the files of the heap's debugger, MALLOC_DEBUG=redzone | fence | fence:before | leaks.
 *
 *	heap_debug.c	malloc with a record for each block; what it says when something is wrong; the end of the program
 *	heap_redzone.c	zones around blocks, poison, freed blocks held back
 *	heap_fence.c	each block against a page that may not be touched
 *	heap_record.c	the records: which block is it?
 *	heap_sites.c	the calls that led to the heap
 *	heap_lines.c	file, line and function of an address
 *	heap_leaks.c	what nobody can reach any more
 *
 * All that they keep lies in one mapping, which no stray store of the program meets soon; it is touched as it is needed.
 */
#ifndef HEAP_DEBUG_H
#define HEAP_DEBUG_H

#include "heap.h"

#include <signal.h>

/* What bytes hold that the program has not written: new, freed, and around blocks. (Microsoft's values, widely known.) */
enum { DEBUG_FRESH = 0xcd, DEBUG_FREED = 0xdd, DEBUG_ZONE = 0xfd, DEBUG_ZONE_BYTES = 16 };

/* A block, until its memory is used for something else. */
struct record {
	const struct debug_mode *mode;		/* NULL: not in use */
	struct record *next;			/* in its bucket, or the next that is not in use */
	struct record *link;			/* freed: the next that was; else for heap_leaks.c */
	uint32_t start, size;			/* what the program has */
	uint32_t low, high;			/* what it could touch, zones included */
	uint32_t base, bytes;			/* what it takes: from the heap below, or pages */
	uint16_t allocated, freed;		/* sites */
	bool is_freed, is_reached;
};

/* One way to place blocks. */
struct debug_mode {
	bool poison;			/* new bytes are filled */
	size_t hold;			/* so many bytes that were freed are not used again yet */
	const struct debug_mode *instead;	/* where it has no room; NULL: there is no memory */
	/* Memory for size bytes: sets start, low, high, base, bytes; false and nothing is taken: there is none. */
	bool (*take)(struct record *r, size_t alignment);
	void (*retire)(struct record *r);	/* freed: nobody should touch it from now on */
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
/* The one whose base and bytes this address is in; NULL: none. */
struct record *record_around(uint32_t address);
/* For all of them: start with NULL; NULL behind the last. */
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
/* false: the program's file does not tell */
bool lines_find(uint32_t address, struct place *place);

/* --- heap_fence.c --- */

extern bool fence_before;			/* the page stands before the block */
void fence_begin(void);

/* --- heap_leaks.c --- */

/* What is live is reached from data, mappings, this stack from here on; or it is lost. Prints both, if there is any. */
void leaks_report(uint32_t stack);

#endif
