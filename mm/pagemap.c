/*
 * The radix tree behind struct pagemap. Six bits of the key a level; a node counts its children so that an empty one
 * can go at once.
 */
#include "mm/pagemap.h"

#include "kernel/base/panic.h"
#include "mm/kmalloc.h"

#define BITS 6
#define FANOUT (1u << BITS)
#define MAX_HEIGHT 6 /* 36 bits: more than any key */

struct pagemap_node {
	void *child[FANOUT]; /* nodes, at the lowest level values */
	u32 used;
};

void pagemap_init(struct pagemap *m)
{
	m->root = NULL;
	m->height = 0;
	m->count = 0;
	m->leaf = NULL;
}

static u32 digit(u32 key, u32 level)
{
	return level * BITS < 32 ? (key >> (level * BITS)) & (FANOUT - 1) : 0;
}

static bool too_high(const struct pagemap *m, u32 key)
{
	return m->height * BITS < 32 && (key >> (m->height * BITS)) != 0;
}

static struct pagemap_node *walk(struct pagemap *m, u32 key)
{
	struct pagemap_node *node = m->root;

	if (too_high(m, key))
		return NULL;
	for (u32 level = m->height; node && level > 1; level--)
		node = node->child[digit(key, level - 1)];
	if (node) {
		m->leaf = node;
		m->leaf_number = key >> BITS;
	}
	return node;
}

/* => the lowest node on KEY's path; NULL if the path is not there */
static inline struct pagemap_node *find_leaf(struct pagemap *m, u32 key)
{
	return m->leaf && m->leaf_number == key >> BITS ? m->leaf : walk(m, key);
}

void *pagemap_find(struct pagemap *m, u32 key)
{
	struct pagemap_node *leaf = find_leaf(m, key);

	return leaf ? leaf->child[key % FANOUT] : NULL;
}

static struct pagemap_node *new_node(void)
{
	return kzalloc_class(sizeof(struct pagemap_node), FRAME_FOR_FAULT);
}

/* Adds levels on top until KEY fits. */
static bool grow(struct pagemap *m, u32 key)
{
	while (!m->root || too_high(m, key)) {
		struct pagemap_node *node = new_node();

		if (!node)
			return false;
		if (m->root) {
			node->child[0] = m->root;
			node->used = 1;
		}
		m->root = node;
		m->height++;
	}
	return true;
}

bool pagemap_reserve(struct pagemap *m, u32 key)
{
	struct pagemap_node *node;

	if (find_leaf(m, key))
		return true;
	if (!grow(m, key))
		return false;
	node = m->root;
	for (u32 level = m->height; level > 1; level--) {
		void **child = &node->child[digit(key, level - 1)];

		if (!*child) {
			*child = new_node();
			if (!*child)
				return false;
			node->used++;
		}
		node = *child;
	}
	return true;
}

void pagemap_set(struct pagemap *m, u32 key, void *value)
{
	struct pagemap_node *leaf = find_leaf(m, key);

	ASSERT(leaf && value);
	if (!leaf->child[key % FANOUT]) {
		leaf->used++;
		m->count++;
	}
	leaf->child[key % FANOUT] = value;
}

/* Frees the nodes on KEY's path that have become empty. */
static void prune(struct pagemap *m, u32 key)
{
	struct pagemap_node *path[MAX_HEIGHT];
	u32 depth = 0;

	m->leaf = NULL;
	path[0] = m->root;
	for (u32 level = m->height; level > 1; level--, depth++)
		path[depth + 1] = path[depth]->child[digit(key, level - 1)];
	for (;; depth--) {
		if (path[depth]->used)
			return;
		kfree(path[depth]);
		if (depth == 0)
			break;
		path[depth - 1]->child[digit(key, m->height - depth)] = NULL;
		path[depth - 1]->used--;
	}
	m->root = NULL;
	m->height = 0;
}

void *pagemap_remove(struct pagemap *m, u32 key)
{
	struct pagemap_node *leaf = find_leaf(m, key);
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

/* The same within one leaf, from *KEY on. */
static void *next_in_leaf(struct pagemap_node *leaf, u32 *key)
{
	do {
		if (leaf->child[*key % FANOUT])
			return leaf->child[*key % FANOUT];
	} while (++*key % FANOUT);
	return NULL;
}

void *pagemap_next(struct pagemap *m, u32 *key, u32 end)
{
	struct pagemap_node *leaf = find_leaf(m, *key);
	void *value = leaf ? next_in_leaf(leaf, key) : NULL;

	if (!value && *key < end && m->root && !too_high(m, *key))
		value = next_in(m->root, m->height, key, end);
	return value && *key < end ? value : NULL;
}

static void destroy_nodes(struct pagemap_node *node, u32 level)
{
	for (u32 i = 0; level > 1 && i < FANOUT; i++)
		if (node->child[i])
			destroy_nodes(node->child[i], level - 1);
	kfree(node);
}

void pagemap_destroy(struct pagemap *m)
{
	ASSERT_CMP(m->count, ==, 0);
	if (m->root)
		destroy_nodes(m->root, m->height);
	pagemap_init(m);
}
