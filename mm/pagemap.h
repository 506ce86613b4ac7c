/*
 * A sparse map from page numbers to pointers: a radix tree whose height follows its largest key.
 *
 * An empty map takes no memory; 64 neighbours share a node of a few hundred bytes. NULL means absent.
 */
#pragma once

#include "kernel/base/panic.h"

#define PAGEMAP_RUN 64 /* keys that share a node */

struct pagemap_node {
	void *child[PAGEMAP_RUN]; /* nodes, at the lowest level values */
	u32 used;
};

struct pagemap {
	struct pagemap_node *root;
	u32 height;  /* levels of nodes: keys are below 64^height */
	u32 count;   /* entries that are not NULL */
	u32 nodes;
	struct pagemap_node *leaf; /* where the last search ended, NULL: there is none; the next one is mostly there too */
	u32 leaf_number;           /* its keys / 64 */
};

void pagemap_init(struct pagemap *m);

/* => the lowest node on KEY's path; NULL if the path is not there. (For the functions below.) */
struct pagemap_node *pagemap_walk(struct pagemap *m, u32 key);
static inline struct pagemap_node *pagemap_leaf(struct pagemap *m, u32 key)
{
	return m->leaf_number == key / PAGEMAP_RUN ? m->leaf : pagemap_walk(m, key);
}

static inline void *pagemap_find(struct pagemap *m, u32 key)
{
	const struct pagemap_node *leaf = pagemap_leaf(m, key);

	return leaf ? leaf->child[key % PAGEMAP_RUN] : NULL;
}

/*
 * Makes room for KEY so that the next pagemap_set(KEY), which must follow, cannot fail.
 * => false: out of memory, with the same entries as before; never sleeps
 */
bool pagemap_make_leaf(struct pagemap *m, u32 key) MUST_CHECK;
static inline MUST_CHECK bool pagemap_reserve(struct pagemap *m, u32 key)
{
	return pagemap_leaf(m, key) || pagemap_make_leaf(m, key);
}

/* (For the functions below: KEY is one of LEAF's.) */
static inline void pagemap_set_in(struct pagemap *m, struct pagemap_node *leaf, u32 key, void *value)
{
	ASSERT(leaf && value);
	if (!leaf->child[key % PAGEMAP_RUN]) {
		leaf->used++;
		m->count++;
	}
	leaf->child[key % PAGEMAP_RUN] = value;
}

/* Sets a KEY that was reserved or is present. VALUE is not NULL. */
static inline void pagemap_set(struct pagemap *m, u32 key, void *value)
{
	pagemap_set_in(m, pagemap_leaf(m, key), key, value);
}

/* Reserves KEY and sets it. => false: out of memory, with the same entries as before; never sleeps */
static inline MUST_CHECK bool pagemap_put(struct pagemap *m, u32 key, void *value)
{
	struct pagemap_node *leaf = pagemap_leaf(m, key);

	if (!leaf && !pagemap_make_leaf(m, key))
		return false;
	pagemap_set_in(m, leaf ? leaf : pagemap_leaf(m, key), key, value);
	return true;
}

/* => the value of KEY (NULL: none). Frees the nodes on its path that are empty now, with what was reserved in them. */
void *pagemap_remove(struct pagemap *m, u32 key);

/* The first entry at or after *KEY and below END. => its value and *KEY, or NULL */
void *pagemap_next(struct pagemap *m, u32 *key, u32 end);

/*
 * Several keys at once. A run is the values of neighbouring keys that share a node, at most PAGEMAP_RUN; absent ones are
 * NULL.
 */

/*
 * The run that begins with the first entry at or after *KEY and ends below END.
 * => its length and *KEY (0: there is none); *VALUES is good until the map changes
 */
u32 pagemap_run(struct pagemap *m, u32 *key, u32 end, void *const **values);

/* Sets the N keys from KEY on, all absent so far, in the node of KEY, which was reserved. */
void pagemap_set_run(struct pagemap *m, u32 key, void *const *values, u32 n);

/* Removes the run that pagemap_run() would find and stores it in VALUES. => its length and *KEY */
u32 pagemap_search_and_remove(struct pagemap *m, u32 *key, u32 end, void *values[PAGEMAP_RUN]);
static inline u32 pagemap_remove_run(struct pagemap *m, u32 *key, u32 end, void *values[PAGEMAP_RUN])
{
	if (*key >= end || (*key + 1 == end && !pagemap_find(m, *key)))
		return 0;
	return pagemap_search_and_remove(m, key, end, values);
}

/* => bytes of kernel heap in the map's nodes */
u32 pagemap_bytes(const struct pagemap *m);

/* Frees the nodes that pagemap_reserve() made and nothing filled. The map must have no entries. */
void pagemap_destroy(struct pagemap *m);
