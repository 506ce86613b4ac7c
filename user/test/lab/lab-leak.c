/*
 * lab-leak - the lab `leak`, second half: which blocks can the program still reach?
 *
 * The addresses of all blocks are kept inverted, contents are numbers above all addresses of programs, and the part of the stack
 * that was used is cleared, so that no block is reached by accident. Instead of its end the program calls what would be called
 * there.
 */
#include "lib/heap_debug.h"

#include "lab-heap.h"

#include <sys/mman.h>
#include <sys/resource.h>

enum { DIRECT = 60, GRAPH = 200, KINDS = 9, OF_KIND = 8, CHAIN = 20000, STACK = 65536 };

static uint32_t hidden[CHAIN];		/* inverted addresses of the blocks that the grader looks for */
static void *roots[KINDS * OF_KIND];
static char packed[OF_KIND * 8] __attribute__((aligned(8)));	/* with pointers that are not aligned */
static void **mapped, **on_stack;	/* room for pointers in other places */

static char *show(uint32_t i)
{
	return (char *)~hidden[i];
}

static __attribute__((noinline)) void clear_stack(void)
{
	volatile char used[16384];

	for (size_t i = 0; i < sizeof(used); i++)
		used[i] = 0;
}

static __attribute__((noinline)) void search(uint32_t number)
{
	if (!heap_at_exit)
		LAB_FAIL("MALLOC_DEBUG was not obeyed\n");
	heap_at_exit();
	lab_stop(number, 2, (uint32_t)hidden, (uint32_t)debug_arena->records);
	memset(roots, 0, sizeof(roots));
}

/* Inline: what other functions have left of the stack is cleared from the caller's frame on, also where search() has gaps. */
static inline __attribute__((always_inline)) void stop(uint32_t number)
{
	clear_stack();
	search(number);
}

static void new_block(uint32_t i, uint32_t size)
{
	uint32_t *p = malloc(size);

	if (!p)
		LAB_FAIL("malloc(%u) returned NULL\n", size);
	for (uint32_t k = 0; k < size / 4; k++)
		p[k] = 0xffffffff;
	hidden[i] = ~(uint32_t)p;
}

/* To each block that was drawn there is a pointer, in a static variable, in a mapping or on the stack, by turns. */
static __attribute__((noinline)) void direct(void)
{
	for (uint32_t i = 0; i < DIRECT; i++) {
		void **places[] = { roots, mapped, on_stack };

		new_block(i, lab_draw(1000 + i) % 4 ? lab_draw(1100 + i) % 2000 : 0);
		places[i % 3][i / 3] = lab_draw(1200 + i) % 2 ? show(i) : NULL;
	}
}

static uint32_t graph_size(uint32_t i)
{
	return lab_draw(2000 + i) % 100 * 4 + 8;
}

/* Blocks that point into drawn ones, anywhere, from a drawn word and from their last; static variables point to eight. */
static __attribute__((noinline)) void graph(void)
{
	for (uint32_t i = 0; i < GRAPH; i++)
		new_block(i, graph_size(i));
	for (uint32_t i = 0; i < GRAPH; i++) {
		uint32_t to[] = { lab_draw(3000 + i) % GRAPH, lab_draw(4000 + i) % GRAPH };
		char **edges = (char **)show(i);
		uint32_t last = graph_size(i) / sizeof(*edges) - 1;

		edges[lab_draw(9000 + i) % last] = show(to[0]) + lab_draw(5000 + i) % graph_size(to[0]);
		if (lab_draw(6000 + i) % 2)
			edges[last] = show(to[1]) + graph_size(to[1]) - 1;
	}
	for (uint32_t i = 0; i < 8; i++)
		roots[i] = show(lab_draw(7000 + i) % GRAPH);
}

static uint32_t kind_size(uint32_t i)
{
	return lab_draw(8000 + i) % 500 * 2 + 1001;
}

/* Eight blocks for each way to point at one, or not quite: that of the kind is the only one. */
static __attribute__((noinline)) void kinds(void)
{
	for (uint32_t i = 0; i < KINDS * OF_KIND; i++)
		new_block(i, kind_size(i));
	for (uint32_t i = 0; i < OF_KIND; i++) {
		uint32_t last = kind_size(OF_KIND + i);
		char *misaligned = show(5 * OF_KIND + i), **freed = malloc(2000);

		roots[i] = show(i);
		roots[OF_KIND + i] = show(OF_KIND + i) + last - 1;
		roots[2 * OF_KIND + i] = show(2 * OF_KIND + i) + kind_size(2 * OF_KIND + i);
		roots[3 * OF_KIND + i] = show(3 * OF_KIND + i) - 1;
		roots[4 * OF_KIND + i] = (void *)hidden[4 * OF_KIND + i];
		memcpy(packed + i * 8 + i % 3 + 1, &misaligned, sizeof(misaligned));
		if (!freed)
			LAB_FAIL("malloc(2000) returned NULL\n");
		freed[100] = show(6 * OF_KIND + i);
		free(freed);
		*(char **)show(7 * OF_KIND + i) = show(8 * OF_KIND + i);	/* two lost ones point to each other */
		*(char **)show(8 * OF_KIND + i) = show(7 * OF_KIND + i);
	}
}

/* A list that is longer than the stack is deep. */
static __attribute__((noinline)) void chain(void)
{
	for (uint32_t i = 0; i < CHAIN; i++)
		new_block(i, 8);
	for (uint32_t i = 0; i + 1 < CHAIN; i++)
		*(char **)show(i) = show(i + 1);
	roots[0] = show(0);
}

/* The second run: its blocks have pages of their own, beside which no page can be read. */
static void with_fences(void)
{
	graph();
	stop(5);
	_exit(0);
}

int main(int argc, char **argv)
{
	static char fences[] = "MALLOC_DEBUG=fence,leaks";
	void *room[DIRECT / 3] = { 0 };

	lab_begin(argc, argv);
	if (*environ && strcmp(*environ, fences) == 0)
		with_fences();
	lab_environment(argv, "MALLOC_DEBUG=leaks");
	on_stack = room;
	mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mapped == MAP_FAILED)
		LAB_FAIL("no mapping\n");
	direct();
	stop(1);
	memset(mapped, 0, PAGE);
	memset(room, 0, sizeof(room));
	graph();
	stop(2);
	kinds();
	stop(3);
	if (setrlimit(RLIMIT_STACK, &(struct rlimit){ STACK, STACK }) < 0)
		LAB_FAIL("no limit for the stack\n");
	chain();
	stop(4);
	lab_environment(argv, fences);
	return 0;
}
