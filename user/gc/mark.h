/*
 * mark.h - marking.
 */
#ifndef GC_MARK_H
#define GC_MARK_H

#include <stdbool.h>
#include <stdint.h>

/* How many ranges the stack holds; tests make it small. */
extern uint32_t gc_mark_room;

/* Room for the stack; false: there is no memory. */
bool mark_ready(void);
/* Marks what these words lead to, and all that this leads to. */
void mark_scan(uint32_t from, uint32_t to);
/* The same for all marked objects of a page. */
struct gc_page;
void mark_objects(const struct gc_page *p);
bool mark_is(const void *object);

#endif
