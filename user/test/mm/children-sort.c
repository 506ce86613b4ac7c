/*
 * children-sort - eight children sort one part each, and the parent merges: on their stacks, on
 * their heaps, and in place in shared memory.
 *
 * Argument: the number of numbers, default 65536.
 */
#include "check.h"

enum { CHILDREN = 8 };
enum place { STACK, HEAP, IN_PLACE, PLACES };

static uint32_t *numbers;
static size_t count, part;

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void sort_in(uint32_t *buffer, uint32_t *mine)
{
	memcpy(buffer, mine, part * sizeof(*mine));
	qsort(buffer, part, sizeof(*buffer), by_value);
	memcpy(mine, buffer, part * sizeof(*mine));
}

static void sort_on_the_stack(uint32_t *mine)
{
	uint32_t buffer[part];

	sort_in(buffer, mine);
}

static void sort_part(int child, enum place place)
{
	uint32_t *mine = numbers + child * part, *buffer;

	if (place == STACK) {
		sort_on_the_stack(mine);
	} else if (place == HEAP) {
		buffer = malloc(part * sizeof(*buffer));
		CHECK(buffer != NULL);
		sort_in(buffer, mine);
		free(buffer);
	} else {
		qsort(mine, part, sizeof(*mine), by_value);
	}
	_exit(0);
}

/* Walks over the parts in order; the numbers must come in order and give the sum. */
static void merge(uint32_t sum)
{
	size_t next[CHILDREN] = { 0 };
	uint32_t last = 0;

	for (size_t n = 0; n < count; n++) {
		int best = -1;

		for (int c = 0; c < CHILDREN; c++)
			if (next[c] < part && (best < 0 || numbers[c * part + next[c]] <
					       numbers[best * part + next[best]]))
				best = c;
		CHECK(numbers[best * part + next[best]] >= last);
		last = numbers[best * part + next[best]++];
		sum -= last;
	}
	CHECK_EQ(sum, 0);
}

int main(int argc, char **argv)
{
	uint32_t seed = 42;
	int status;

	part = (argc > 1 ? atoi(argv[1]) : 65536) / CHILDREN;
	count = part * CHILDREN;
	numbers = (uint32_t *)check_shared(count * sizeof(*numbers) / PAGE + 1);
	for (enum place place = STACK; place < PLACES; place++) {
		uint32_t sum = 0;

		for (size_t i = 0; i < count; i++)
			sum += numbers[i] = check_random(&seed);
		for (int c = 0; c < CHILDREN; c++)
			if (fork() == 0)
				sort_part(c, place);
		while (wait(&status) > 0)
			CHECK_EQ(status, 0);
		merge(sum);
	}
	return CHECK_OK();
}
