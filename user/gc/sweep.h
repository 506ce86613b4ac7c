/*
 * sweep.h - sweeping.
 */
#ifndef GC_SWEEP_H
#define GC_SWEEP_H

#include "page.h"

enum { SWEEP_CLASSES = 48 };

/* A collection begins: all is swept; nothing is marked, unless marks are to be kept. */
void sweep_begin(bool keep);
/* It ends: what is not marked is to be swept; now, or when it is needed. */
void sweep_end(bool now);
/* The class's next page with free objects, of at least so many bytes; NULL: none, and no page of it is unswept. */
struct gc_page *sweep_next(uint8_t class, bool atomic, uint32_t least);
/* A page without objects, for anything; NULL: none. */
struct gc_page *sweep_empty(void);
/* Gives large objects that nobody reaches and empty pages back to the heap, until that is so many bytes, or all. */
void sweep_give(uint32_t bytes);
/* Gives one of them back, if there are more than will be needed before the next collection. */
void sweep_trim(void);

#endif
