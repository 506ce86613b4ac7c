/*
 * verify - runs beside other programs and checks that its memory does not change.
 *
 *	verify [KIB [ROUNDS [SEED]]]
 *
 * Memory of every kind, the heap, a mapping, a shared mapping, is filled once. Each round, after
 * a sleep of 20 ms in which other tasks run, every word is checked, and one page of each kind is
 * filled anew. Ends with an error at the first wrong word.
 */
#include "check.h"

#include <time.h>

enum { KINDS = 3, WORDS = PAGE / 4 };

static struct {
	uint32_t *words;
	uint32_t *tags;			/* what page i is filled from */
} kinds[KINDS];
static size_t pages;

static void fill(int kind, size_t page, uint32_t tag)
{
	kinds[kind].tags[page] = tag;
	for (size_t i = 0; i < WORDS; i++)
		kinds[kind].words[page * WORDS + i] = tag + i * 0x9e3779b9u;
}

static void verify(int kind, size_t page)
{
	for (size_t i = 0; i < WORDS; i++)
		CHECK_EQ(kinds[kind].words[page * WORDS + i],
			 (uint32_t)(kinds[kind].tags[page] + i * 0x9e3779b9u));
}

int main(int argc, char **argv)
{
	size_t kib = argc > 1 ? atoi(argv[1]) : 256;
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	uint32_t seed = argc > 3 ? atoi(argv[3]) | 1 : 1;

	pages = kib / 4 / KINDS + 1;
	kinds[0].words = malloc(pages * PAGE);
	kinds[1].words = (uint32_t *)check_private(pages);
	kinds[2].words = (uint32_t *)check_shared(pages);
	CHECK(kinds[0].words != NULL);
	for (int kind = 0; kind < KINDS; kind++) {
		kinds[kind].tags = malloc(pages * sizeof(uint32_t));
		CHECK(kinds[kind].tags != NULL);
		for (size_t page = 0; page < pages; page++)
			fill(kind, page, check_random(&seed));
	}
	for (int round = 0; round < rounds; round++) {
		nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
		for (int kind = 0; kind < KINDS; kind++) {
			for (size_t page = 0; page < pages; page++)
				verify(kind, page);
			fill(kind, check_random(&seed) % pages, check_random(&seed));
		}
	}
	return CHECK_OK();
}
