/*
 * gc.h - automatic memory: a collector finds what nothing refers to any more, and takes it back.
 *
 * Conservative: every aligned word in registers, on the stack, in data and bss and in objects of gc_malloc that happens to be
 * an address in an object (its interior included) keeps that object. What lies in memory of malloc or mmap is not looked at.
 *
 * A pointer just past an object's last byte, which C allows (for (p = a; p < a + n; p++)), does not keep the object alive, and may
 * keep the one that begins there. If nothing else refers to the object meanwhile, request a byte more from gc_malloc.
 * A program may use malloc beside it; free is not for these objects.
 */
#ifndef GC_H
#define GC_H

#include <stddef.h>
#include <stdint.h>

/* `size` bytes that are 0; NULL and ENOMEM, when a collection does not help either. */
void *gc_malloc(size_t size);
/* The same for bytes that hold no pointers; they are not looked at. What is in them is not known. */
void *gc_malloc_atomic(size_t size);

/*
 * call(object, with) some time after nothing refers to the object any more; its memory is taken back by a later collection, unless
 * call made it reachable again. `call` NULL: not any more. One call an object. 0; -1 and ENOMEM.
 */
int gc_finalizer(void *object, void (*call)(void *object, void *with), void *with);

/* Now, and everything: when it returns, what was found unreachable is free. */
void gc_collect(void);

struct gc_stats {
	uint32_t collections;
	uint32_t allocated;		/* objects since the program began */
	uint32_t live, live_bytes;	/* objects that the last collection marked */
	uint32_t freed, freed_bytes;	/* that all collections have taken back */
	uint32_t finalized;
	uint64_t pause_last, pause_longest, pause_total;	/* ns, by CLOCK_MONOTONIC */
	/* With GC=protect or GC=softdirty in the environment; all of them 0: there is no such thing. */
	uint32_t minor;			/* collections that looked only for what died since the one before */
	uint32_t minor_marked;		/* objects that they marked */
	uint32_t minor_pages;		/* pages of older objects that they looked at, since they had been written */
	uint32_t faults;		/* writes that the processor stopped: GC=protect */
};
void gc_stats(struct gc_stats *stats);

#endif
