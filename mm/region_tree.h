/*
 * The tree over a list of regions: finds the region of an address, and the highest hole that is large enough, in time that
 * grows with the logarithm of their number. Only region.c uses it.
 */
#pragma once

#include "mm/region.h"

/*
 * Adds R after it was added to the list, or removes it after it was removed from the list. The hole below the next region
 * changes too; that region is on the path that is walked, so its hole is updated.
 */
void region_tree_insert(struct region_list *l, struct region *r);
void region_tree_remove(struct region_list *l, struct region *r);

/* Updates the tree after a change of the hole below R. */
void region_tree_moved(struct region_list *l, struct region *r);

/* => the lowest region that ends after VA, or NULL */
struct region *region_tree_find(const struct region_list *l, vaddr_t va);

/* => the highest region that starts at LIMIT at most and has a hole of LENGTH bytes directly below it, or NULL */
struct region *region_tree_find_hole(const struct region_list *l, vaddr_t limit, u32 length);

/* => how many regions are in the tree; panics if it is out of order, out of balance, or has wrong holes (I7) */
u32 region_tree_check(const struct region_list *l);
