/*
 * gc-oracle [STEPS [SEED]] - a collector never frees live objects, and keeps hardly any others: random changes of a graph of
 * its objects beside an oracle, a copy of the graph in malloc's memory with disguised addresses, which the collector cannot see.
 *
 * After each collection, and now and then, the graph is walked in the oracle: every reachable object must have the bytes that
 * were written, and its pointers must be those in the oracle. At the end the collector may have kept hardly more objects than
 * the oracle. If it has, a number may have looked like an address (the stack holds sixteen random bytes, AT_RANDOM): then the
 * test is repeated in another program, with other numbers and addresses. Finalizers are called for objects that the oracle
 * cannot reach, once each.
 */
#include "check.h"

#include <gc.h>

enum { NODES = 9000, ROOTS = 24, EDGES = 6, STEPS = 150000, LARGE = 20000 };

/* The head of a node; bytes that identify the node follow. An atomic one has no edges. */
struct node {
	uint32_t id;				/* odd, so no address */
	char *edges[EDGES];
};

/* The oracle's copy. An edge points into the other node, at an offset that follows from the sum of both numbers. */
struct shadow {
	uint32_t hidden, size;			/* ~address; 0: not in use */
	uint16_t edges[EDGES];			/* numbers of nodes; 0: none */
	bool is_atomic, is_reached, has_call;
};

static struct {
	uint32_t steps, seed, tries;
} asked;

static struct shadow *shadows;
static uint16_t *queue;
static char *roots[ROOTS];			/* in bss */
static char **stack_roots;			/* as many on the stack of main */
static uint16_t root_ids[2 * ROOTS];
static uint32_t random_state = 1, collections, reachable, next_id = 1;

static uint32_t below(uint32_t n)
{
	return check_random(&random_state) % n;
}

static char *place(uint16_t id)
{
	return (char *)(uintptr_t)~shadows[id].hidden;
}

static char *pointer_to(uint16_t id, uint32_t from)
{
	return id ? place(id) + (from + id) % shadows[id].size : NULL;
}

static uint32_t header(uint16_t id)
{
	return shadows[id].is_atomic ? sizeof(uint32_t) : sizeof(struct node);
}

static void set_root(uint32_t i, uint16_t id)
{
	root_ids[i] = id;
	*(i < ROOTS ? &roots[i] : &stack_roots[i - ROOTS]) = pointer_to(id, i);
}

static void set_edge(uint16_t id, uint32_t i, uint16_t to)
{
	shadows[id].edges[i] = to;
	((struct node *)place(id))->edges[i] = pointer_to(to, id + i);
}

/* --- is all that can be reached still there? --- */

static void check_node(uint16_t id)
{
	const struct shadow *s = &shadows[id];
	const struct node *node = (struct node *)place(id);

	CHECK_EQ(node->id, id * 2 + 1);
	for (uint32_t i = 0; !s->is_atomic && i < EDGES; i++)
		CHECK_AT(node->edges[i], pointer_to(s->edges[i], id + i));
	for (uint32_t i = header(id); i < s->size; i++)
		CHECK_EQ(((const uint8_t *)node)[i], (uint8_t)(id + i));
}

static void reach(uint16_t id, uint32_t *filled)
{
	if (!id || shadows[id].is_reached)
		return;
	shadows[id].is_reached = true;
	queue[(*filled)++] = id;
}

static void reach_edges(uint32_t from, uint32_t *filled)
{
	for (; from < *filled; from++)
		for (uint32_t i = 0; i < EDGES; i++)
			reach(shadows[queue[from]].edges[i], filled);
}

static void find_reachable(void)
{
	reachable = 0;
	for (uint32_t id = 0; id < NODES; id++)
		shadows[id].is_reached = false;
	for (uint32_t i = 0; i < 2 * ROOTS; i++)
		reach(root_ids[i], &reachable);
	reach_edges(0, &reachable);
}

/* A pending finalizer may read its node and everything reachable from it. Numbers of other nodes are reused. */
static void check_all(void)
{
	uint32_t kept;

	find_reachable();
	kept = reachable;
	for (uint32_t id = 0; id < NODES; id++)
		if (shadows[id].has_call)
			reach(id, &kept);
	reach_edges(reachable, &kept);
	for (uint32_t i = 0; i < kept; i++)
		check_node(queue[i]);
	for (uint32_t id = 0; id < NODES; id++)
		if (!shadows[id].is_reached)
			shadows[id].hidden = 0;
}

static void check_after_collection(void)
{
	struct gc_stats stats;

	gc_stats(&stats);
	if (stats.collections != collections)
		check_all();
	collections = stats.collections;
}

/* --- the changes --- */

/* => a reachable node, some steps from a root; 0: there was none */
static uint16_t some_node(void)
{
	uint16_t id = root_ids[below(2 * ROOTS)], next;

	for (uint32_t steps = below(16); id && steps > 0; steps--)
		if ((next = shadows[id].edges[below(EDGES)]))
			id = next;
	return id;
}

/* From a root or another node; mostly in an empty place, further down if necessary: so the graph grows as long as it can. */
static void link_from_somewhere(uint16_t id)
{
	uint16_t from = below(2000) ? some_node() : 0, next;
	uint32_t i = below(EDGES);

	for (int tries = 0; from && shadows[from].edges[i] && tries < 60; tries++) {
		if (tries % 4 == 3 && (next = shadows[from].edges[i]) && !shadows[next].is_atomic)
			from = next;
		i = below(EDGES);
	}
	if (from && !shadows[from].is_atomic)
		set_edge(from, i, id);
	else if (!from)
		set_root(below(2 * ROOTS), id);
}

static void gone(void *object, void *with)
{
	uint16_t id = (uintptr_t)with / 2;

	CHECK(shadows[id].has_call);
	CHECK_AT(object, place(id));
	check_node(id);
	find_reachable();
	CHECK(!shadows[id].is_reached);
	shadows[id].has_call = false;
}

static uint16_t free_id(void)
{
	for (uint32_t i = 0; i < NODES; i++) {
		next_id = next_id + 1 < NODES ? next_id + 1 : 1;
		if (!shadows[next_id].hidden)
			return next_id;
	}
	return 0;
}

static uint32_t random_size(bool atomic)
{
	uint32_t least = atomic ? sizeof(uint32_t) : sizeof(struct node);

	switch (below(64)) {
	case 0:
		return least + below(LARGE);
	case 1 ... 8:
		return least + below(1000);
	default:
		return least + below(60);
	}
}

static void make(void)
{
	uint16_t id = free_id();
	bool atomic = below(4) == 0;
	uint32_t size = random_size(atomic);
	char *p = id ? atomic ? gc_malloc_atomic(size) : gc_malloc(size) : NULL;

	CHECK(p || !id);
	if (!id)
		return;
	for (uint32_t i = 0; !atomic && i < size; i++)
		CHECK_EQ(p[i], 0);
	shadows[id] = (struct shadow){ .hidden = ~(uint32_t)(uintptr_t)p, .size = size, .is_atomic = atomic };
	*(uint32_t *)p = id * 2 + 1;
	for (uint32_t i = header(id); i < size; i++)
		p[i] = id + i;
	link_from_somewhere(id);
	if (below(16) == 0) {
		shadows[id].has_call = true;
		CHECK_EQ(gc_finalizer(p, gone, (void *)(uintptr_t)(id * 2 + 1)), 0);
	}
}

static void change(void)
{
	uint16_t id = some_node();

	switch (below(40)) {
	case 0:
		if (below(200) == 0)
			set_root(below(2 * ROOTS), 0);
		return;
	case 1:
		if (id && !shadows[id].is_atomic && below(2))
			set_edge(id, below(EDGES), 0);
		return;
	case 2 ... 4:
		link_from_somewhere(id);
		return;
	default:
		make();
	}
}

static __attribute__((noinline)) void work(uint32_t steps)
{
	for (uint32_t i = 0; i < steps; i++) {
		change();
		check_after_collection();
		if (below(5000) == 0)
			check_all();
		if (below(20000) == 0)
			gc_collect();
	}
	check_all();
}

/* Overwrites what functions have left on the stack. */
static __attribute__((noinline)) void clear_stack(void)
{
	volatile char bytes[8192];

	memset((char *)bytes, 0, sizeof(bytes));
}

/* Two such programs may fail by chance, not three. The third argument counts them. */
static void try_again(void)
{
	char steps[12], seed[12], tries[12];
	char *again[] = { "gc-oracle", steps, seed, tries, NULL };

	CHECK(asked.tries < 2);
	snprintf(steps, sizeof(steps), "%u", asked.steps);
	snprintf(seed, sizeof(seed), "%u", asked.seed);
	snprintf(tries, sizeof(tries), "%u", asked.tries + 1);
	execve("/proc/self/exe", again, environ);
	CHECK(!"execve");
}

/* Objects with pending finalizers are kept for one more collection. */
static __attribute__((noinline)) void check_garbage(void)
{
	struct gc_stats stats;

	for (int i = 0; i < 3; i++) {
		clear_stack();
		gc_collect();
	}
	check_all();
	gc_stats(&stats);
	CHECK(stats.live >= reachable);
	if (stats.live > reachable + reachable / 100 + 16)
		try_again();
	CHECK_EQ(stats.allocated - stats.freed, stats.live);
	CHECK(stats.finalized > 0);
}

/* With GC=protect or GC=softdirty. */
static void say_minor(void)
{
	struct gc_stats s;

	gc_stats(&s);
	printf("gc-oracle: %u of %u collections minor: %u objects, %u pages, %u faults\n", s.minor, s.collections, s.minor_marked,
	       s.minor_pages, s.faults);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char *on_stack[ROOTS] = { NULL };

	asked.steps = argc > 1 ? atoi(argv[1]) : STEPS;
	asked.seed = random_state = argc > 2 ? atoi(argv[2]) : 1;
	asked.tries = argc > 3 ? atoi(argv[3]) : 0;
	stack_roots = on_stack;
	shadows = calloc(NODES, sizeof(*shadows));
	queue = malloc(NODES * sizeof(*queue));
	CHECK(shadows && queue);
	for (uint32_t i = 0; i < 4; i++) {
		work(asked.steps / 4);
		check_garbage();
	}
	if (getenv("GC"))
		say_minor();
	return CHECK_OK();
}
