/* calls.c - gc_finalizer: order, only once, cancelled, an object that is resurrected, and a child of fork. */
#include "gc-edge.h"

static uint32_t called[4], calls;
static struct cell *again;

static void call(void *object, void *with)
{
	check_list(((struct cell *)object)->other, SOME);
	called[calls++ % 4] = (uintptr_t)with;
	make_garbage();
}

static void resurrect(void *object, void *with)
{
	call(object, with);
	again = object;
}

static struct cell *with_list(void)
{
	struct cell *cell = gc_malloc(sizeof(*cell));

	cell->other = list(SOME);
	return cell;
}

/* The first refers to the second, the second to the third, the third to the first. */
static __attribute__((noinline)) void make_called(void)
{
	struct cell *first = with_list(), *second = with_list(), *third = with_list(), *never = with_list();

	first->next = second;
	second->next = third;
	third->next = first;
	CHECK_EQ(gc_finalizer(third, call, (void *)1), 0);
	CHECK_EQ(gc_finalizer(first, call, (void *)20), 0);
	CHECK_EQ(gc_finalizer(never, call, (void *)4), 0);
	CHECK_EQ(gc_finalizer(second, resurrect, (void *)3), 0);
	CHECK_EQ(gc_finalizer(first, call, (void *)2), 0);
	CHECK_EQ(gc_finalizer(never, NULL, NULL), 0);
	CHECK_EQ(gc_finalizer(never, NULL, NULL), 0);
}

static __attribute__((noinline)) void check_called(void)
{
	CHECK_EQ(calls, 3);
	for (uint32_t i = 0; i < 3; i++)
		CHECK_EQ(called[i], i + 1);
	make_garbage();
	check_list(again->other, SOME);
	check_list(again->next->other, SOME);
	check_list(again->next->next->other, SOME);
	CHECK_AT(again->next->next->next, again);
}

__attribute__((noinline)) void test_calls(void)
{
	calls = 0;
	deep(make_called);
	clear_stack();
	CHECK_EQ(calls, 0);
	for (int i = 0; i < 3; i++) {
		live();
		check_called();
	}
	again = NULL;
	live();
	CHECK_EQ(calls, 3);
}

/* With many, all are called, in order; their arguments are kept until then. */
static uint32_t next_call;

static void count_call(void *object, void *with)
{
	CHECK_EQ(*(uint32_t *)with, next_call++);
	CHECK_EQ(((uint32_t *)object)[1], 0);
	if (next_call % 1000 != 10)
		return;
	gc_collect();
	for (int i = 0; i < 20 * SOME; i++)
		*(uint32_t *)gc_malloc_atomic(sizeof(uint32_t)) = -1;
}

static __attribute__((noinline)) void make_many(void)
{
	for (uint32_t i = 0; i < 10 * SOME; i++) {
		uint32_t *number = gc_malloc_atomic(sizeof(*number));

		*number = i;
		CHECK_EQ(gc_finalizer(gc_malloc(16), count_call, number), 0);
	}
}

__attribute__((noinline)) void test_many_calls(void)
{
	uint32_t before = counts().finalized;

	deep(make_many);
	clear_stack();
	live();
	live();
	CHECK_EQ(next_call, 10 * SOME);
	CHECK_EQ(counts().finalized - before, next_call);
}

/* A child has a copy of everything and collects on its own. */
static void in_child(void *unused)
{
	(void)unused;
	check_list(in_bss, SOME);
	in_bss = NULL;
	CHECK_KEPT(0, make_garbage);
	live();
	check_called();
	test_calls();
}

__attribute__((noinline)) void test_fork(void)
{
	in_bss = list(SOME);
	calls = 0;
	deep(make_called);
	clear_stack();
	CHECK_EQ(check_signal_of(in_child, NULL), 0);
	CHECK_EQ(calls, 0);
	live();
	check_called();
	check_list(in_bss, SOME);
	again = NULL;
}
