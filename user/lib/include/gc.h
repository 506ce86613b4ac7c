/*
 * gc.h - automatic memory: a collector finds objects that nothing refers to any more, and frees them.
 *
 * Conservative: every aligned word in registers, on the stack, in data and bss and in objects of gc_malloc that happens to be
 * an address in an object (its interior included) keeps that object. Memory of malloc or mmap is not scanned.
 *
 * A pointer just past an object's last byte, which C allows (for (p = a; p < a + n; p++)), does not keep the object alive, and may
 * keep the one that begins there. If nothing else refers to the object meanwhile, request a byte more from gc_malloc.
 * A program may use malloc too; free is not for these objects.
 */
#ifndef GC_H
#define GC_H

#include <stddef.h>
#include <stdint.h>

/* => `size` bytes that are 0; NULL and ENOMEM, if a collection does not help either */
void *gc_malloc(size_t size);
/* The same for bytes without pointers; they are neither scanned nor initialized. */
void *gc_malloc_atomic(size_t size);

/*
 * Registers call(object, with) for some time after nothing refers to the object any more; a later collection frees it, unless
 * call made it reachable again. `call` NULL cancels. One call per object. => 0; -1 and ENOMEM
 */
int gc_finalizer(void *object, void (*call)(void *object, void *with), void *with);

/* Collects everything now: when it returns, what was found unreachable is free. */
void gc_collect(void);

struct gc_stats {
	uint32_t collections;
	uint32_t allocated;		/* objects since the program began */
	uint32_t live, live_bytes;	/* objects that the last collection marked */
	uint32_t freed, freed_bytes;	/* freed by all collections */
	uint32_t finalized;
	uint64_t pause_last, pause_longest, pause_total;	/* ns, by CLOCK_MONOTONIC */
	/* With GC=protect or GC=softdirty in the environment; all 0: the method is not available. */
	uint32_t minor;			/* minor collections, of objects allocated since the last one */
	uint32_t minor_marked;		/* objects that they marked */
	uint32_t minor_pages;		/* pages of older objects that they scanned, because they had been written */
	uint32_t faults;		/* write faults: GC=protect */
};
void gc_stats(struct gc_stats *stats);

#endif
