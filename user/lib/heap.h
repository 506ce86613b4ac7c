/*
 * heap.h - the interface between the files of the heap, and for a debugger or a collector.
 *
 *	heap.c		malloc and its family: hands each call to the heap that HEAP= names
 *	malloc_first.c	HEAP=first: the plain first reading
 *	heap_best.c	otherwise: slab or block? realloc, alignment, and the message for a wrong pointer
 *	heap_slab.c	small objects without headers, 2 KiB at a time
 *	heap_spare.c	freed blocks that are kept whole for the next request of their size
 *	heap_block.c	blocks with boundary tags, and the break
 *	heap_fast.h	taking a free block and giving one back
 *	heap_bins.h	free blocks by their size
 *	heap_map.h	a bit for every eight bytes: a block or object in use begins here; one for every slab
 *	heap_bits.h	the processor's instructions for bits in memory
 *	heap_check.c	the invariants H1 ... and their checker
 *	heap_trace.c	HEAP_TRACE=1: a line for each event
 *	heap_regions.c	the regions of the program's memory
 *	heap_debug.h	MALLOC_DEBUG=: finds mistakes of the program
 *
 * The break's memory, from the first block to a header (head) of size 0, which is followed by free memory:
 *
 *	head payload.....| head free ...... size| head slab, 2044 bytes | head payload | head 0 | free ... break
 *	                 ^ 8n + 4                     ^ 2048n
 *
 * Addresses are kept in 32 bits; so the same files work in a 64-bit test with its heap at low addresses.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An implementation of malloc. Sizes may be anything; NULL and ENOMEM without memory. */
struct heap_ops {
	const char *name;
	void *(*malloc)(size_t size);
	void *(*realloc)(void *p, size_t size);		/* p is not NULL, size is not 0 */
	void (*free)(void *p);				/* of NULL too: nothing */
	void *(*aligned)(size_t alignment, size_t size);	/* a power of two */
	size_t (*usable)(void *p);
};

extern const struct heap_ops heap_first, heap_best;

/* heap.c: the heap that HEAP= names, without debugger and trace. */
const struct heap_ops *heap_chosen(void);

/* What lies at an address. */
enum heap_kind { HEAP_NOTHING, HEAP_FREE, HEAP_USED, HEAP_SLAB, HEAP_OBJECT, HEAP_FOREIGN };

struct heap_piece {
	enum heap_kind kind;	/* HEAP_FOREIGN: other code moved the break */
	char *start;		/* of the memory of the user */
	size_t size;
};

/* => the block, or the object of a slab, that contains this address */
struct heap_piece heap_find(const void *p);

/* Iterates over the blocks in the order of addresses, from {0}. => false: after the last */
bool heap_next(struct heap_piece *piece);

/* => the bytes from the first to the last, and those of the data about them elsewhere */
size_t heap_bytes(void);

/* => NULL, or a message about the invariant that does not hold, with values */
const char *heap_check(void);

/* => the debugger in front of this heap if MALLOC_DEBUG asks for it; otherwise the heap itself */
const struct heap_ops *heap_debug_begin(const struct heap_ops *ops);

/* Called by exit, if it is set: the debugger may report at the end. */
extern void (*heap_at_exit)(void);

/* Calls CALL for each region of the program's memory. => false: there is no /proc */
struct proc_region;
bool regions_each(void (*call)(const struct proc_region *region, uint32_t with), uint32_t with);

/* Prints "heap: free(0x804d010): it is free already" and aborts. */
void heap_stop(const char *call, const void *p, const char *what, ...) __attribute__((noreturn, format(printf, 3, 4)));

#endif
