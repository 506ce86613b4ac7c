/*
 * The radix tree behind struct pagemap: six bits of the key for each level. A node counts its children, so that it is freed as
 * soon as it is empty.
 */
#include "mm/pagemap.h"

#include "mm/kmalloc.h"

#define BITS 6
#define FANOUT (1u << BITS)
STATIC_ASSERT(FANOUT == PAGEMAP_RUN, "a run lies in one node");
#define MAX_HEIGHT 6 /* 36 bits: more than any key */
#define NOWHERE 0xFFFFFFFFu /* no leaf has this number */
STATIC_ASSERT((MAX_HEIGHT - 1) * BITS < 32, "digit() shifts by less than a word");

void pagemap_init(struct pagemap *m)
{
	m->root = NULL;
	m->height = 0;
	m->count = m->nodes = 0;
	m->leaf = NULL;
	m->leaf_number = NOWHERE;
}

static u32 digit(u32 key, u32 level)
{
	return (key >> (level * BITS)) % FANOUT;
}

static bool too_high(const struct pagemap *m, u32 key)
{
	return m->height * BITS < 32 && (key >> (m->height * BITS)) != 0;
}

struct pagemap_node *pagemap_walk(struct pagemap *m, u32 key)
{
	struct pagemap_node *node = too_high(m, key) ? NULL : m->root;

	for (u32 level = m->height; node && level > 1; level--)
		node = node->child[digit(key, level - 1)];
	m->leaf = node;
	m->leaf_number = key >> BITS;
	return node;
}

static struct pagemap_node *new_node(struct pagemap *m)
{
	struct pagemap_node *node = kzalloc_class(sizeof(*node), FRAME_FOR_FAULT);

	m->nodes += node != NULL;
	return node;
}

static void free_node(struct pagemap *m, struct pagemap_node *node)
{
	m->nodes--;
	kfree(node);
}

/* Makes the first node, at the height that KEY needs: an empty node must never become the child of another. */
static bool plant(struct pagemap *m, u32 key)
{
	m->root = new_node(m);
	if (!m->root)
		return false;
	m->height = 1;
	while (too_high(m, key))
		m->height++;
	return true;
}

/* Adds levels on top until KEY fits. */
static bool pagemap_grow(struct pagemap *m, u32 key)
{
	if (!m->root)
		return plant(m, key);
	while (too_high(m, key)) {
		struct pagemap_node *node = new_node(m);

		if (!node)
			return false;
		node->child[0] = m->root;
		node->used = 1;
		m->root = node;
		m->height++;
	}
	return true;
}

/* A root that has only its first child left is one level too high. */
static void lower(struct pagemap *m)
{
	while (m->height > 1 && m->root->used == 1 && m->root->child[0]) {
		struct pagemap_node *child = m->root->child[0];

		free_node(m, m->root);
		m->root = child;
		m->height--;
	}
}

/* Frees the empty nodes on KEY's path, as far as there is one. */
static void prune(struct pagemap *m, u32 key)
{
	struct pagemap_node *path[MAX_HEIGHT];
	u32 depth = 0;

	m->leaf_number = NOWHERE;
	path[0] = m->root;
	for (u32 level = m->height; level > 1; level--) {
		struct pagemap_node *child = path[depth]->child[digit(key, level - 1)];

		if (!child)
			break;
		path[++depth] = child;
	}
	for (; !path[depth]->used; depth--) {
		free_node(m, path[depth]);
		if (depth == 0) {
			m->root = NULL;
			m->height = 0;
			return;
		}
		path[depth - 1]->child[digit(key, m->height - depth)] = NULL;
		path[depth - 1]->used--;
	}
	lower(m);
}

/* Makes the missing nodes on KEY's path; the map is high enough. */
static bool extend(struct pagemap *m, u32 key)
{
	struct pagemap_node *node = m->root;

	for (u32 level = m->height; level > 1; level--) {
		void **child = &node->child[digit(key, level - 1)];

		if (!*child) {
			*child = new_node(m);
			if (!*child)
				return false;
			node->used++;
		}
		node = *child;
	}
	return true;
}

bool pagemap_make_leaf(struct pagemap *m, u32 key)
{
	m->leaf_number = NOWHERE;
	if (pagemap_grow(m, key) && extend(m, key))
		return true;
	if (m->root && !too_high(m, key))
		prune(m, key);
	return false;
}

void *pagemap_remove(struct pagemap *m, u32 key)
{
	struct pagemap_node *leaf = pagemap_leaf(m, key);
	void *value = leaf ? leaf->child[key % FANOUT] : NULL;

	if (!value)
		return NULL;
	leaf->child[key % FANOUT] = NULL;
	leaf->used--;
	m->count--;
	if (!leaf->used)
		prune(m, key);
	return value;
}

/*
 * The first value at or after *KEY and below END in the subtree of NODE, whose keys all share the digits above LEVEL. If
 * there is none, *KEY has moved on: to END or beyond, or to the first key behind the subtree (0: past the last of all).
 */
static void *next_in(struct pagemap_node *node, u32 level, u32 *key, u32 end)
{
	u32 step = 1u << ((level - 1) * BITS);

	for (u32 i = digit(*key, level - 1); i < FANOUT && *key < end; i++) {
		void *child = node->child[i];

		if (child && level > 1)
			child = next_in(child, level - 1, key, end);
		else if (!child)
			*key = (*key & ~(step - 1)) + step;
		if (child || !*key)
			return child;
	}
	return NULL;
}

/* The same within one leaf, at the most to its end. */
static void *next_in_leaf(struct pagemap_node *leaf, u32 *key, u32 end)
{
	u32 k = *key;
	void *value = NULL;

	while (k < end && !(value = leaf->child[k % FANOUT]) && ++k % FANOUT)
		;
	*key = k;
	return value;
}

static inline void *find_next(struct pagemap *m, u32 *key, u32 end)
{
	struct pagemap_node *leaf = pagemap_leaf(m, *key);
	void *value = leaf ? next_in_leaf(leaf, key, end) : NULL;

	if (!value && *key < end && m->root && !too_high(m, *key))
		value = next_in(m->root, m->height, key, end);
	return value && *key < end ? value : NULL;
}

void *pagemap_next(struct pagemap *m, u32 *key, u32 end)
{
	return find_next(m, key, end);
}

/* => how many keys there are from KEY on, at most to the end of its leaf */
static u32 rest_of_leaf(u32 key, u32 end)
{
	return MIN(FANOUT - key % FANOUT, end - key);
}

u32 pagemap_run(struct pagemap *m, u32 *key, u32 end, void *const **values)
{
	if (!find_next(m, key, end))
		return 0;
	*values = &pagemap_leaf(m, *key)->child[*key % FANOUT];
	return rest_of_leaf(*key, end);
}

void pagemap_set_run(struct pagemap *m, u32 key, void *const *values, u32 n)
{
	struct pagemap_node *leaf = pagemap_leaf(m, key);
	u32 present = 0;

	ASSERT(leaf && key % FANOUT + n <= FANOUT);
	for (u32 i = 0; i < n; i++) {
		ASSERT(!leaf->child[key % FANOUT + i]);
		leaf->child[key % FANOUT + i] = values[i];
		present += values[i] != NULL;
	}
	leaf->used += present;
	m->count += present;
}

u32 pagemap_search_and_remove(struct pagemap *m, u32 *key, u32 end, void *values[PAGEMAP_RUN])
{
	struct pagemap_node *leaf;
	void **place;
	u32 n, present = 0;

	if (!find_next(m, key, end))
		return 0;
	leaf = pagemap_leaf(m, *key);
	place = &leaf->child[*key % FANOUT];
	n = rest_of_leaf(*key, end);
	for (u32 i = 0; i < n; i++) {
		values[i] = place[i];
		place[i] = NULL;
		present += values[i] != NULL;
	}
	leaf->used -= present;
	m->count -= present;
	if (!leaf->used)
		prune(m, *key);
	return n;
}

static void destroy_nodes(struct pagemap *m, struct pagemap_node *node, u32 level)
{
	for (u32 i = 0; level > 1 && i < FANOUT; i++)
		if (node->child[i])
			destroy_nodes(m, node->child[i], level - 1);
	free_node(m, node);
}

u32 pagemap_bytes(const struct pagemap *m)
{
	return m->nodes * sizeof(struct pagemap_node);
}

void pagemap_destroy(struct pagemap *m)
{
	ASSERT_CMP(m->count, ==, 0);
	if (m->root)
		destroy_nodes(m, m->root, m->height);
	pagemap_init(m);
}
