/*
 * jump.c - sorts without regard to memory: all lines, an array of pointers to them, heapsort.
 *
 * Each step of heapsort compares two lines anywhere in the text. As long as everything fits into memory
 * this is as good as any other order; beyond that nearly every comparison waits for a page from the
 * disk. It is here for comparison with runs.c, on a text that is not too large.
 */
#include "sort.h"
#include "bin/tool.h"

static const char **all;
static size_t count, room;

static void keep(const char *text)
{
	size_t n = sort_length(text);

	if (count == room) {
		room = room ? room * 2 : 1024;
		all = realloc(all, room * sizeof(*all));
		if (!all)
			die("sort", "memory");
	}
	all[count++] = memcpy(sort_alloc(n), text, n);
}

static int compare(const void *a, const void *b)
{
	return sort_compare(*(const char *const *)a, *(const char *const *)b);
}

void sort_jump(int fd)
{
	struct sort_entry *entries = sort_alloc(SORT_RUN_LINES * sizeof(*entries));
	struct sort_input in = { .fd = fd };
	size_t n;

	while ((n = sort_read(&in, entries, SORT_RUN_LINES)) > 0)
		for (size_t i = 0; i < n; i++)
			keep(entries[i].line);
	free(in.text);
	free(entries);
	sort_note_peak();
	qsort(all, count, sizeof(*all), compare);
	for (size_t i = 0; i < count; i++)
		sort_print(all[i]);
	sort_note_peak();
}
