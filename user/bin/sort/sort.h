/*
 * sort.h - what the three ways to sort share: lines, their order, and the peak of memory use.
 *
 * A line is a pointer to its first byte; it always ends with a newline, and may hold any other
 * byte.
 */
#ifndef USER_BIN_SORT_H
#define USER_BIN_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SORT_RUN_BYTES = 1 << 20, SORT_RUN_LINES = 1 << 16 };

/*
 * A line with its first four bytes as a number, high byte first, zeros behind its end. Most
 * comparisons are decided by the keys alone.
 */
struct sort_entry {
	uint32_t key;
	const char *line;
};

/* => the bytes of a line with its newline */
size_t sort_length(const char *line);

/* Bytes as unsigned numbers; a line sorts before a longer one that begins with it: LC_ALL=C. */
int sort_compare(const char *a, const char *b);

struct sort_entry sort_entry(const char *line);

static inline bool sort_before(const struct sort_entry *a, const struct sort_entry *b)
{
	return a->key != b->key ? a->key < b->key : sort_compare(a->line, b->line) < 0;
}

/* Sorts n entries by merging; `spare` has room for half as many. */
void sort_entries(struct sort_entry *entries, size_t n, struct sort_entry *spare);

/* malloc(); without memory the program ends. */
void *sort_alloc(size_t size);

/* Writes a line to standard output; a failure ends the program. */
void sort_print(const char *line);

/* Notes VmRSS + VmSwap if it is higher than before; nothing without --stats. */
void sort_note_peak(void);

/* A file read piece by piece. */
struct sort_input {
	int fd;
	char *text;			/* [0, used) has been read and not yet been taken */
	size_t room, used;
	size_t taken;			/* the lines returned last end here */
	int end;
};

/*
 * The next lines: at least one, at most n and about SORT_RUN_BYTES, valid until the next call.
 * => their number; 0 at the end of the file. A last line without a newline gets one.
 */
size_t sort_read(struct sort_input *in, struct sort_entry *entries, size_t n);

/* The three ways: each reads descriptor fd and prints. */
void sort_runs(int fd);
void sort_jump(int fd);
void sort_map(int fd);

#endif
