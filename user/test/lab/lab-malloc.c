/*
 * lab-malloc - the lab `malloc`: blocks are found, split, freed, merged and resized.
 *
 * The grader knows which blocks there are at each stop, and what they hold; the report only says where they are.
 */
#include "lab-heap.h"

#include <errno.h>
#include <sys/mman.h>

enum { FEW = 40, GROUP = 128, MANY = 200, ROUNDS = 3000, CALLS = 20000, HUGE = 0x7ffffff0, WALL = 1 << 20 };

static char *blocks[MANY];
static char *old[MANY];		/* where they were */
static char *bottom;		/* the break before the first call */

static void stop(uint32_t number, uint32_t more)
{
	lab_stop(number, 4, (uint32_t)blocks, (uint32_t)bottom, (uint32_t)sbrk(0), more);
}

static void new_block(int i, uint32_t size)
{
	blocks[i] = malloc(size);
	if (!blocks[i])
		LAB_FAIL("malloc(%u) returned NULL\n", size);
}

static void new_full(int i, uint32_t size)
{
	new_block(i, size);
	lab_fill(blocks[i], size, i);
}

static void drop(int i)
{
	free(blocks[i]);
	blocks[i] = NULL;
}

static void resize(int i, uint32_t size)
{
	blocks[i] = realloc(blocks[i], size);
	if (!blocks[i])
		LAB_FAIL("realloc to %u bytes returned NULL\n", size);
}

/* Forty blocks of drawn sizes; then each second one is freed. */
static void few(void)
{
	for (int i = 0; i < FEW; i++)
		new_full(i, lab_draw(1000 + i) % 700 + 1);
	stop(1, 0);
	for (int i = 1; i < FEW - 1; i += 2)
		drop(i);
	stop(2, 0);
}

/* Ten blocks side by side, larger than any free one before. Some are freed: before a free one, behind one, between two. */
static void merge(void)
{
	static const int freed[] = { 2, 1, 4, 5, 7, 9, 8 };

	for (int i = 0; i < 10; i++)
		new_full(GROUP + i, lab_draw(2000 + i) % 1000 + 1000);
	memcpy(old, blocks, sizeof(old));
	for (int i = 0; i < 7; i++) {
		drop(GROUP + freed[i]);
		if (i == 1 || i == 3)
			stop(3 + i / 2, (uint32_t)old);
	}
	stop(5, (uint32_t)old);
}

/* Eight blocks of one size come and go, one at a time. */
static void again_and_again(void)
{
	uint32_t size = lab_draw(3000) % 500 + 100;

	for (int i = 0; i < 8; i++)
		new_block(FEW + i, size);
	for (int i = 0; i < ROUNDS; i++) {
		int which = FEW + lab_draw(4000 + i) % 8;

		drop(which);
		new_full(which, size);
	}
	stop(6, 0);
}

/* All that there is, in a drawn order: the rest is one free block. */
static void free_all(void)
{
	for (int left = MANY, i; left > 0; left--) {
		i = lab_draw(8000 + left) % left;
		free(blocks[i]);
		blocks[i] = blocks[left - 1];
		blocks[left - 1] = NULL;
	}
	stop(7, 0);
}

/*
 * Seven blocks fill the one free block, but for a small rest at which the next search begins. Three are freed, not in the order of
 * their addresses; three new ones show which place is used first, which next, and where the search goes on.
 */
static void in_turn(void)
{
	uint32_t size = (uint32_t)((char *)sbrk(0) - bottom) / 8 / 7 * 8 - 64;
	int second = lab_draw(7000) % 2 ? 5 : 1;

	for (int i = 0; i < 7; i++)
		new_full(i, size);
	memcpy(old, blocks, sizeof(old));
	drop(3);
	drop(second);
	drop(6 - second);
	new_full(7, size);
	new_full(8, size / 3);
	new_full(9, 100);
	stop(8, (uint32_t)old);
	for (int i = 0; i < 10; i++)
		drop(i);
}

/* Block 0 shrinks, 2 grows into the place of 3, 5 must move, and so must 7, since the free place of 8 is too small. */
static void resize_some(void)
{
	for (int i = 0; i < 10; i++)
		new_full(i, lab_draw(9000 + i) % 500 + 1000);
	memcpy(old, blocks, sizeof(old));
	resize(0, 300);
	stop(9, (uint32_t)old);
	drop(3);
	resize(2, 1900);
	stop(10, (uint32_t)old);
	drop(8);
	resize(5, 4500);
	resize(7, 4500);
	stop(11, (uint32_t)old);
}

/* What is too much is refused, by number or since a page stands in the way of the break; nothing is lost. */
static void refused(void)
{
	static volatile uint32_t huge = HUGE;
	char *wall = mmap((char *)(((uintptr_t)sbrk(0) + PAGE - 1) & -PAGE) + WALL, PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	uint32_t wrong = 0;

	if (wall == MAP_FAILED)
		LAB_FAIL("there is no wall\n");
	errno = 0;
	wrong |= malloc(huge) || errno != ENOMEM ? 1 : 0;
	wrong |= malloc(huge * 2 + 28) ? 2 : 0;
	errno = 0;
	wrong |= realloc(blocks[4], 2 * WALL) || errno != ENOMEM ? 4 : 0;
	wrong |= realloc(blocks[6], huge * 2 + 28) ? 8 : 0;
	stop(12, wrong);
	munmap(wall, PAGE);
	for (int i = 0; i < 10; i++)
		if (blocks[i])
			drop(i);
}

/* The last block before the break moves to a place at the bottom; behind the break there is no memory that could be read. */
static void edge(void)
{
	uint32_t sixth = (uint32_t)((char *)sbrk(0) - bottom) / 6;

	new_full(0, 4 * sixth);
	new_full(1, sixth);
	new_full(2, sixth - 64);
	drop(0);
	resize(2, 3 * sixth);
	stop(13, 0);
	drop(1);
	drop(2);
}

static uint32_t any_size(uint32_t n)
{
	uint32_t r = lab_draw(n);

	return r % 16 == 0 ? r / 16 % 8000 + 1 : r / 16 % 300 + 1;
}

/* Anything, in any order. A block's contents are those of the call that gave it, as far as it was kept. */
static void anything(void)
{
	for (uint32_t n = 10000; n < 10000 + 3 * CALLS; n += 3) {
		int i = lab_draw(n) % MANY;

		if (!blocks[i]) {
			new_block(i, any_size(n + 1));
			lab_fill(blocks[i], any_size(n + 1), n);
		} else if (lab_draw(n + 2) % 4 == 0) {
			resize(i, any_size(n + 1));
		} else {
			drop(i);
		}
	}
	stop(14, 0);
}

int main(int argc, char **argv)
{
	lab_environment(argv, "HEAP=first");
	lab_begin(argc, argv);
	bottom = sbrk(0);
	few();
	merge();
	again_and_again();
	free_all();
	in_turn();
	resize_some();
	refused();
	edge();
	anything();
	return 0;
}
