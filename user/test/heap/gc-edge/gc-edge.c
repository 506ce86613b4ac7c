/*
 * gc-edge - edge cases of a collector: where pointers may be and what keeps an object, a mark stack that is too small;
 * calls.c: finalizers; memory.c: limits of sizes and memory, and other users of the heap.
 */
#include "gc-edge.h"

#include "gc/mark.h"

struct cell *in_bss;
struct cell *in_data = (struct cell *)8;

__attribute__((noinline, used)) void clear_stack(void) __asm__("clear_stack");
void clear_stack(void)
{
	volatile char bytes[4 * PAGE];

	memset((char *)bytes, 0, sizeof(bytes));
}

struct counts counts(void)
{
	struct gc_stats stats;
	struct counts counts;

	gc_stats(&stats);
	counts = (struct counts){ stats.live, stats.collections, stats.finalized };
	memset(&stats, 0, sizeof(stats));
	__asm__ volatile("" : : "r"(&stats) : "memory");	/* else the compiler leaves out the memset */
	return counts;
}

uint32_t live(void)
{
	clear_stack();
	gc_collect();
	return counts().live;
}

__attribute__((noinline)) void deep(void (*make)(void))
{
	volatile char bytes[PAGE];

	bytes[0] = 0;
	make();
	CHECK_EQ(bytes[0], 0);
}

__attribute__((noinline)) uint32_t kept(void (*make)(void))
{
	uint32_t before = live();

	deep(make);
	return live() - before;
}

__attribute__((noinline)) struct cell *list(uint32_t length)
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

void check_list(const struct cell *cell, uint32_t length)
{
	for (; length > 0; length--, cell = cell->next)
		CHECK_EQ(cell->value, (length - 1) * 2 + 1);
	CHECK(cell == NULL);
}

/* --- where pointers may be --- */

void make_garbage(void)
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

void fill_bss(void)
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

/* The only pointer is in a callee-saved register, and no function in between has saved it on the stack. */
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

/* The address after an object is not in it. gc.h says so, and the remedy: a byte more. */

enum { LARGE = 100000 };	/* a block of its own, so that no other object begins where it ends */

static char *volatile behind;

static void make_behind(void)
{
	behind = (char *)gc_malloc(LARGE) + LARGE;
}

static void make_last_byte(void)
{
	behind = (char *)gc_malloc(LARGE) + LARGE - 1;
}

static void make_one_more(void)
{
	behind = (char *)gc_malloc(LARGE + 1) + LARGE;
}

static __attribute__((noinline)) void test_behind(void)
{
	CHECK_KEPT(0, make_behind);
	CHECK_KEPT(1, make_last_byte);
	behind = NULL;
	CHECK_KEPT(1, make_one_more);
	behind = NULL;
}

/* Any address in an object keeps it: its memory is not handed out again. */
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

/* The children of each list element are marked before its successor, or after it; and a wide array. */
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
	test_behind();
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
