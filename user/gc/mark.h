/*
 * mark.h - marking.
 */
#ifndef GC_MARK_H
#define GC_MARK_H

#include <stdbool.h>
#include <stdint.h>

/* The number of ranges that the stack holds; tests make it small. */
extern uint32_t gc_mark_room;

/* Allocates the stack. => false: there is no memory */
bool mark_ready(void);
/* Marks everything reachable from these words. */
void mark_scan(uint32_t from, uint32_t to);
/* The same for all marked objects of a page. */
struct gc_page;
void mark_objects(const struct gc_page *p);
bool mark_is(const void *object);

#endif
