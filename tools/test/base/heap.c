/*
 * heap.c - user/lib's heap compiled for the 64-bit host under sanitizers, its break in a stretch of low memory.
 *
 * What a caller holds is poisoned while it holds it, and so is what lies behind the break or belongs to others: the
 * address sanitizer then stops the heap at the very instruction that reads or writes a byte that is not its own. Calls are
 * random and seeded; the heap's invariants are checked after each, and the caller's bytes before each block goes.
 *
 * with: user/lib/heap_best.c user/lib/heap_block.c user/lib/heap_slab.c user/lib/heap_spare.c user/lib/heap_map.c user/lib/heap_look.c
 * user/lib/heap_check.c
 */
#define _GNU_SOURCE
#include "user/lib/heap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, bytes) ((void)(p), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(p, bytes) ((void)(p), (void)(bytes))
#endif

enum { LOW = 0x10000000, ROOM = 640 << 10, BLOCKS = 300, CALLS = 60000 };

static struct {
	unsigned char *p, fill;
	size_t size;
} held[BLOCKS];

static char *limit = (char *)(uintptr_t)(LOW + 123);
static unsigned int seed = 20260101, call, refusals;

/* What heap_trace.c has; nothing is traced here. */
bool heap_tracing;

void heap_tell(const char *format, ...)
{
	(void)format;
}

static void expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "call %u: %s\n", call, what);
	exit(1);
}

static unsigned int random_below(unsigned int n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* The break of this test: the bytes below it are the heap's. */
void *sbrk(intptr_t bytes)
{
	char *before = limit;

	if (limit + bytes > (char *)(uintptr_t)(LOW + ROOM)) {
		errno = ENOMEM;
		return (void *)-1;
	}
	limit += bytes;
	if (bytes > 0)
		ASAN_UNPOISON_MEMORY_REGION(before, bytes);
	else if (bytes < 0)
		ASAN_POISON_MEMORY_REGION(limit, -bytes);
	return before;
}

/* Somebody else takes bytes from the break, for good. */
static void take_from_break(void)
{
	size_t bytes = 1 + random_below(100);
	char *his = sbrk(bytes);

	if (his != (char *)-1)
		ASAN_POISON_MEMORY_REGION(his, bytes);
}

static size_t random_size(void)
{
	unsigned int kind = random_below(64);

	return kind == 0 ? random_below(100000) : kind < 8 ? random_below(3000) : random_below(120);
}

static void look_at(int i, size_t bytes)
{
	for (size_t k = 0; k < bytes; k++)
		expect(held[i].p[k] == held[i].fill, "a byte of a block has changed");
}

/* The block is the caller's from now on; the heap may not look at it. */
static void hold(int i, unsigned char *p, size_t size)
{
	held[i].p = p;
	held[i].size = size;
	held[i].fill = random_below(256);
	expect((uintptr_t)p % 8 == 0 && heap_best.usable(p) >= size, "it is not aligned, or has not the size asked for");
	memset(p, held[i].fill, size);
	ASAN_POISON_MEMORY_REGION(p, size);
}

static void let_go(int i)
{
	ASAN_UNPOISON_MEMORY_REGION(held[i].p, held[i].size);
	look_at(i, held[i].size);
}

static void allocate(int i)
{
	size_t size = random_size(), alignment = random_below(10) ? 8 : 16u << random_below(9);
	unsigned char *p = alignment == 8 ? heap_best.malloc(size) : heap_best.aligned(alignment, size);

	expect(p ? (uintptr_t)p % alignment == 0 : errno == ENOMEM, "neither memory nor ENOMEM");
	if (p)
		hold(i, p, size);
	refusals += !p;
}

static void resize(int i)
{
	size_t size = 1 + random_size(), kept = held[i].size;
	unsigned char *p;

	let_go(i);
	p = heap_best.realloc(held[i].p, size);
	if (p) {
		held[i].p = p;
		kept = size < kept ? size : kept;
	}
	look_at(i, kept);
	hold(i, held[i].p, p ? size : kept);
	refusals += !p;
}

static void release(int i)
{
	let_go(i);
	heap_best.free(held[i].p);
	held[i].p = NULL;
}

static void random_call(void)
{
	int i = random_below(BLOCKS);
	const char *wrong;

	if (random_below(400) == 0)
		take_from_break();
	if (!held[i].p)
		allocate(i);
	else if (random_below(3) == 0)
		resize(i);
	else
		release(i);
	wrong = heap_check();
	expect(!wrong, wrong);
}

int main(void)
{
	void *low = mmap((void *)(uintptr_t)LOW, ROOM, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (low != (void *)(uintptr_t)LOW)
		return 2;
	ASAN_POISON_MEMORY_REGION(limit, (char *)low + ROOM - limit);
	for (call = 0; call < CALLS; call++)
		random_call();
	for (int i = 0; i < BLOCKS; i++)
		if (held[i].p)
			release(i);
	expect(heap_check() == NULL && refusals > 0, "at the end");
	return 0;
}
