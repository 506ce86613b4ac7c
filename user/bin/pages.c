/*
 * pages - the pages of a task, one character each: pages TASK [START-END]. TASK is a number or a name.
 *
 * /proc/PID/maps lists the regions, /proc/PID/pagemap has a word for each page: is it in RAM, in swap,
 * of a file or shared, mapped only once? A line shows 64 pages, 256 KiB; lines equal to the one
 * before are counted, not printed. It runs on Linux too, as root, for tasks below 4 GiB.
 */
#include "tool.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <proc.h>
#include <stdbool.h>

enum { ROW = 64, PAGE = 4096 };

static const char kinds[] = "#s=f.";
static const char *const meaning[] = {
	"RAM", "swap", "shared", "file", "untouched",
};
static unsigned long totals[sizeof(kinds) - 1];

/* => the character of a page. Swap is tested first: how often a page in swap is mapped is not known. */
static char kind_of(uint64_t word, const struct proc_region *region)
{
	if (word & PAGEMAP_SWAPPED)
		return 's';
	if (!(word & PAGEMAP_PRESENT))
		return '.';
	if (region->prot[3] == 's' || !(word & PAGEMAP_EXCLUSIVE))
		return '=';
	return word & PAGEMAP_FILE ? 'f' : '#';
}

/* Reads and counts the kinds of `count` pages. A page that cannot be read counts as untouched. */
static void read_row(int fd, const struct proc_region *region, unsigned long address, size_t count,
		     char row[ROW + 1])
{
	uint64_t words[ROW];
	ssize_t got = proc_pagemap(fd, address, words, count);

	for (size_t i = 0; i < count; i++) {
		row[i] = kind_of((ssize_t)i < got ? words[i] : 0, region);
		totals[strchr(kinds, row[i]) - kinds]++;
	}
	row[count] = '\0';
}

static void print_repeats(unsigned long repeats)
{
	if (repeats)
		printf("          %lu more row%s like this\n", repeats, repeats > 1 ? "s" : "");
}

static void print_region(int fd, const struct proc_region *region)
{
	char row[ROW + 1], shown[ROW + 1] = "";
	unsigned long repeats = 0, address, pages = (region->end - region->start) / PAGE;

	printf("%08lx-%08lx %s %s (%lu page%s)\n", region->start, region->end, region->prot,
	       *region->name ? region->name : "anonymous", pages, pages > 1 ? "s" : "");
	for (address = region->start; pages > 0; address += ROW * PAGE) {
		size_t count = pages < ROW ? pages : ROW;

		read_row(fd, region, address, count, row);
		pages -= count;
		if (strcmp(row, shown) == 0) {
			repeats++;
			continue;
		}
		print_repeats(repeats);
		repeats = 0;
		printf(" %08lx %s\n", address, row);
		strcpy(shown, row);
	}
	print_repeats(repeats);
}

static void print_totals(void)
{
	printf("\n");
	for (size_t i = 0; i < sizeof(meaning) / sizeof(meaning[0]); i++)
		printf("%c %s %lu%s", kinds[i], meaning[i], totals[i],
		       kinds[i + 1] ? "   " : " (pages of 4 KiB)\n");
}

static bool has_name(const char *pid, const char *wanted)
{
	char path[64], text[512], *name, *end;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	if (proc_text(path, text, sizeof(text)) <= 0)
		return false;
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!name || !end)
		return false;
	*end = '\0';
	return strcmp(name + 1, wanted) == 0;
}

/* The newest task of that name; 0 without one. */
static int find_task(const char *name)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	int pid = 0;

	if (!dir)
		die("pages", "/proc");
	while ((entry = readdir(dir)) != NULL)
		if (isdigit(entry->d_name[0]) && atoi(entry->d_name) > pid &&
		    has_name(entry->d_name, name))
			pid = atoi(entry->d_name);
	closedir(dir);
	return pid;
}

static bool exists(int pid)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	return stat(path, &st) == 0;
}

/* Cuts it down to the part within `only`; false when there is none. */
static bool clip(struct proc_region *region, const struct proc_region *only)
{
	if (region->start < only->start)
		region->start = only->start;
	if (region->end > only->end)
		region->end = only->end;
	return region->start < region->end;
}

/* START-END, in hexadecimal as in /proc/PID/maps; whole pages. */
static bool parse_range(const char *text, struct proc_region *range)
{
	char *end;

	range->start = strtoul(text, &end, 16);
	if (end == text || *end != '-')
		return false;
	text = end + 1;
	range->end = strtoul(text, &end, 16);
	return end != text && !*end && range->start < range->end && range->start % PAGE == 0 && range->end % PAGE == 0;
}

static void print_task(int pid, const struct proc_region *only)
{
	char path[64], *line = NULL;
	struct proc_region region;
	size_t room = 0;
	FILE *maps;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		die("pages", path);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	if (!maps)
		die("pages", path);
	while (getline(&line, &room, maps) > 0)
		if (proc_parse_region(line, &region) && clip(&region, only))
			print_region(fd, &region);
	print_totals();
}

int main(int argc, char **argv)
{
	static const char text[] = "pages TASK [START-END] (a number or a name; only these addresses)";
	struct proc_region only = { .start = 0, .end = ~0ul };
	int pid;

	(void)argc;
	argv = operands(text, argv, 1, 2);
	if (argv[1] && !parse_range(argv[1], &only))
		not_accepted(text, argv[1], strlen(argv[1]));
	pid = argv[0][strspn(argv[0], "0123456789")] ? find_task(argv[0]) : atoi(argv[0]);
	if (!exists(pid)) {
		fprintf(stderr, "pages: there is no task %s; ps lists them\n", argv[0]);
		return 1;
	}
	print_task(pid, &only);
	return finish("pages", 0);
}
