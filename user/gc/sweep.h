/*
 * sweep.h - sweeping.
 */
#ifndef GC_SWEEP_H
#define GC_SWEEP_H

#include "page.h"

enum { SWEEP_CLASSES = 48 };

/* A collection begins: sweeps everything left; clears the marks, unless they are to be kept. */
void sweep_begin(bool keep);
/* A collection ends: unmarked objects are swept now, or when needed. */
void sweep_end(bool now);
/* The class's next page with free objects, of at least so many bytes; NULL: none, and no page of it is unswept. */
struct gc_page *sweep_next(uint8_t class, bool atomic, uint32_t least);
/* A page without objects, for anything; NULL: none. */
struct gc_page *sweep_empty(void);
/* Returns unreachable large objects and empty pages to the heap, until that is so many bytes, or all. */
void sweep_give(uint32_t bytes);
/* Returns one of them, if there are more than will be needed before the next collection. */
void sweep_trim(void);

#endif
