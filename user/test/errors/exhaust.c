/*
 * exhaust - tasks that use up all memory, in four ways, beside one that only keeps its own.
 *
 * A task that asks for too much is refused (ENOMEM) or killed (SIGKILL); this task, the verifier
 * and the rest continue. Argument: how many times each way, default 1. On a large machine a limit
 * of 256 MiB applies.
 */
#include "check.h"

#include <sys/resource.h>
#include <time.h>

enum { RLIMIT_AS = 9, LIMIT = 256 << 20, CHUNK = 64, TOLD = 7, MINE = 50 };

static bool touch(char *p)
{
	for (int i = 0; p != (char *)-1 && i < CHUNK; i++)
		p[i * PAGE] = i;
	return p != (char *)-1;
}

static void by_the_break(void *unused)
{
	(void)unused;
	while (touch(sbrk(CHUNK * PAGE)))
		;
}

static void by_mappings(void *unused)
{
	(void)unused;
	while (touch(mmap(NULL, CHUNK * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)))
		;
}

static void by_shared_mappings(void *unused)
{
	(void)unused;
	while (touch(mmap(NULL, CHUNK * PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0)))
		;
}

/* Through the heap: blocks of all sizes until malloc fails. */
static void by_malloc(void *unused)
{
	uint32_t seed = 11;
	size_t n;
	char *p;

	(void)unused;
	while ((p = malloc(n = 1000 + check_random(&seed) % 100000)) != NULL)
		for (size_t i = 0; i < n; i += PAGE / 2)
			p[i] = i;
}

struct eater {
	void (*eat)(void *);
};

static void eat(void *eater)
{
	struct rlimit limit = { LIMIT, LIMIT };

	setrlimit(RLIMIT_AS, &limit);
	((struct eater *)eater)->eat(NULL);
	CHECK_EQ(errno, ENOMEM);
	_exit(TOLD);
}

int main(int argc, char **argv)
{
	static struct eater eaters[] = {
		{ by_the_break }, { by_mappings }, { by_shared_mappings }, { by_malloc },
	};
	int times = argc > 1 ? atoi(argv[1]) : 1, status;
	unsigned char *mine = (unsigned char *)check_private(MINE);

	for (int i = 0; i < MINE * PAGE; i++)
		mine[i] = i * 7 >> 3;
	for (int n = 0; n < times; n++) {
		for (size_t i = 0; i < sizeof(eaters) / sizeof(eaters[0]); i++) {
			status = check_in_child(eat, &eaters[i]);
			if (status != TOLD << 8)
				CHECK_EQ(status & 0x7f, SIGKILL);
			for (int k = 0; k < MINE * PAGE; k++)
				CHECK_EQ(mine[k], (unsigned char)(k * 7 >> 3));
		}
	}
	return CHECK_OK();
}
