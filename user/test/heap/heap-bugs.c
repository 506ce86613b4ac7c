/*
 * heap-bugs - mistakes that programs make with the heap, by name: heap-bugs NAME; without an argument, the same code without
 * the mistakes; heap-bugs all: each in each mode of MALLOC_DEBUG. docs/heap-bugs.md has the reports, and
 * tools/test/test_heap_bugs.py compares.
 *
 * Each leaves the heap intact even if it is not detected, so that a report is due to the mode alone.
 */
#include "check.h"

/* Blocks that must be reachable at the end. */
static void *volatile kept;

/* The compiler must not know that it is the same address, nor that the bytes are not used. */
static __attribute__((noinline)) char *same(void *p)
{
	__asm__ volatile("" : "+r"(p) : : "memory");
	return p;
}

static void overflow(bool wrong)
{
	char *p = same(malloc(104));

	p[wrong ? 104 : 103] = 1;
	free(p);
}

static void overflow_odd(bool wrong)
{
	char *p = same(malloc(98));

	p[wrong ? 98 : 97] = 1;
	free(p);
}

static void overflow_far(bool wrong)
{
	char *p = same(malloc(104)), *q = same(malloc(200));

	p[wrong ? 204 : 4] = 1;
	free(q);
	free(p);
}

static void overflow_read(bool wrong)
{
	volatile char *p = same(malloc(104));
	char c = p[wrong ? 104 : 0];

	(void)c;
	free((char *)p);
}

/* A zero, which is there already: in the header with the size of a block. */
static void underflow(bool wrong)
{
	char *p = same(malloc(104));

	p[wrong ? -1 : 0] = 0;
	free(p);
}

static void strcpy_end(bool wrong)
{
	const char *text = same("eight by");
	char *p = same(malloc(strlen(text) + !wrong));

	strcpy(p, text);
	free(p);
}

static void calloc_end(bool wrong)
{
	int *numbers = (int *)same(calloc(10, sizeof(int)));

	for (int i = 0; i < (wrong ? 11 : 10); i++)
		numbers[i] = i;
	free(numbers);
}

/* Enough of one size to share a slab: without a debugger the next one changes. */
static void neighbour(bool wrong)
{
	enum { COUNT = 80 };
	char *objects[COUNT];

	for (int i = 0; i < COUNT; i++)
		objects[i] = same(malloc(24));
	objects[60][wrong ? 24 : 23] = 1;
	for (int i = 0; i < COUNT; i++)
		free(objects[i]);
}

static void read_freed(bool wrong)
{
	volatile char *p = same(malloc(104));
	char *freed = same((char *)p);
	char c;

	p[50] = 1;
	if (!wrong)
		c = p[50];
	free(freed);
	if (wrong)
		c = p[50];
	(void)c;
}

static void write_freed(bool wrong)
{
	char *p = same(malloc(104)), *freed = same(p);

	if (!wrong)
		p[50] = 1;
	free(freed);
	if (wrong)
		p[50] = 1;
}

static void write_moved(bool wrong)
{
	char *p = same(malloc(104)), *behind = same(malloc(104)), *old = same(p);

	p = realloc(p, 4000);
	(wrong ? old : p)[50] = 1;
	free(behind);
	free(p);
}

static void double_free(bool wrong)
{
	char *p = same(malloc(104)), *again = same(p);

	free(p);
	if (wrong)
		free(again);
}

static void free_interior(bool wrong)
{
	char *p = same(malloc(104));

	free(same(p + (wrong ? 16 : 0)));
}

static void free_stack(bool wrong)
{
	char local[16];

	if (wrong)
		free(same(local));
}

static void free_static(bool wrong)
{
	if (wrong)
		free(same("text"));
}

static void realloc_freed(bool wrong)
{
	char *p = same(malloc(104)), *again = same(p);

	if (wrong)
		free(p);
	free(realloc(again, 200));
}

static void realloc_interior(bool wrong)
{
	char *p = same(malloc(104));

	free(realloc(same(p + (wrong ? 8 : 0)), 200));
}

static __attribute__((noinline)) void forget(bool wrong)
{
	char *p = same(malloc(40));

	if (!wrong)
		free(p);
}

static void leak(bool wrong)
{
	for (int i = 0; i < 10; i++)
		forget(wrong);
}

static void overwrite(bool wrong)
{
	kept = malloc(64);
	if (!wrong)
		free(kept);
	kept = malloc(32);
	free(kept);
}

struct item {
	struct item *next;
	char *name;
};

/* The first is freed, and with it the only pointer to the others. */
static void lose_list(bool wrong)
{
	struct item *first = NULL, *item, *next;

	for (int i = 0; i < 3; i++) {
		item = malloc(sizeof(*item));
		item->next = first;
		item->name = strdup("name");
		first = item;
	}
	for (item = first; item; item = wrong ? NULL : next) {
		next = item->next;
		free(item->name);
		free(item);
	}
}

static void reachable(bool wrong)
{
	char **list = (char **)same(calloc(10, sizeof(char *)));

	list[3] = same(malloc(1000)) + 500;
	kept = wrong ? list : NULL;
	if (!wrong) {
		free(list[3] - 500);
		free(list);
	}
}

/* The only pointer is a local variable of the function that calls exit. */
static void reachable_stack(bool wrong)
{
	char *volatile p = same(malloc(72));

	if (wrong)
		exit(CHECK_OK());
	free(p);
}

static void reachable_map(bool wrong)
{
	char **page = (char **)check_private(3);

	page[PAGE / 4] = same(malloc(72));
	if (!wrong)
		free(page[PAGE / 4]);
}

static void reachable_break(bool wrong)
{
	char **own = sbrk(PAGE);

	own[9] = same(malloc(72));
	if (!wrong)
		free(own[9]);
}

static void uninitialised(bool wrong)
{
	char *old = same(malloc(40)), *p;

	memset(old, 's', 40);
	free(old);
	p = same(wrong ? malloc(40) : calloc(1, 40));
	dprintf(STDOUT_FILENO, "reads %02x\n", p[20] & 0xff);
	free(p);
}

static const struct {
	const char *name;
	void (*make)(bool wrong);
} bugs[] = {
	{ "overflow", overflow }, { "overflow-odd", overflow_odd }, { "overflow-far", overflow_far },
	{ "overflow-read", overflow_read }, { "underflow", underflow }, { "strcpy", strcpy_end }, { "calloc", calloc_end },
	{ "neighbour", neighbour }, { "read-freed", read_freed }, { "write-freed", write_freed }, { "write-moved", write_moved },
	{ "double-free", double_free }, { "free-interior", free_interior }, { "free-stack", free_stack },
	{ "free-static", free_static }, { "realloc-freed", realloc_freed }, { "realloc-interior", realloc_interior },
	{ "leak", leak }, { "overwrite", overwrite }, { "lose-list", lose_list }, { "reachable", reachable },
	{ "reachable-stack", reachable_stack }, { "reachable-map", reachable_map }, { "reachable-break", reachable_break },
	{ "uninitialised", uninitialised },
};

enum { BUGS = sizeof(bugs) / sizeof(bugs[0]) };

static void run_one(char *self, const char *name, const char *mode)
{
	char *arguments[] = { self, (char *)name, NULL };
	int status = 0;
	pid_t child;

	dprintf(STDOUT_FILENO, "@ %s %s\n", name, mode);
	child = fork();
	if (child == 0) {
		dup2(STDOUT_FILENO, STDERR_FILENO);
		setenv("MALLOC_DEBUG", mode, true);
		execve(self, arguments, environ);
		_exit(127);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	dprintf(STDOUT_FILENO, "@ %s %d\n", WIFSIGNALED(status) ? "signal" : "status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void run_all(char *self)
{
	static const char *const modes[] = { "", "redzone", "fence", "fence:before", "leaks" };

	for (int i = 0; i < BUGS; i++)
		for (size_t mode = 0; mode < sizeof(modes) / sizeof(modes[0]); mode++)
			run_one(self, bugs[i].name, modes[mode]);
}

int main(int argc, char **argv)
{
	bool known = argc == 1;

	if (argc > 1 && strcmp(argv[1], "all") == 0) {
		run_all(argv[0]);
		return CHECK_OK();
	}
	for (int i = 0; i < BUGS; i++) {
		if (argc > 1 && strcmp(argv[1], bugs[i].name) != 0)
			continue;
		known = true;
		bugs[i].make(argc > 1);
	}
	return known ? CHECK_OK() : 2;
}
