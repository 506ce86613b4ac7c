/*
 * map.c - sorts a mapped file: memory that is never written needs no swap.
 *
 * The file is mapped, not read: its pages are clean, and when memory runs short they are dropped
 * without being written anywhere, because the file still has them. Only memory that is written, here
 * one part of the result at a time, would have to be swapped. The price is reading:
 * the file is walked once for each part, from one end to the other.
 *
 *  1. Lines at regular distances are taken as samples. The sorted samples cut the order into
 *     parts of about the same size: part p has the lines from cut p on, up to cut p + 1.
 *  2. For each part, the file is walked and the part's lines are copied to a buffer that is used
 *     again and again; they are sorted there and printed.
 *
 * So clean_drop in /proc/vmstat rises with each walk, and pswpout hardly does. Copies are needed because
 * the lines of a part lie all over the file: sorting pointers to them would jump about in it. The
 * part is unmapped as soon as it is printed: the kernel cannot know that its bytes are no longer
 * needed, and would write them to the swap area.
 *
 * Source: Frazer and McKellar, Samplesort (1970).
 */
#include "sort.h"
#include "bin/tool.h"

#include <sys/mman.h>
#include <sys/stat.h>

enum { SAMPLES_PER_PART = 64 };

/* Lines that were copied, one after the other. */
struct part {
	char *text;
	size_t used, count;
};

static const char *text, *text_end;	/* the mapped file, up to and including its last newline */
static char *last_line;			/* a copy of the last line, with the newline that it lacks */
static struct sort_entry *samples;
static size_t sample_count, part_count;

/* Memory that costs nothing until it is touched, and is given back as a whole. */
static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("sort", "memory");
	return p;
}

/* False for an empty file. */
static bool map_file(int fd)
{
	struct stat st;
	size_t rest = 0;
	void *map;

	if (fstat(fd, &st) < 0)
		die("sort", "file");
	if (!S_ISREG(st.st_mode) || st.st_size > PTRDIFF_MAX) {
		errno = S_ISREG(st.st_mode) ? EFBIG : ENODEV;
		die("sort", "mmap");
	}
	if (st.st_size == 0)
		return false;
	map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		die("sort", "mmap");
	text = map;
	text_end = text + st.st_size;
	for (; text_end > text && text_end[-1] != '\n'; text_end--)
		rest++;
	if (rest > 0) {
		last_line = sort_alloc(rest + 1);
		memcpy(last_line, text_end, rest);
		last_line[rest] = '\n';
	}
	return true;
}

/* => the next line; NULL: there is none */
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
		/* => the start of the next line, from anywhere in a line */
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

static void part_add(struct part *part, const char *line)
{
	size_t n = sort_length(line);

	memcpy(part->text + part->used, line, n);
	part->used += n;
	part->count++;
}

static void part_print(const struct part *part)
{
	size_t size = (part->count + part->count / 2 + 1) * sizeof(struct sort_entry);
	struct sort_entry *entries = reserve(size);
	const char *line = part->text;

	for (size_t i = 0; i < part->count; i++, line += sort_length(line))
		entries[i] = sort_entry(line);
	sort_entries(entries, part->count, entries + part->count);
	for (size_t i = 0; i < part->count; i++)
		sort_print(entries[i].line);
	sort_note_peak();
	munmap(entries, size);
}

/* Prints the lines from `low` on and before `high`; NULL: no bound. */
static void sort_part(const char *low, const char *high)
{
	/* Whatever the samples say, the part may be the whole file and one more newline. */
	size_t room = text_end - text + (last_line ? sort_length(last_line) : 0);
	struct part part = { reserve(room), 0, 0 };
	const char *line = text < text_end ? text : last_line;

	for (; line; line = next_line(line))
		if ((!low || sort_compare(line, low) >= 0) &&
		    (!high || sort_compare(line, high) < 0))
			part_add(&part, line);
	part_print(&part);
	munmap(part.text, room);
}

void sort_map(int fd)
{
	if (!map_file(fd))
		return;
	take_samples();
	for (size_t p = 0; p < part_count; p++)
		sort_part(cut(p), cut(p + 1));
}
