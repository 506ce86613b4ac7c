/*
 * inside.h - the interface between the files of the collector.
 *
 *	gc.c	gc_malloc and its family: when to collect, and the steps that every collector takes
 *	first.c	HEAP=first: the plain first reading
 *	best.c	otherwise: allocation
 *	page.h	where objects are
 *	mark.h	marks what is reachable from words
 *	sweep.h	what is not marked is free
 *	dirty.h	GC=protect, GC=softdirty: which old objects were written
 *	roots.c	where a program keeps pointers: registers, stack, data
 *	final.c	finalizers: calls when an object is no longer reachable
 *
 * Addresses are kept in 32 bits, as heap.h does.
 */
#ifndef GC_INSIDE_H
#define GC_INSIDE_H

#include <gc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/*
 * A collector. A collection is begin, any number of scan, end; nothing else is called in between. Marking or end counts in
 * gc_counts.stats what is live.
 */
struct gc_ops {
	const char *name;
	/* At least `size` bytes, zeros unless atomic; NULL: there is no memory. Calls gc_before, and counts in gc_counts.spent. */
	void *(*take)(size_t size, bool atomic);
	void (*begin)(bool all);			/* clears all marks; unless `all`, it may keep them */
	void (*scan)(uint32_t from, uint32_t to);	/* marks all that can be reached from these words */
	bool (*is_marked)(const void *object);
	void (*end)(bool now);				/* frees what has no mark, `now` or when needed */
};

extern const struct gc_ops gc_first, gc_best;

/* --- gc.c --- */

extern const struct gc_ops *gc_collector;
/* Counters. They are no roots: growing numbers may come to look like addresses. */
struct gc_counts {
	struct gc_stats stats;
	uint32_t spent, spent_before;		/* bytes handed out since the last collection, and before it; may wrap */
	uint32_t limit;				/* of `spent`: then a collection is due */
	struct timespec clock;			/* as it was last read */
	uint64_t began;				/* start of the current collection, ns */
	uint32_t was_live;			/* objects before it */
	uint32_t all_bytes;			/* that were live after the last collection of everything */
};
extern struct gc_counts gc_counts;

/* Called before so many bytes are allocated: collects if it is due. */
void gc_before(size_t bytes);

/* --- roots.c --- */

/* => is this address on the program's first stack? Otherwise nothing may be freed. */
bool roots_find(uint32_t stack);
/* Scans the stack from this address on, data and bss. */
void roots_scan(uint32_t stack);

/* --- final.c --- */

/* After marking: keeps what pending finalizers need. */
void final_mark(void);
/* Calls the finalizers that are due. */
void final_run(void);
extern bool final_due;

#endif
