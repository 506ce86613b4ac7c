/*
 * gc-edge - what a collector must not get wrong: where pointers may be and what keeps an object, a mark stack that is too
 * small, calls when objects go, sizes and memory at their ends, and malloc beside it.
 */
#include "check.h"

#include "../lib/gc_mark.h"

#include <gc.h>

enum { SOME = 300 };

struct cell {
	struct cell *next, *other;
	uint32_t value;
};

static struct cell *in_bss;
static struct cell *in_data = (struct cell *)8;

/* What functions have left on the stack is no longer there. */
__attribute__((noinline, used)) void clear_stack(void) __asm__("clear_stack");
void clear_stack(void)
{
	volatile char bytes[4 * PAGE];

	memset((char *)bytes, 0, sizeof(bytes));
}

static uint32_t live(void)
{
	static struct gc_stats stats;
	uint32_t live;

	clear_stack();
	gc_collect();
	gc_stats(&stats);
	live = stats.live;
	memset(&stats, 0, sizeof(stats));	/* times may look like addresses */
	return live;
}

/* Far down the stack, where clear_stack reaches and no other function's frame takes over old words. */
static __attribute__((noinline)) void deep(void (*make)(void))
{
	volatile char bytes[PAGE];

	bytes[0] = 0;
	make();
	CHECK_EQ(bytes[0], 0);
}

/* How many objects `make` leaves behind that are kept. */
static __attribute__((noinline)) uint32_t kept(void (*make)(void))
{
	uint32_t before = live();

	deep(make);
	return live() - before;
}

/* The frame of kept() must not hold old words either. */
#define CHECK_KEPT(count, make) \
	do { \
		clear_stack(); \
		CHECK_EQ(kept(make), count); \
	} while (0)

static __attribute__((noinline)) struct cell *list(uint32_t length)
{
	struct cell *first = NULL;

	for (uint32_t i = 0; i < length; i++) {
		struct cell *cell = gc_malloc(sizeof(*cell));

		CHECK(cell != NULL);
		*cell = (struct cell){ first, NULL, i * 2 + 1 };
		first = cell;
	}
	return first;
}

static void check_list(const struct cell *cell, uint32_t length)
{
	for (; length > 0; length--, cell = cell->next)
		CHECK_EQ(cell->value, (length - 1) * 2 + 1);
	CHECK(cell == NULL);
}

/* --- where pointers may be --- */

static void make_garbage(void)
{
	list(SOME);
}

static void make_ring(void)
{
	struct cell *first = list(SOME), *last = first;

	while (last->next)
		last = last->next;
	last->next = first;
	first->other = last;
}

static void fill_bss(void)
{
	in_bss = list(SOME);
}

static void fill_data(void)
{
	in_data = list(SOME);
}

static __attribute__((noinline)) void test_roots(void)
{
	struct cell *volatile on_stack = list(SOME);

	CHECK_KEPT(0, make_garbage);
	CHECK_KEPT(0, make_ring);
	CHECK_KEPT(SOME, fill_bss);
	CHECK_KEPT(SOME, fill_data);
	check_list(on_stack, SOME);
	check_list(in_bss, SOME);
	check_list(in_data, SOME);
	in_bss = in_data = NULL;
}

/* The only pointer is in a register that calls keep, and no function between has put it on the stack. */
#define IN_REGISTER(name) \
	static __attribute__((noinline)) void in_##name(void) \
	{ \
		struct cell *first = list(SOME); \
		__asm__ volatile("movl %0, %%" #name "\n\tmovl $0, %0\n\t" \
				 "call clear_stack\n\tcall gc_collect\n\tmovl %%" #name ", %0" \
				 : "+m"(first) : : "eax", "ecx", "edx", #name, "memory"); \
		list(40 * SOME); \
		check_list(first, SOME); \
	}

IN_REGISTER(ebx)
IN_REGISTER(esi)
IN_REGISTER(edi)

static __attribute__((noinline)) void test_registers(void)
{
	in_ebx();
	in_esi();
	in_edi();
}

/* --- what keeps an object --- */

static char *disguised;
static struct cell **in_malloc;

static void make_atomic(void)
{
	struct cell **object = gc_malloc_atomic(sizeof(*object) * 2);

	object[0] = list(SOME);
	in_bss = (struct cell *)object;
}

static void make_hidden(void)
{
	disguised = (char *)~(uintptr_t)list(SOME);
}

static void make_in_malloc(void)
{
	*in_malloc = list(SOME);
}

static void make_one_behind(void)
{
	char **row = gc_malloc(SOME * sizeof(*row));

	for (int i = 0; i < SOME; i++)
		row[i] = gc_malloc(8000);
	for (int i = 0; i < SOME; i++)
		row[i] += 8000;
	in_bss = (struct cell *)row;
}

static __attribute__((noinline)) void test_what_keeps_nothing(void)
{
	CHECK_KEPT(1, make_atomic);
	in_bss = NULL;
	CHECK_KEPT(0, make_hidden);
	in_malloc = malloc(sizeof(*in_malloc));
	CHECK_KEPT(0, make_in_malloc);
	free(in_malloc);
	clear_stack();
	CHECK(kept(make_one_behind) < SOME / 10);	/* a number may look like an address */
	in_bss = NULL;
}

/* Any address in an object keeps it: none of them is handed out again. */
static __attribute__((noinline)) void test_interior(void)
{
	for (uint32_t size = 8; size <= 6000; size += size < 2100 ? 8 : 808) {
		char **row = gc_malloc(SOME * sizeof(*row));

		for (uint32_t i = 0; i < 40; i++) {
			row[i] = gc_malloc_atomic(size);
			memset(row[i], i, size);
			row[i] += (size - 1) * i / 39;
		}
		gc_collect();
		for (uint32_t i = 0; i < 80; i++)
			memset(gc_malloc_atomic(size), 0xff, size);
		for (uint32_t i = 0; i < 40; i++)
			for (uint32_t at = 0; at < size; at += 1 + size / 16)
				CHECK_EQ((row[i] - (size - 1) * i / 39)[at], i);
	}
}

/* --- a mark stack that is too small --- */

/* What hangs on each element is marked before the element's own successor, or after it; and a wide array. */
static void make_bushes(void)
{
	struct cell **wide = gc_malloc(SOME * sizeof(*wide));

	for (int i = 0; i < SOME; i++)
		wide[i] = list(3);
	in_bss = list(SOME);
	for (struct cell *cell = in_bss; cell; cell = cell->next)
		cell->other = list(2);
	in_data = (struct cell *)wide;
}

static __attribute__((noinline)) void check_bushes(void)
{
	check_list(in_bss, SOME);
	for (struct cell *cell = in_bss; cell; cell = cell->next)
		check_list(cell->other, 2);
	for (int i = 0; i < SOME; i++)
		check_list(((struct cell **)in_data)[i], 3);
	in_bss = in_data = NULL;
}

static __attribute__((noinline)) void test_overflow(void)
{
	uint32_t room = gc_mark_room;

	for (gc_mark_room = 1; gc_mark_room < 10; gc_mark_room += 3) {
		CHECK_KEPT(1 + SOME * 3 + SOME * 3, make_bushes);
		make_garbage();
		check_bushes();
	}
	gc_mark_room = room;
}

/* --- calls --- */

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

/* The first refers to the second, the second to the third, that to the first. */
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

static __attribute__((noinline)) void test_calls(void)
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

/* With many, all are called, in their order; what calls are given is kept until then. */
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

static __attribute__((noinline)) void test_many_calls(void)
{
	struct gc_stats before, after;

	gc_stats(&before);
	deep(make_many);
	clear_stack();
	live();
	live();
	gc_stats(&after);
	CHECK_EQ(after.finalized - before.finalized, next_call);
	CHECK(next_call >= 10 * SOME - 2);
}

/* --- memory --- */

static volatile size_t huge = SIZE_MAX;

static __attribute__((noinline)) void test_sizes(void)
{
	char *a = gc_malloc(0), *b = gc_malloc(0);

	CHECK(a && b && a != b);
	for (int i = 0; i < 4; i++) {
		errno = 0;
		CHECK(gc_malloc(huge - i * 4096) == NULL);
		CHECK_EQ(errno, ENOMEM);
		CHECK(gc_malloc_atomic(huge / 2 + 1 + i * 4096) == NULL);
	}
	for (size_t size = 1; size < 300000; size += size / 2 + 1) {
		a = gc_malloc(size);
		for (size_t at = 0; at < size; at++)
			CHECK_EQ(a[at], 0);
		memset(a, 0xee, size);
		CHECK_EQ((uintptr_t)a % 8, 0);
	}
}

/* All that can be had, in a list. */
static void fill_all(void)
{
	uint32_t got = 0;

	for (struct cell *cell; (cell = gc_malloc(got % 50 ? 1000 : 100000)); got++) {
		cell->next = in_data;
		in_data = cell;
	}
	CHECK_EQ(errno, ENOMEM);
	for (struct cell *cell = in_data; cell; cell = cell->next)
		got--;
	CHECK_EQ(got, 0);
}

/* The break cannot go on: a page stands in its way. What can be had is had, then there is no memory, then there is again. */
static void fill_memory(void *unused)
{
	char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & -PAGE);
	struct gc_stats before, after;

	(void)unused;
	deep(fill_bss);
	CHECK(mmap(end + 1024 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
	for (int i = 0; i < 5000; i++)
		CHECK(gc_malloc(i % 100 ? 5000 : 300000) != NULL);
	gc_stats(&before);
	deep(fill_all);
	gc_stats(&after);
	CHECK(after.collections > before.collections);
	check_list(in_bss, SOME);
	in_data = NULL;
	clear_stack();
	for (int i = 0; i < 1000; i++)
		CHECK(gc_malloc(30000) != NULL);
	check_list(in_bss, SOME);
}

static __attribute__((noinline)) void test_no_memory(void)
{
	CHECK_EQ(check_signal_of(fill_memory, NULL), 0);
}

/* A child has a copy of all and collects for itself. */
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

static __attribute__((noinline)) void test_fork(void)
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

static __attribute__((noinline)) void fill_much(void)
{
	in_bss = list(400 * SOME);
}

/* malloc's blocks are what they were; what is collected, malloc can have. */
static __attribute__((noinline)) void test_malloc_beside(void)
{
	static char *block[64];
	char *end;

	for (int i = 0; i < 64; i++) {
		block[i] = malloc(i * 97 + 1);
		memset(block[i], i, i * 97 + 1);
		make_garbage();
	}
	deep(fill_much);
	live();
	for (int i = 0; i < 64; i++) {
		for (int at = 0; at < i * 97 + 1; at++)
			CHECK_EQ(block[i][at], i);
		free(block[i]);
		block[i] = NULL;
	}
	end = sbrk(0);
	in_bss = NULL;
	clear_stack();
	CHECK(live() < SOME);
	block[0] = malloc(300 * SOME * sizeof(struct cell));
	CHECK(block[0] != NULL);
	CHECK((char *)sbrk(0) <= end);
	free(block[0]);
}

/* One object of a hundred lives, so each page has some: what lay between them is room for as many again. */
static void keep_few(void)
{
	struct cell *kept = NULL, *next;
	uint32_t i = 0;

	for (struct cell *cell = list(100 * SOME); cell; cell = next) {
		next = cell->next;
		if (++i % 100 == 0) {
			*cell = (struct cell){ kept, NULL, 0 };
			kept = cell;
		}
	}
	in_bss = kept;
}

static void fill_the_rest(void)
{
	in_bss = list(98 * SOME);
}

static __attribute__((noinline)) void test_room_between(void)
{
	char *end;

	deep(keep_few);
	end = sbrk(0);
	CHECK(live() >= SOME && live() < 2 * SOME);
	in_data = in_bss;
	deep(fill_the_rest);
	CHECK((char *)sbrk(0) <= end);
	check_list(in_bss, 98 * SOME);
	in_bss = in_data = NULL;
}

/* In a signal's handler that has a stack of its own nothing is collected: how much of the other stack is used nobody knows. */
static void on_other_stack(int signal)
{
	struct gc_stats before, after;

	(void)signal;
	gc_stats(&before);
	for (int i = 0; i < 200; i++)
		make_garbage();
	gc_collect();
	gc_stats(&after);
	CHECK_EQ(after.collections, before.collections);
}

static __attribute__((noinline)) void test_other_stack(void)
{
	struct cell *volatile on_stack = list(SOME);
	stack_t stack = { .ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ }, none = { .ss_flags = SS_DISABLE };
	struct sigaction action = { .sa_handler = on_other_stack, .sa_flags = SA_ONSTACK };

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	raise(SIGUSR1);
	CHECK_EQ(sigaltstack(&none, NULL), 0);
	free(stack.ss_sp);
	make_garbage();
	check_list(on_stack, SOME);
	CHECK_KEPT(0, make_garbage);
}

/* Before anything was ever allocated. */
static void test_nothing(void)
{
	struct gc_stats stats;

	gc_collect();
	gc_stats(&stats);
	CHECK_EQ(stats.collections, 0);
}

int main(void)
{
	test_nothing();
	test_roots();
	test_registers();
	test_what_keeps_nothing();
	test_interior();
	test_overflow();
	test_calls();
	test_many_calls();
	test_sizes();
	test_no_memory();
	test_fork();
	test_malloc_beside();
	test_room_between();
	test_other_stack();
	return CHECK_OK();
}
