/*
 * dirty.h - which pages were written since the last collection: GC=protect or GC=softdirty in the environment.
 */
#ifndef GC_DIRTY_H
#define GC_DIRTY_H

#include "page.h"

/* Chooses the method; without one, or if the kernel lacks it, each collection is a full one. */
void dirty_ready(void);
/* A collection begins: reads which pages were written. => true: known for each page, so old objects need not be marked again */
bool dirty_learn(void);
/* Scans the old objects on pages that were written. */
void dirty_scan(void);
/* A collection ends: writes are recorded from now on. */
void dirty_watch(void);
/* A page is used for new objects if at least so many bytes of it are free. */
uint32_t dirty_least(void);
/* New objects will be allocated in this page. */
void dirty_open(const struct gc_page *p);

#endif
