/*
 * heap-space - where malloc's memory comes from and goes to: free memory at the end goes back, a break that cannot grow loses
 * nothing, a break moved by others does no harm, realloc in place, any alignment. The heap's invariants hold.
 */
#include "lib/heap.h"
#include "check.h"

#include <malloc.h>

static void check_heap(void)
{
	const char *wrong = heap_check();

	if (wrong)
		fprintf(stderr, "%s\n", wrong);
	CHECK(!wrong);
}

static void goes_back(void)
{
	char *low = malloc(100), *before = sbrk(0), *p[16];

	for (int i = 0; i < 16; i++)
		CHECK((p[i] = malloc(100000)) != NULL);
	CHECK((char *)sbrk(0) >= before + 1400000);
	for (int i = 0; i < 16; i++)
		free(p[i]);
	CHECK((char *)sbrk(0) < before + 200000);
	free(low);
}

/* So does that of many small blocks, freed from either end, although the heap keeps some of them for the next request. */
static void goes_back_in_pieces(void)
{
	enum { MANY = 1000 };
	static char *p[MANY];
	char *before = sbrk(0);

	for (int upwards = 0; upwards < 2; upwards++) {
		for (int i = 0; i < MANY; i++)
			CHECK((p[i] = malloc(4072)) != NULL);
		CHECK((char *)sbrk(0) >= before + 4000000);
		for (int i = 0; i < MANY; i++)
			free(p[upwards ? i : MANY - 1 - i]);
		CHECK((char *)sbrk(0) < before + 1000000);
		check_heap();
	}
}

/* A page in the way of the break: the memory there is can be used up to the last block, and failing requests lose nothing. */
static void break_in_the_way(void)
{
	char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & -PAGE), *wall, *kept = malloc(1000), *again;
	static char *got[4000];
	int n = 0, m = 0;

	wall = mmap(end + 64 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK_AT(wall, end + 64 * PAGE);
	memset(kept, 5, 1000);
	errno = 0;
	while (n < 4000 && (got[n] = malloc(200)))
		memset(got[n++], 6, 200);
	CHECK(n > 64 * PAGE / 208 - 64 && n < 4000);
	CHECK_EQ(errno, ENOMEM);
	CHECK((char *)sbrk(0) > wall - 3 * PAGE && (char *)sbrk(0) <= wall);
	CHECK(realloc(kept, 300000) == NULL);
	CHECK(aligned_alloc(65536, 65536) == NULL);
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(kept[i], 5);
	for (int i = 0; i < n; i++) {
		CHECK(got[i][0] == 6 && got[i][199] == 6);
		free(got[i]);
	}
	while (m < 4000 && (got[m] = malloc(200)))
		m++;
	CHECK(m >= n);
	while (m)
		free(got[--m]);
	munmap(wall, PAGE);
	again = malloc(600000);
	CHECK(again != NULL);
	free(again);
	free(kept);
}

/* Other code takes an odd number of bytes from the break each time, which are left alone; blocks before and after stay usable. */
static void others_move_it(void)
{
	char *mine[20], *his[20];

	for (int i = 0; i < 20; i++) {
		mine[i] = malloc(30000);
		memset(mine[i], i, 30000);
		his[i] = sbrk(1 + i * 517);
		memset(his[i], 100 + i, 1 + i * 517);
		check_heap();
	}
	for (int i = 0; i < 20; i++) {
		for (int k = 0; k < 30000; k++)
			CHECK_EQ(mine[i][k], i);
		mine[i] = realloc(mine[i], 45000);
		CHECK(mine[i] && mine[i][29999] == i);
		memset(mine[i], i, 45000);
	}
	for (int i = 0; i < 20; i++) {
		free(mine[i]);
		check_heap();
	}
	for (int i = 0; i < 20; i++)
		for (int k = 0; k < 1 + i * 517; k++)
			CHECK_EQ(his[i][k], 100 + i);
}

static void stays_in_place(void)
{
	char *a = malloc(5000), *b = malloc(5000), *c = malloc(5000), *d = malloc(16);

	memset(b, 7, 5000);
	free(c);
	CHECK_AT(realloc(b, 9000), b);			/* forwards */
	CHECK_AT(realloc(b, 3000), b);
	free(a);
	CHECK_AT(realloc(b, 12000), a);			/* backwards: the next block is not enough */
	for (int i = 0; i < 3000; i++)
		CHECK_EQ(a[i], 7);
	free(a);
	free(d);
}

/* Many small blocks of one size, all freed: a large one fits in their place. */
static void slabs_go_back(void)
{
	static char *small[2000];
	char *wall, *end, *p;

	for (int i = 0; i < 2000; i++)
		small[i] = malloc(48);
	wall = malloc(100);
	end = sbrk(0);
	for (int i = 0; i < 2000; i++)
		free(small[i]);
	p = malloc(80000);
	CHECK(p != NULL);
	CHECK_AT(sbrk(0), end);
	free(p);
	free(wall);
}

/* A block that grows by small steps, beside small ones that come and go, gets the place that it left. */
static void grows_at_the_end(void)
{
	char *big = malloc(4092), *small = malloc(16), *start = sbrk(0), *next;
	size_t size = 4092;

	memset(big, 9, size);
	for (; size < 28000; size += 5) {
		big = realloc(big, size + 5);
		memset(big + size, 9, 5);
		next = malloc(16);
		free(small);
		small = next;
	}
	CHECK((char *)sbrk(0) < start + 28000 - 4092 + 2048);
	for (size_t i = 0; i < size; i++)
		CHECK_EQ(big[i], 9);
	check_heap();
	free(big);
	free(small);
}

static void aligned(void)
{
	void *p = NULL;

	for (size_t alignment = 1; alignment <= 1 << 20; alignment *= 2)
		for (size_t size = 0; size < 5000; size = size * 3 + 1) {
			char *q = aligned_alloc(alignment, size), *r = malloc(size);

			CHECK(q && (uintptr_t)q % alignment == 0 && malloc_usable_size(q) >= size);
			memset(q, 1, malloc_usable_size(q));
			memset(r, 2, malloc_usable_size(r));
			free(q);
			free(r);
		}
	CHECK_EQ(posix_memalign(&p, 3, 8), EINVAL);
	CHECK_EQ(posix_memalign(&p, 64, 100), 0);
	CHECK_EQ((uintptr_t)p % 64, 0);
	free(p);
	CHECK(aligned_alloc(1u << 31, 1u << 30) == NULL);
	CHECK(aligned_alloc(24, 8) == NULL);
	CHECK_EQ(malloc_usable_size(NULL), 0);
}

int main(void)
{
	grows_at_the_end();		/* these come first: they need a heap without holes */
	slabs_go_back();
	goes_back();
	goes_back_in_pieces();
	break_in_the_way();
	others_move_it();
	stays_in_place();
	aligned();
	check_heap();
	return CHECK_OK();
}
