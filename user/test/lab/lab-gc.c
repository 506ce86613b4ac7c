/*
 * lab-gc - the lab `gc`: what the program can reach stays, the rest is freed.
 *
 * No dead object may be reached by accident. So the addresses of all objects are kept inverted, contents are numbers above all
 * addresses of programs, and the part of the stack that was used is cleared before each collection.
 */
#include "lab-heap.h"

#include <gc.h>
#include <stdbool.h>
#include <sys/mman.h>

enum { DIRECT = 100, GRAPH = 400, RINGS = 20, RING = 5, KINDS = 9, OF_KIND = 8, LIST = 30000, LIVE = 100, CHURN = 30000 };

static uint32_t hidden[GRAPH];		/* inverted addresses of the objects that the grader looks for */
static void *roots[LIVE];
static char packed[OF_KIND * 8] __attribute__((aligned(8)));	/* with pointers that are not aligned */
static char *bottom;			/* the break before the first call */

static void *show(uint32_t i)
{
	return (void *)~hidden[i];
}

static __attribute__((noinline)) void clear_stack(void)
{
	volatile char used[16384];

	for (size_t i = 0; i < sizeof(used); i++)
		used[i] = 0;
}

/* => how many objects the last collection has found live. The other numbers, on the stack below, come to look like addresses. */
static __attribute__((noinline)) uint32_t counted(void)
{
	struct gc_stats stats;

	gc_stats(&stats);
	return stats.live;
}

/* The stop NUMBER, after a collection. */
static void stop(uint32_t number)
{
	clear_stack();
	gc_collect();
	lab_stop(number, 4, (uint32_t)hidden, (uint32_t)bottom, (uint32_t)sbrk(0), counted());
	memset(roots, 0, sizeof(roots));
	memset(hidden, 0, sizeof(hidden));
}

/* Words of a number of this run, which is no address. */
static void fill(void *p, uint32_t size, uint32_t n)
{
	for (uint32_t i = 0; i < size / 4; i++)
		((uint32_t *)p)[i] = lab_draw(n) | 0xc0000000;
}

/* Object I of the stop, with contents N. */
static void new_object(uint32_t i, uint32_t size, uint32_t n, bool atomic)
{
	void *p = atomic ? gc_malloc_atomic(size) : gc_malloc(size);

	if (!p)
		LAB_FAIL("gc_malloc(%u) returned NULL\n", size);
	fill(p, size, n);
	hidden[i] = ~(uint32_t)p;
}

/* A hundred objects; static variables point to those that were drawn. */
static __attribute__((noinline)) void direct(void)
{
	for (uint32_t i = 0; i < DIRECT; i++) {
		new_object(i, lab_draw(1000 + i) % 25 * 4 + 4, 1000 + i, false);
		roots[i] = lab_draw(1200 + i) % 2 ? show(i) : NULL;
	}
}

/* Objects that point to drawn ones, themselves included; static variables point to ten. */
static __attribute__((noinline)) void graph(void)
{
	for (uint32_t i = 0; i < GRAPH; i++)
		new_object(i, lab_draw(2000 + i) % 25 * 4 + 8, 2000 + i, false);
	for (uint32_t i = 0; i < GRAPH; i++) {
		void **edges = show(i);

		edges[0] = show(lab_draw(3000 + i) % GRAPH);
		edges[1] = lab_draw(4000 + i) % 2 ? show(lab_draw(5000 + i) % GRAPH) : NULL;
	}
	for (uint32_t i = 0; i < 10; i++)
		roots[i] = show(lab_draw(6000 + i) % GRAPH);
}

/* Twenty rings of five; static variables point into those that were drawn. */
static __attribute__((noinline)) void rings(void)
{
	for (uint32_t i = 0; i < RINGS * RING; i++)
		new_object(i, 16, 6100 + i, false);
	for (uint32_t i = 0; i < RINGS * RING; i++)
		*(void **)show(i) = show(i % RING == RING - 1 ? i - RING + 1 : i + 1);
	for (uint32_t i = 0; i < RINGS; i++)
		roots[i] = lab_draw(6200 + i) % 2 ? show(i * RING + lab_draw(6300 + i) % RING) : NULL;
}

/* Eight objects for each way to point at one, or not quite. Those from KINDS * OF_KIND on hold the pointers of the last two. */
static __attribute__((noinline)) void pointers(void)
{
	for (uint32_t i = 0; i < KINDS * OF_KIND; i++)
		new_object(i, lab_draw(7000 + i) % 100 + 5, 7000 + i, false);
	for (uint32_t i = 0; i < 2 * OF_KIND; i++) {
		new_object(KINDS * OF_KIND + i, 32, 7200 + i, i < OF_KIND);
		roots[7 * OF_KIND + i] = show(KINDS * OF_KIND + i);
		((void **)show(KINDS * OF_KIND + i))[7] = show(7 * OF_KIND + i);
	}
	for (uint32_t i = 0; i < OF_KIND; i++) {
		char *at[7];
		uint32_t size = lab_draw(7000 + 3 * OF_KIND + i) % 100 + 5;

		for (uint32_t kind = 0; kind < 7; kind++)
			at[kind] = show(kind * OF_KIND + i);
		roots[i] = at[0];
		roots[OF_KIND + i] = at[1] + lab_draw(7300 + i) % (lab_draw(7000 + OF_KIND + i) % 100 + 5);
		roots[2 * OF_KIND + i] = at[2] + lab_draw(7000 + 2 * OF_KIND + i) % 100 + 4;
		roots[3 * OF_KIND + i] = at[3] + size;
		roots[4 * OF_KIND + i] = at[4] - 1;
		roots[5 * OF_KIND + i] = (void *)~(uint32_t)at[5];
		memcpy(packed + i * 8 + i % 3 + 1, &at[6], sizeof(at[6]));
	}
}

/* Makes ELEMENT the first of the list. */
static void put_first(void **element)
{
	element[0] = roots[0];
	roots[0] = element;
}

/* => the elements of a list, in a drawn order; they stand where the collector does not look for addresses */
static __attribute__((noinline)) void ***make_elements(void)
{
	void ***all = mmap(NULL, LIST * sizeof(*all), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED)
		LAB_FAIL("there is no memory for the addresses of the list\n");
	for (uint32_t i = 0; i < LIST; i++) {
		uint32_t other = lab_draw(50000 + i) % (i + 1);
		void **element = gc_malloc(8);

		if (!element)
			LAB_FAIL("gc_malloc(8) returned NULL\n");
		put_first(element);
		all[i] = all[other];
		all[other] = element;
	}
	return all;
}

/*
 * A list that is as long as there are objects: only the first is reached at once, and the next one is anywhere in memory. Some are
 * looked for, at equal distances in the list.
 */
static __attribute__((noinline)) void list(void)
{
	void ***all = make_elements();

	roots[0] = NULL;
	for (uint32_t i = 0; i < LIST; i++) {
		put_first(all[i]);
		all[i][1] = (void *)(lab_draw(10000 + i) | 0xc0000000);
		if (i % (LIST / GRAPH) == 0)
			hidden[i / (LIST / GRAPH)] = ~(uint32_t)all[i];
	}
	munmap(all, LIST * sizeof(*all));
}

/* A hundred objects are replaced again and again; nobody calls the collector. */
static __attribute__((noinline)) void churn(void)
{
	for (uint32_t i = 0; i < CHURN; i++) {
		uint32_t which = i < LIVE ? i : lab_draw(100000 + i) % LIVE;

		new_object(which, lab_draw(200000 + i) % 50 * 4 + 4, 200000 + i, i % 2);
		roots[which] = show(which);
	}
}

int main(int argc, char **argv)
{
	static void (*const phases[])(void) = { direct, graph, rings, pointers, list, churn };

	lab_environment(argv, "HEAP=first");
	lab_begin(argc, argv);
	bottom = sbrk(0);
	for (uint32_t i = 0; i < 6; i++) {
		phases[i]();
		stop(i + 1);
	}
	return 0;
}
