/*
 * heap-edge - edge cases of malloc and its family.
 */
#include "check.h"

/* Keeps the compiler from warning about absurd sizes. */
static volatile size_t huge = SIZE_MAX;

static void absurd_sizes(void)
{
	errno = 0;
	CHECK(malloc(huge) == NULL);
	CHECK_EQ(errno, ENOMEM);
	CHECK(malloc(huge / 2 + 1) == NULL);
	CHECK(malloc(huge - 3) == NULL);
	errno = 0;
	CHECK(calloc(huge / 2, 3) == NULL);
	CHECK_EQ(errno, ENOMEM);
	CHECK(calloc(65536, 65536 + (huge & 0)) == NULL);
	CHECK(calloc(huge, huge) == NULL);
}

static void realloc_edges(void)
{
	char *p = realloc(NULL, 10), *q;

	CHECK(p != NULL);
	strcpy(p, "kept");
	errno = 0;
	CHECK(realloc(p, huge) == NULL);
	CHECK_EQ(errno, ENOMEM);
	CHECK_EQ(strcmp(p, "kept"), 0);
	q = realloc(p, 100000);
	CHECK(q != NULL);
	CHECK_EQ(strcmp(q, "kept"), 0);
	q = realloc(q, 5);
	CHECK_EQ(strcmp(q, "kept"), 0);
	CHECK(realloc(q, 0) == NULL);
}

static void zero_and_null(void)
{
	char *a = malloc(0), *b = malloc(0), *c = calloc(0, 8);

	CHECK(a && b && c && a != b);
	free(a);
	free(b);
	free(c);
	free(NULL);
}

/* Neighbours freed in any order merge into one block that serves a request of their total size. */
static void neighbours_join(void)
{
	static const int orders[6][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};

	for (int n = 0; n < 6; n++) {
		char *p[3], *guard, *end;

		for (int i = 0; i < 3; i++)
			p[i] = malloc(30000);
		guard = malloc(16);
		end = sbrk(0);
		for (int i = 0; i < 3; i++)
			free(p[orders[n][i]]);
		p[0] = malloc(90000);
		CHECK(p[0] != NULL);
		CHECK_AT(sbrk(0), end);
		free(p[0]);
		free(guard);
	}
}

/* Other code may move the break too: its bytes are left alone. */
static void shared_break(void)
{
	char *mine = malloc(100), *his, *after;

	memset(mine, 1, 100);
	his = sbrk(3001);
	CHECK(his != (char *)-1);
	memset(his, 2, 3001);
	after = malloc(200000);
	CHECK(after != NULL);
	memset(after, 3, 200000);
	for (int i = 0; i < 3001; i++)
		CHECK_EQ(his[i], 2);
	for (int i = 0; i < 100; i++)
		CHECK_EQ(mine[i], 1);
	free(mine);
	free(after);
}

/* HEAP_REFS must find the first block by a word on the handler's own stack. */
static void allocate_in_handler(int signal)
{
	char *volatile held = malloc(1234);

	(void)signal;
	CHECK(held);
	free(malloc(4321));
	free(held);
}

static void other_stack(void)
{
	stack_t stack = { .ss_sp = check_private(4), .ss_size = 4 * PAGE }, none = { .ss_flags = SS_DISABLE };
	struct sigaction action = { .sa_handler = allocate_in_handler, .sa_flags = SA_ONSTACK };
	char *volatile held = malloc(2345);

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(sigaltstack(&none, NULL), 0);
	free(malloc(4321));
	free(held);
}

int main(void)
{
	absurd_sizes();
	realloc_edges();
	zero_and_null();
	neighbours_join();
	shared_break();
	other_stack();
	return CHECK_OK();
}
