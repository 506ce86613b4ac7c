/*
 * sort - sorts lines by their bytes, as LC_ALL=C sort does; FILE or standard input.
 *
 *	sort [FILE]		runs that fit into memory, merged: runs.c says why
 *	sort --jump [FILE]	one array of pointers, heapsort: shows what random access costs
 *	sort --mmap FILE	the file mapped, not copied: pages that are never written need no swap
 *	--stats			at the end, to standard error: the most memory held, pages swapped
 */
#define MISUSED 2
#include "sort.h"
#include "bin/tool.h"

#include <fcntl.h>
#include <proc.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

static bool stats;
static long long peak_kib;

size_t sort_length(const char *line)
{
	const char *p = line;

	while (*p != '\n')
		p++;
	return p + 1 - line;
}

int sort_compare(const char *a, const char *b)
{
	while (*a == *b) {
		if (*a == '\n')
			return 0;
		a++;
		b++;
	}
	/* A newline is the end, so it comes before every byte, even those below it. */
	if (*a == '\n' || *b == '\n')
		return *a == '\n' ? -1 : 1;
	return (unsigned char)*a - (unsigned char)*b;
}

struct sort_entry sort_entry(const char *line)
{
	struct sort_entry entry = { 0, line };
	bool end = false;

	for (int i = 0; i < 4; i++) {
		end = end || line[i] == '\n';
		entry.key = entry.key << 8 | (end ? 0 : (unsigned char)line[i]);
	}
	return entry;
}

/* Merge sort: the left half goes to `spare`, and is merged back with the right one. */
void sort_entries(struct sort_entry *entries, size_t n, struct sort_entry *spare)
{
	size_t half = n / 2, i, left = 0, right = half;

	if (n < 2)
		return;
	sort_entries(entries, half, spare);
	sort_entries(entries + half, n - half, spare);
	memcpy(spare, entries, half * sizeof(*entries));
	for (i = 0; left < half; i++) {
		if (right < n && sort_before(&entries[right], &spare[left]))
			entries[i] = entries[right++];
		else
			entries[i] = spare[left++];
	}
}

void *sort_alloc(size_t size)
{
	void *p = malloc(size);

	if (!p)
		die("sort", "memory");
	return p;
}

void sort_print(const char *line)
{
	size_t n = sort_length(line);

	if (fwrite(line, 1, n, stdout) != n)
		die("sort", "write error");
}

void sort_note_peak(void)
{
	long long rss, swap;

	if (!stats)
		return;
	rss = proc_number("/proc/self/status", "VmRSS");
	swap = proc_number("/proc/self/status", "VmSwap");
	if (rss != PROC_ABSENT && rss + (swap > 0 ? swap : 0) > peak_kib)
		peak_kib = rss + (swap > 0 ? swap : 0);
}

/* Moves the lines that were not taken to the front and reads until the buffer is full or the file ends. */
static void refill(struct sort_input *in)
{
	ssize_t n;

	memmove(in->text, in->text + in->taken, in->used - in->taken);
	in->used -= in->taken;
	in->taken = 0;
	/* A byte stays free for the newline that the last line may lack. */
	while (!in->end && in->used + 1 < in->room) {
		n = read(in->fd, in->text + in->used, in->room - 1 - in->used);
		if (n < 0)
			die("sort", "read error");
		in->end = n == 0;
		in->used += n;
	}
	if (in->end && in->used > 0 && in->text[in->used - 1] != '\n')
		in->text[in->used++] = '\n';
}

size_t sort_read(struct sort_input *in, struct sort_entry *entries, size_t n)
{
	size_t count = 0;
	char *newline;

	if (!in->text)
		in->text = sort_alloc(in->room = SORT_RUN_BYTES);
	for (refill(in); count == 0 && in->used > 0; refill(in)) {
		while (count < n && (newline = memchr(in->text + in->taken, '\n',
						       in->used - in->taken))) {
			entries[count++] = sort_entry(in->text + in->taken);
			in->taken = newline + 1 - in->text;
		}
		if (count > 0)
			break;
		/* One line is longer than the buffer. */
		in->text = realloc(in->text, in->room *= 2);
		if (!in->text)
			die("sort", "memory");
	}
	return count;
}

static void print_stats(void)
{
	fprintf(stderr, "sort: most memory held (VmRSS + VmSwap): %lld KiB\n", peak_kib);
	fprintf(stderr, "sort: pswpin %lld pswpout %lld clean_drop %lld\n",
		proc_number("/proc/vmstat", "pswpin"), proc_number("/proc/vmstat", "pswpout"),
		proc_number("/proc/vmstat", "clean_drop"));
}

int main(int argc, char **argv)
{
	static const char text[] = "sort [--jump | --mmap] [--stats] [FILE]";
	void (*sort)(int fd) = sort_runs;
	int fd = STDIN_FILENO;

	for (argv++, argc--; argc > 0 && argv[0][0] == '-' && argv[0][1]; argv++, argc--) {
		if (strcmp(*argv, "--jump") == 0)
			sort = sort_jump;
		else if (strcmp(*argv, "--mmap") == 0)
			sort = sort_map;
		else if (strcmp(*argv, "--stats") == 0)
			stats = true;
		else
			not_accepted(text, *argv, strlen(*argv));
	}
	if (argc > 1)
		usage(text);
	if (argc == 1 && strcmp(*argv, "-") != 0 && (fd = open(*argv, O_RDONLY)) < 0)
		die("sort", *argv);
	sort(fd);
	if (stats)
		print_stats();
	return finish("sort", 0);
}
