/*
 * dirty.h - which pages were written since the last collection: GC=protect or GC=softdirty in the environment.
 */
#ifndef GC_DIRTY_H
#define GC_DIRTY_H

#include "page.h"

/* Chooses; without a choice, or where the kernel cannot, each collection is one of everything. */
void dirty_ready(void);
/* A collection begins: finds out. True: it is known of each page, so that old objects need not be marked again. */
bool dirty_learn(void);
/* Looks into the old objects on pages that were written. */
void dirty_scan(void);
/* It ends: from now on it is to be known. */
void dirty_watch(void);
/* A page is worth having new objects when so many bytes of it are free. */
uint32_t dirty_least(void);
/* New objects are going to be in this page. */
void dirty_open(const struct gc_page *p);

#endif
