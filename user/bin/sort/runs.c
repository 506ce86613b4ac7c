/*
 * runs.c - sorts more than fits into memory, by sequential access.
 *
 * Sequential access is cheap: a page that is used once, completely, costs one page-in and at most
 * one page-out, however small memory is; a page that is used again and again, a little each time,
 * costs that each time. A sort that jumps about over all its lines has every page in its working
 * set: with less memory than that nearly each comparison is a page fault, a hundred thousand times
 * slower. So:
 *
 *  1. A run, as much text as certainly fits into memory (1 MiB), is read and sorted: all random
 *     access stays within those pages. Then each line gets malloc'ed memory of its own, in sorted
 *     order. Consecutive allocations are adjacent, so the run lies sorted in memory.
 *  2. Several runs at a time are merged into a longer one, by moving each line: it is allocated anew
 *     and its old place is freed. The sources are read sequentially; the result, which grows into
 *     the memory that the sources free, is sequential again. At any time one page of each source
 *     and one of the result must be in memory, some ten in all, however long the text is.
 *  3. When one run is left it is printed, from one end to the other.
 *
 * If the lines were relinked instead of moved, the first merge would be as good, but its result
 * would wind through all its sources, and the next merge would jump about. Moving costs a copy
 * of each line (some bytes) and saves page faults (4 KiB and a disk each). Each pass over the
 * text moves all of it through memory once: with eight ways, 24 MiB are in order after two.
 *
 * Source: Knuth, The Art of Computer Programming, 5.4 (external sorting): memory instead of tapes.
 */
#include "sort.h"
#include "bin/tool.h"

enum { WAYS = 8 };

struct line {
	struct line *next;
	uint32_t key;			/* the key that sort_entry() would compute again at each merge */
	char text[];			/* up to its newline */
};

struct run {
	struct line *first, **end;	/* end: the link for the next line */
};

static struct run *runs;
static size_t run_count, run_room;

static void run_append(struct run *run, const struct sort_entry *entry)
{
	size_t n = sort_length(entry->line);
	struct line *line = sort_alloc(sizeof(*line) + n);

	memcpy(line->text, entry->line, n);
	line->key = entry->key;
	line->next = NULL;
	*run->end = line;
	run->end = &line->next;
}

/* Appends a new run, the caller sets its end. The other runs may move in memory. */
static struct run *run_new(void)
{
	if (run_count == run_room) {
		run_room = run_room ? run_room * 2 : 64;
		runs = realloc(runs, run_room * sizeof(*runs));
		if (!runs)
			die("sort", "memory");
	}
	runs[run_count].first = NULL;
	return &runs[run_count++];
}

static void make_runs(int fd)
{
	struct sort_input in = { .fd = fd };
	struct sort_entry *entries = sort_alloc(SORT_RUN_LINES * sizeof(*entries));
	struct sort_entry *spare = sort_alloc(SORT_RUN_LINES / 2 * sizeof(*spare));
	size_t n;

	while ((n = sort_read(&in, entries, SORT_RUN_LINES)) > 0) {
		struct run *run = run_new();

		sort_entries(entries, n, spare);
		run->end = &run->first;
		for (size_t i = 0; i < n; i++)
			run_append(run, &entries[i]);
		sort_note_peak();
	}
	free(in.text);
	free(entries);
	free(spare);
}

/* => the source whose first line is the smallest */
static size_t smallest(const struct sort_entry *sources, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (sort_before(&sources[i], &sources[best]))
			best = i;
	return best;
}

static struct sort_entry entry_of(const struct line *line)
{
	return (struct sort_entry){ line->key, line->text };
}

static struct line *line_of(const struct sort_entry *entry)
{
	return (struct line *)(entry->line - offsetof(struct line, text));
}

/* Moves the lines of n runs into one; their old places are free afterwards. */
static struct line *merge(const struct run *from, size_t n)
{
	struct run result = { NULL, &result.first };
	struct sort_entry sources[WAYS];
	struct line *line, *next;
	size_t i;

	for (i = 0; i < n; i++)
		sources[i] = entry_of(from[i].first);
	while (n > 0) {
		i = smallest(sources, n);
		line = line_of(&sources[i]);
		next = line->next;
		run_append(&result, &sources[i]);
		free(line);
		sources[i] = next ? entry_of(next) : sources[--n];
	}
	return result.first;
}

static void merge_all(void)
{
	while (run_count > 1) {
		size_t merged = 0;

		for (size_t i = 0; i < run_count; i += WAYS) {
			size_t n = run_count - i < WAYS ? run_count - i : WAYS;

			runs[merged++].first = n == 1 ? runs[i].first : merge(&runs[i], n);
			sort_note_peak();
		}
		run_count = merged;
	}
}

void sort_runs(int fd)
{
	make_runs(fd);
	merge_all();
	if (run_count == 1)
		for (struct line *line = runs[0].first; line; line = line->next)
			sort_print(line->text);
	sort_note_peak();
}
