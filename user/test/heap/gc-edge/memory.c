/* memory.c - limits of sizes and memory, malloc beside the collector, reuse of memory, another stack. */
#include "gc-edge.h"

static volatile size_t huge = SIZE_MAX;

__attribute__((noinline)) void test_sizes(void)
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

/* Allocates all that it can get, in a list. */
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

/* The break cannot grow: a page is in its way. All available memory is used, then there is none, then there is again. */
static void fill_memory(void *unused)
{
	char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & -PAGE);
	uint32_t before;

	(void)unused;
	deep(fill_bss);
	CHECK(mmap(end + 1024 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
	for (int i = 0; i < 5000; i++)
		CHECK(gc_malloc(i % 100 ? 5000 : 300000) != NULL);
	before = counts().collections;
	deep(fill_all);
	CHECK(counts().collections > before);
	check_list(in_bss, SOME);
	in_data = NULL;
	clear_stack();
	for (int i = 0; i < 1000; i++)
		CHECK(gc_malloc(30000) != NULL);
	check_list(in_bss, SOME);
}

__attribute__((noinline)) void test_no_memory(void)
{
	CHECK_EQ(check_signal_of(fill_memory, NULL), 0);
}

enum { MANY = 400 };

/* Many lists: a number on the stack that looks like an address in one keeps that alone. */
static __attribute__((noinline)) void fill_much(void)
{
	struct cell **lists = gc_malloc(MANY * sizeof(*lists));

	in_bss = (struct cell *)lists;
	for (int i = 0; i < MANY; i++)
		lists[i] = list(SOME);
}

/* malloc's blocks do not change; collected memory is available to malloc. */
__attribute__((noinline)) void test_malloc_beside(void)
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
	CHECK(live() < 2 * SOME);
	block[0] = malloc((MANY / 2 - 20) * SOME * sizeof(struct cell));	/* fits on one side of a list that was kept */
	CHECK(block[0] != NULL);
	CHECK((char *)sbrk(0) <= end || getenv("MALLOC_DEBUG"));	/* which holds back what was freed */
	free(block[0]);
}

/* One object in a hundred survives, so each page has some: the room between them is reused. */
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

__attribute__((noinline)) void test_room_between(void)
{
	char *end;

	deep(keep_few);
	end = sbrk(0);
	CHECK(live() >= SOME && live() < 2 * SOME);
	in_data = in_bss;
	deep(fill_the_rest);
	CHECK((char *)sbrk(0) <= end || getenv("MALLOC_DEBUG"));
	check_list(in_bss, 98 * SOME);
	in_bss = in_data = NULL;
}

/* In a signal handler on an alternate stack nothing is collected: how much of the other stack is in use is not known. */
static void on_other_stack(int signal)
{
	uint32_t before = counts().collections;

	(void)signal;
	for (int i = 0; i < 200; i++)
		make_garbage();
	gc_collect();
	CHECK_EQ(counts().collections, before);
}

__attribute__((noinline)) void test_other_stack(void)
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
