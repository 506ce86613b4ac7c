/*
 * sort_map.c - sorting a mapped file: memory that nobody writes needs no swap.
 *
 * The file is mapped, not read: its pages are clean, and when memory runs short they are dropped without
 * being written anywhere, because the file has them still. Only what is written, here one part of the
 * result at a time, is memory that would have to be swapped. The price is reading: the file is walked
 * once for each part, from one end to the other.
 *
 *  1. Every so many bytes a line is taken as a sample. The sorted samples cut the order into parts of
 *     about the same size: part p has the lines from cut p on, up to cut p + 1.
 *  2. For each part, the file is walked and the part's lines are copied to a buffer that is used again
 *     and again; they are sorted there and printed.
 *
 * So clean_drop in /proc/vmstat rises with each walk, and pswpout hardly. Copies are needed because the
 * lines of a part lie all over the file: sorting pointers to them would jump about in it.
 *
 * Source: Frazer and McKellar, Samplesort (1970).
 */
#include "sort.h"
#include "tool.h"

#include <sys/mman.h>
#include <sys/stat.h>

enum { SAMPLES_PER_PART = 64 };

struct part {
	char *text;			/* lines one after the other; [0, used) */
	size_t used, room;
	struct sort_entry *lines;	/* and where each of them begins */
	size_t count, line_room;
};

static const char *text, *text_end;	/* the mapped file, up to and including its last newline */
static char *last_line;			/* a copy of what stands behind that, with a newline */
static struct sort_entry *samples;
static size_t sample_count, part_count;

static void *enlarge(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		die("sort", "memory");
	return p;
}

static void map_file(int fd)
{
	struct stat st;
	size_t rest = 0;
	void *map;

	if (fstat(fd, &st) < 0)
		die("sort", "file");
	if (st.st_size == 0)
		return;
	if (st.st_size > PTRDIFF_MAX) {
		errno = EFBIG;
		die("sort", "mmap");
	}
	map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		die("sort", "mmap");
	text = map;
	text_end = text + st.st_size;
	for (; text_end > text && text_end[-1] != '\n'; text_end--)
		rest++;
	if (rest == 0)
		return;
	last_line = sort_alloc(rest + 1);
	memcpy(last_line, text_end, rest);
	last_line[rest] = '\n';
}

/* The line behind this one; NULL when there is none. */
static const char *next_line(const char *line)
{
	if (line == last_line)
		return NULL;
	line += sort_length(line);
	return line < text_end ? line : last_line;
}

static void take_samples(void)
{
	size_t size = text_end - text, wanted, step;

	part_count = size / SORT_RUN_BYTES / 2 + 1;
	wanted = part_count * SAMPLES_PER_PART;
	step = size / wanted;
	samples = sort_alloc(2 * wanted * sizeof(*samples));
	for (size_t i = 0; i < wanted && part_count > 1; i++) {
		/* From somewhere in a line to the next one's start. */
		const char *line = next_line(text + i * step);

		if (line)
			samples[sample_count++] = sort_entry(line);
	}
	sort_entries(samples, sample_count, samples + wanted);
}

/* The first line of part p; NULL for the first and behind the last: no bound. */
static const char *cut(size_t p)
{
	if (p == 0 || p >= part_count || sample_count == 0)
		return NULL;
	return samples[p * sample_count / part_count].line;
}

/* Appends a line; pointers are made later, for the text may move. */
static void part_add(struct part *part, const char *line)
{
	size_t n = sort_length(line);

	while (part->used + n > part->room)
		part->text = enlarge(part->text, part->room = part->room * 2 + SORT_RUN_BYTES);
	memcpy(part->text + part->used, line, n);
	part->used += n;
	part->count++;
}

static void part_print(struct part *part)
{
	const char *line = part->text;

	if (part->count > part->line_room) {
		part->line_room = part->count + part->count / 4;
		part->lines = enlarge(part->lines, 2 * part->line_room * sizeof(*part->lines));
	}
	for (size_t i = 0; i < part->count; i++, line += sort_length(line))
		part->lines[i] = sort_entry(line);
	sort_entries(part->lines, part->count, part->lines + part->count);
	for (size_t i = 0; i < part->count; i++)
		sort_print(part->lines[i].line);
	part->used = part->count = 0;
}

void sort_map(int fd)
{
	struct part part = { 0 };

	map_file(fd);
	take_samples();
	for (size_t p = 0; p < part_count; p++) {
		const char *low = cut(p), *high = cut(p + 1);
		const char *line = text < text_end ? text : last_line;

		for (; line; line = next_line(line))
			if ((!low || sort_compare(line, low) >= 0) &&
			    (!high || sort_compare(line, high) < 0))
				part_add(&part, line);
		part_print(&part);
		sort_note_peak();
	}
}
