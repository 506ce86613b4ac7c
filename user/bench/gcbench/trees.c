/*
 * trees.c - short-lived binary trees, beside one that stays.
 *
 * For each depth trees with the same total number of nodes are built, half of them bottom-up and half top-down, where an old
 * node gets new children. The tree that stays, 2^(n+1) - 1 nodes, must be marked by each collection, and none of it is ever
 * freed. After Boehm's GCBench, which is after a program by Ellis and Kovac.
 */
#include "gcbench.h"

enum { SHALLOW = 4, STEP = 2 };

struct node {
	struct node *left, *right;
	uint32_t value;
};

static struct node *make_node(struct node *left, struct node *right, uint32_t value)
{
	struct node *node = take(sizeof(*node));

	*node = (struct node){ left, right, value };
	return node;
}

static struct node *make_upwards(unsigned int depth, uint32_t value)
{
	struct node *left, *right;

	if (depth == 0)
		return make_node(NULL, NULL, value);
	left = make_upwards(depth - 1, 2 * value);
	right = make_upwards(depth - 1, 2 * value + 1);
	return make_node(left, right, value);
}

static void make_downwards(struct node *node, unsigned int depth)
{
	if (depth == 0)
		return;
	node->left = make_node(NULL, NULL, 2 * node->value);
	make_downwards(node->left, depth - 1);
	node->right = make_node(NULL, NULL, 2 * node->value + 1);
	make_downwards(node->right, depth - 1);
}

static uint32_t sum_of(const struct node *node)
{
	return node ? gcbench_mix(sum_of(node->left) + node->value, sum_of(node->right)) : 1;
}

/* Without freeing there is no need to walk the tree. */
static void drop(struct node *node)
{
	if (way != WAY_FREE || !node)
		return;
	drop(node->left);
	drop(node->right);
	give(node);
}

static uint32_t short_life(unsigned int depth, uint32_t number)
{
	struct node *tree;
	uint32_t sum;

	if (number % 2) {
		tree = make_upwards(depth, number);
	} else {
		tree = make_node(NULL, NULL, number);
		make_downwards(tree, depth);
	}
	sum = sum_of(tree);
	drop(tree);
	return sum;
}

static uint32_t run(uint32_t n)
{
	struct node *stays = make_upwards(n, 1);
	uint32_t sum = 0;

	for (unsigned int depth = SHALLOW; depth <= n; depth += STEP)
		for (uint32_t i = 0; i < 2u << (n - depth); i++)
			sum = gcbench_mix(sum, short_life(depth, i));
	sum = gcbench_mix(sum, sum_of(stays));
	drop(stays);
	return sum;
}

const struct gcbench_program gcbench_trees = { .name = "trees", .usual = 14, .run = run };
