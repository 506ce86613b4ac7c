/*
 * heap.h - what stands between the files of the heap, and what a debugger or a collector asks it.
 *
 *	heap.c		malloc and its family: hands each call to the heap that HEAP= names
 *	malloc_first.c	HEAP=first: the plain first reading
 *	heap_best.c	otherwise: slab or block? realloc, alignment, and what a wrong pointer is told
 *	heap_slab.c	small objects without heads, 2 KiB at a time
 *	heap_block.c	blocks with boundary tags, and the break
 *	heap_bins.h	free blocks by their size
 *	heap_map.h	a bit for every eight bytes: something in use begins here
 *	heap_check.c	the invariants H1 ... and who checks them
 *	heap_trace.c	HEAP_TRACE=1: a line for each event
 *	heap_regions.c	what the program's memory consists of
 *	heap_debug.h	MALLOC_DEBUG=: what finds mistakes of the program
 *
 * The break's memory, from the first block to a head of size 0 at the end:
 *
 *	head payload.....| head free ...... size| head+SLAB slab, 2044 bytes | head payload | head
 *	                 ^ 8n + 4                          ^ 2048n
 *
 * Addresses are kept in 32 bits; so the same files work in a 64-bit test whose heap lies low.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One way to be malloc. Sizes may be anything; NULL and ENOMEM where there is no memory. */
struct heap_ops {
	const char *name;
	void *(*malloc)(size_t size);
	void *(*realloc)(void *p, size_t size);		/* p is not NULL, size is not 0 */
	void (*free)(void *p);				/* p is not NULL */
	void *(*aligned)(size_t alignment, size_t size);	/* a power of two */
	size_t (*usable)(void *p);
};

extern const struct heap_ops heap_first, heap_best;

/* heap.c: the heap that HEAP= names, whatever stands before it. */
const struct heap_ops *heap_chosen(void);

/* What lies at an address. */
enum heap_kind { HEAP_NOTHING, HEAP_FREE, HEAP_USED, HEAP_SLAB, HEAP_OBJECT, HEAP_FOREIGN };

struct heap_piece {
	enum heap_kind kind;	/* HEAP_FOREIGN: somebody else moved the break */
	char *start;		/* of what the user has, or would have */
	size_t size;
};

/* The block or the object of a slab that holds this address, wherever in it. */
struct heap_piece heap_find(const void *p);

/* Each block in the order of addresses: start with {0}; false behind the last. */
bool heap_next(struct heap_piece *piece);

/* Bytes from the first to the last, and what is kept about them elsewhere. */
size_t heap_bytes(void);

/* NULL, or what does not hold, in words with values. */
const char *heap_check(void);

/* What stands before this heap if MALLOC_DEBUG asks for it; otherwise the heap itself. */
const struct heap_ops *heap_debug_begin(const struct heap_ops *ops);

/* Called by exit, if it is set: whoever stands before the heap may have something to say at the end. */
extern void (*heap_at_exit)(void);

/* Calls for each region of the program's memory; false: there is no /proc. */
struct proc_region;
bool regions_each(void (*call)(const struct proc_region *region, uint32_t with), uint32_t with);

/* Prints "heap: free(0x804d010): it is free already" and aborts. */
void heap_stop(const char *call, const void *p, const char *what, ...) __attribute__((noreturn, format(printf, 3, 4)));

#endif
