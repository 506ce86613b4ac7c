/*
 * judge.c - is a text sorted, and does it have the same lines as another one?
 *
 * It keeps only one buffer: each line is compared with the one before it, and two hashes of every
 * line are summed. Sums do not depend on the order, so a sorted text and its source have the same
 * ones; a line lost, duplicated or changed would have to leave both sums unchanged.
 *
 * Source of the hash: Fowler, Noll, Vo (FNV-1a).
 */
#include "work.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 65536 };

static struct {
	char text[ROOM];
	size_t kept, taken, used;	/* the line before, the next one, the end of all */
	bool end, failed;
} input;

bool tally_equal(const struct tally *a, const struct tally *b)
{
	return a->lines == b->lines && a->bytes == b->bytes && a->sum == b->sum &&
	       a->squares == b->squares;
}

static bool write_all(int fd, const char *from, size_t n)
{
	ssize_t done;

	for (; n > 0; from += done, n -= done) {
		done = write(fd, from, n);
		if (done <= 0)
			return false;
	}
	return true;
}

/* Reads more after the bytes in the buffer; the previous line stays, moved to the front. */
static void refill(int in, int out)
{
	ssize_t n;

	memmove(input.text, input.text + input.kept, input.used - input.kept);
	input.used -= input.kept;
	input.taken -= input.kept;
	input.kept = 0;
	/* A byte stays free for the newline that the last line may lack. */
	n = read(in, input.text + input.used, ROOM - 1 - input.used);
	input.failed = n < 0 || input.used == ROOM - 1;
	if (n > 0 && out >= 0 && !write_all(out, input.text + input.used, n))
		input.failed = true;
	input.end = n <= 0 || input.failed;
	input.used += n > 0 ? n : 0;
	if (input.end && input.used > input.taken && input.text[input.used - 1] != '\n')
		input.text[input.used++] = '\n';
}

/* => the bytes of the next line with its newline; 0 at the end. It begins at input.taken. */
static size_t next_line(int in, int out)
{
	char *newline;

	for (;;) {
		newline = memchr(input.text + input.taken, '\n', input.used - input.taken);
		if (newline)
			return newline + 1 - (input.text + input.taken);
		if (input.end)
			return 0;
		refill(in, out);
	}
}

static void count_line(struct tally *tally, const char *line, size_t n)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)line[i]) * 16777619;
	tally->lines++;
	tally->bytes += n;
	tally->sum += hash;
	tally->squares += hash * hash;
}

/* Both end with a newline; a longer line that begins with the other comes later. */
static bool comes_before(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
	size_t shorter = (a_bytes < b_bytes ? a_bytes : b_bytes) - 1;
	int order = memcmp(a, b, shorter);

	return order < 0 || (order == 0 && a_bytes < b_bytes);
}

bool judge_lines(int in, int out, struct tally *tally, bool *in_order)
{
	size_t n, before = 0;

	memset(&input, 0, sizeof(input));
	*tally = (struct tally){ 0 };
	*in_order = true;
	while ((n = next_line(in, out)) > 0) {
		const char *line = input.text + input.taken;

		if (before && comes_before(line, n, input.text + input.kept, before))
			*in_order = false;
		count_line(tally, line, n);
		input.kept = input.taken;
		input.taken += n;
		before = n;
	}
	return !input.failed;
}
