/*
 * A sparse map from page numbers to pointers: a radix tree whose height follows its largest key.
 *
 * An empty map takes no memory; 64 neighbours share a node of a few hundred bytes. NULL means absent.
 */
#pragma once

#include "kernel/base/types.h"

struct pagemap_node;

struct pagemap {
	struct pagemap_node *root;
	u32 height;  /* levels of nodes: keys are below 64^height */
	u32 count;   /* entries that are not NULL */
	struct pagemap_node *leaf; /* where the last search ended: the next one is mostly there too */
	u32 leaf_number;           /* its keys / 64 */
};

void pagemap_init(struct pagemap *m);
void *pagemap_find(struct pagemap *m, u32 key);

/*
 * Makes room for KEY so that the next pagemap_set(KEY) cannot fail.
 * => false without memory (nothing changed that matters); never sleeps
 */
bool pagemap_reserve(struct pagemap *m, u32 key) MUST_CHECK;

/* Sets a KEY that was reserved or is present. VALUE is not NULL. */
void pagemap_set(struct pagemap *m, u32 key, void *value);

/* => what was there (NULL if nothing); empty nodes are freed */
void *pagemap_remove(struct pagemap *m, u32 key);

/* The first entry at or after *KEY and below END. => its value and *KEY, or NULL */
void *pagemap_next(struct pagemap *m, u32 *key, u32 end);

/* Frees the nodes that pagemap_reserve() made and nothing filled. The map must have no entries. */
void pagemap_destroy(struct pagemap *m);
