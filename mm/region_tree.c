/*
 * An AVL tree: a search tree by start address in which the heights of a node's two subtrees differ by one at most, so that
 * 65,530 regions make no more than 23 levels, and recursion needs little stack.
 *
 * Each node holds the largest hole directly below a region of its subtree, which leads a search to the highest hole that is
 * large enough. The hole below a region is computed from its neighbour in the list.
 *
 * Every function that changes a subtree returns its new root, already balanced; update() then runs on the way back up.
 *
 * Source: Knuth, "The Art of Computer Programming", volume 3, 6.2.3 "Balanced Trees".
 */
#include "mm/region_tree.h"

#include "kernel/base/panic.h"

static u32 largest_hole(const struct region *t)
{
	return t ? t->largest_hole : 0;
}

static u32 height(const struct region *t)
{
	return t ? t->height : 0;
}

/* Updates T after a change of its children or of the hole below it. => T */
static struct region *update(const struct region_list *l, struct region *t)
{
	t->height = 1 + MAX(height(t->left), height(t->right));
	t->largest_hole = MAX(region_hole_below(l, t), MAX(largest_hole(t->left), largest_hole(t->right)));
	return t;
}

static struct region *rotate_right(const struct region_list *l, struct region *t)
{
	struct region *root = t->left;

	t->left = root->right;
	root->right = update(l, t);
	return update(l, root);
}

static struct region *rotate_left(const struct region_list *l, struct region *t)
{
	struct region *root = t->right;

	t->right = root->left;
	root->left = update(l, t);
	return update(l, root);
}

/* Rebalances T, one of whose subtrees has changed by at most one level. => the root in place of T */
static struct region *balance(const struct region_list *l, struct region *t)
{
	if (height(t->left) > height(t->right) + 1) {
		if (height(t->left->left) < height(t->left->right))
			t->left = rotate_left(l, t->left);
		return rotate_right(l, t);
	}
	if (height(t->right) > height(t->left) + 1) {
		if (height(t->right->right) < height(t->right->left))
			t->right = rotate_right(l, t->right);
		return rotate_left(l, t);
	}
	return update(l, t);
}

static struct region *insert_below(const struct region_list *l, struct region *t, struct region *r)
{
	if (!t)
		return update(l, r);
	if (r->start < t->start)
		t->left = insert_below(l, t->left, r);
	else
		t->right = insert_below(l, t->right, r);
	return balance(l, t);
}

void region_tree_insert(struct region_list *l, struct region *r)
{
	r->left = r->right = NULL;
	l->root = insert_below(l, l->root, r);
}

/* Removes T's lowest region and stores it in *FIRST. => the root of what is left */
static struct region *take_first(const struct region_list *l, struct region *t, struct region **first)
{
	if (!t->left) {
		*first = t;
		return t->right;
	}
	t->left = take_first(l, t->left, first);
	return balance(l, t);
}

/* Replaces T by the lowest region above it, if there is one. */
static struct region *without_root(const struct region_list *l, struct region *t)
{
	struct region *rest, *root;

	if (!t->right)
		return t->left;
	rest = take_first(l, t->right, &root);
	root->left = t->left;
	root->right = rest;
	return balance(l, root);
}

static struct region *remove_below(const struct region_list *l, struct region *t, const struct region *r)
{
	ASSERT(t);
	if (t == r)
		return without_root(l, t);
	if (r->start < t->start)
		t->left = remove_below(l, t->left, r);
	else
		t->right = remove_below(l, t->right, r);
	return balance(l, t);
}

void region_tree_remove(struct region_list *l, struct region *r)
{
	l->root = remove_below(l, l->root, r);
}

static void update_path(const struct region_list *l, struct region *t, const struct region *r)
{
	ASSERT(t);
	if (t != r)
		update_path(l, r->start < t->start ? t->left : t->right, r);
	update(l, t);
}

void region_tree_moved(struct region_list *l, struct region *r)
{
	update_path(l, l->root, r);
}

struct region *region_tree_find(const struct region_list *l, vaddr_t va)
{
	struct region *found = NULL;

	for (struct region *t = l->root; t;) {
		if (t->end > va) {
			found = t;
			t = t->left;
		} else {
			t = t->right;
		}
	}
	return found;
}

/* In a subtree below LIMIT with a hole that is large enough the search succeeds; so it can fail only along the path to LIMIT. */
static struct region *highest(const struct region_list *l, struct region *t, vaddr_t limit, u32 length)
{
	struct region *found;

	if (!t || t->largest_hole < length)
		return NULL;
	if (t->start > limit)
		return highest(l, t->left, limit, length);
	found = highest(l, t->right, limit, length);
	if (found)
		return found;
	return region_hole_below(l, t) >= length ? t : highest(l, t->left, limit, length);
}

struct region *region_tree_find_hole(const struct region_list *l, vaddr_t limit, u32 length)
{
	return highest(l, l->root, limit, length);
}

static u32 check_subtree(const struct region_list *l, const struct region *t, vaddr_t from, vaddr_t to)
{
	u32 low, high;

	if (!t)
		return 0;
	low = height(t->left);
	high = height(t->right);
	if (t->start < from || t->start >= to)
		panic("I7: region %#x-%#x is out of order in its tree", t->start, t->end);
	if (t->height != 1 + MAX(low, high) || low > high + 1 || high > low + 1)
		panic("I7: region %#x-%#x: height %u above %u and %u", t->start, t->end, t->height, low, high);
	if (t->largest_hole != MAX(region_hole_below(l, t), MAX(largest_hole(t->left), largest_hole(t->right))))
		panic("I7: region %#x-%#x: wrong largest hole %#x", t->start, t->end, t->largest_hole);
	return 1 + check_subtree(l, t->left, from, t->start) + check_subtree(l, t->right, t->end, to);
}

u32 region_tree_check(const struct region_list *l)
{
	return check_subtree(l, l->root, 0, ~0u);
}
