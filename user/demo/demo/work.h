/*
 * work.h - the parts of the last demo: a judge of sorted text, tasks that guard their own
 * memory.
 */
#ifndef USER_DEMO_DEMO_WORK_H
#define USER_DEMO_DEMO_WORK_H

#include <stdbool.h>
#include <stdint.h>

/* A text regardless of the order of its lines: equal sets of lines have equal tallies. */
struct tally {
	uint32_t lines, bytes;		/* a last line without newline counts as if it had one */
	uint32_t sum, squares;		/* of the lines' hashes */
};

bool tally_equal(const struct tally *a, const struct tally *b);

/*
 * Reads lines from `in` to the end, tallies them, and passes every byte on to `out` (-1:
 * nowhere). => is no line before its predecessor? False too when it cannot be read or a line is
 * too long.
 */
bool judge_lines(int in, int out, struct tally *tally, bool *in_order);

/* A task that encrypts, decrypts and verifies memory of its own until it is stopped. */
struct crypt {
	uint32_t seed, pages;
	volatile bool *stop;
	volatile uint32_t rounds, wrong;	/* rounds done; words that came back wrong */
};

void crypt_run(void *crypt);

#endif
