/*
 * regions.c - the regions of the chosen task, from /proc/PID/smaps, and its page tables.
 */
#include "top.h"

#include <proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KIB_PER_PAGE = 4, BAR = 16, FRAMES_PER_TABLE = 3 };

/* One region's pages. */
struct row {
	struct proc_region region;
	char name[64];
	unsigned long size, resident, dirty, swapped;
};

/* Takes a line of smaps. => true: it was the region's last */
static bool take_line(struct row *r, char *line)
{
	static const struct {
		const char *key;
		size_t at;
	} figures[] = {
		{ "Rss", offsetof(struct row, resident) }, { "Shared_Dirty", offsetof(struct row, dirty) },
		{ "Private_Dirty", offsetof(struct row, dirty) }, { "Swap", offsetof(struct row, swapped) },
	};

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		*(unsigned long *)((char *)r + figures[i].at) += sample_field(line, figures[i].key) / KIB_PER_PAGE;
	if (strchr("0123456789abcdef", line[0]) && proc_parse_region(line, &r->region)) {
		r->size = (r->region.end - r->region.start) / 4096;
		snprintf(r->name, sizeof(r->name), "%s", *r->region.name ? r->region.name : "anonymous");
	}
	return strncmp(line, "VmFlags", 7) == 0;
}

static void draw_region(int row, const struct row *r)
{
	static const unsigned char looks[] = { LOOK_YELLOW | LOOK_BOLD, LOOK_GREEN, LOOK_RED, LOOK_PLAIN };
	unsigned long known = r->resident + r->swapped;
	unsigned long counts[] = {
		r->dirty, r->resident - r->dirty, r->swapped, r->size > known ? r->size - known : 0,
	};
	const char *name = strrchr(r->name, '/');
	int column = screen_print(row, 0, LOOK_PLAIN, "%08lx %s %7lu %7lu %7lu %7lu ", r->region.start, r->region.prot,
				  r->size, r->resident, r->dirty, r->swapped);

	screen_bar(row, column, BAR, "#+s.", looks, counts);
	screen_print(row, column + BAR + 1, LOOK_PLAIN, "%s", name ? name + 1 : r->name);
}

/* A table of 1024 entries takes three frames: itself, and the reverse-map records of its entries. */
static void draw_tables(int row, int regions)
{
	const struct task *t = sample_task(choice.pid);
	unsigned long frames = t ? t->tables : 0;

	if (frames)
		screen_print(row, 0, LOOK_PLAIN, "%s: %d regions; %lu frames of tables: directory, %lu tables, reverse map",
			     chosen_name(), regions, frames, (frames - 1) / FRAMES_PER_TABLE);
	else
		screen_print(row, 0, LOOK_PLAIN, "%s: %d regions, no page tables", chosen_name(), regions);
}

void regions_draw(const struct area *a)
{
	char path[32], *line = NULL;
	struct row r = { .size = 0 };
	int regions = 0, room = a->rows - 2;
	size_t size = 0;
	FILE *smaps;

	snprintf(path, sizeof(path), "/proc/%d/smaps", choice.pid);
	smaps = fopen(path, "r");
	while (smaps && getline(&line, &size, smaps) > 0) {
		if (!take_line(&r, line))
			continue;
		if (regions >= choice.scroll && regions - choice.scroll < room)
			draw_region(a->row + 2 + regions - choice.scroll, &r);
		regions++;
		memset(&r, 0, sizeof(r));
	}
	free(line);
	if (smaps)
		fclose(smaps);
	choice.scroll = choice.scroll > regions - room ? (regions > room ? regions - room : 0) : choice.scroll;
	screen_print(a->row, 0, LOOK_PLAIN, "START    PROT   PAGES     RAM   DIRTY SWAPPED #dirty +clean s.  REGION");
	screen_highlight(a->row);
	draw_tables(a->row + 1, regions);
}
