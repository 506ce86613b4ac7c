/*
 * heap-shadow - a million seeded calls of malloc, calloc, realloc, free beside a shadow copy.
 *
 * The shadow has the address, the size and the fill byte of each block. Each block is checked
 * completely before it is resized or freed; this finds a block that overlaps another, or loses its
 * bytes when moved. Arguments: number of calls, seed.
 */
#include "check.h"

enum { BLOCKS = 1000 };

static struct {
	unsigned char *p;
	size_t size;
	unsigned char fill;
} shadow[BLOCKS];

static uint32_t seed = 20260101;
static size_t live_bytes, most_bytes;

static void verify(int i, size_t n)
{
	for (size_t k = 0; k < n; k++)
		CHECK_EQ(shadow[i].p[k], shadow[i].fill);
}

static void fill(int i, size_t size)
{
	shadow[i].size = size;
	shadow[i].fill = check_random(&seed);
	memset(shadow[i].p, shadow[i].fill, size);
	live_bytes += size;
	if (live_bytes > most_bytes)
		most_bytes = live_bytes;
}

/* Mostly small, sometimes pages, seldom large: as in programs. */
static size_t random_size(void)
{
	uint32_t r = check_random(&seed);

	if (r % 64 == 0)
		return r / 64 % 20000;
	return r % 8 == 0 ? r / 8 % 2000 : r / 8 % 100;
}

static void allocate(int i)
{
	size_t size = random_size();
	bool zeroed = check_random(&seed) % 4 == 0;

	shadow[i].p = zeroed ? calloc(1, size) : malloc(size);
	CHECK(shadow[i].p != NULL);
	CHECK_EQ((uintptr_t)shadow[i].p % 8, 0);
	if (zeroed)
		for (size_t k = 0; k < size; k++)
			CHECK_EQ(shadow[i].p[k], 0);
	fill(i, size);
}

static void resize(int i)
{
	size_t size = random_size() + 1, old = shadow[i].size;

	verify(i, old);
	shadow[i].p = realloc(shadow[i].p, size);
	CHECK(shadow[i].p != NULL);
	verify(i, old < size ? old : size);
	live_bytes -= old;
	fill(i, size);
}

static void release(int i)
{
	verify(i, shadow[i].size);
	free(shadow[i].p);
	shadow[i].p = NULL;
	live_bytes -= shadow[i].size;
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atoi(argv[1]) : 1000000;
	char *start = sbrk(0);

	seed = argc > 2 ? (uint32_t)atoi(argv[2]) | 1 : seed;
	for (long n = 0; n < calls; n++) {
		int i = check_random(&seed) % BLOCKS;

		if (!shadow[i].p)
			allocate(i);
		else if (check_random(&seed) % 3 == 0)
			resize(i);
		else
			release(i);
	}
	for (int i = 0; i < BLOCKS; i++)
		if (shadow[i].p)
			release(i);
	/* No proof of economy, but a heap that never reused memory would be far larger. */
	CHECK((size_t)((char *)sbrk(0) - start) < 3 * most_bytes + (256 << 10));
	return CHECK_OK();
}
