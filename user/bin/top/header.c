/*
 * header.c - the rows above every screen: frames by state, swap, page faults by row of the fault table, pages in and out.
 *
 * The first frame has no sample before it to compare with: it shows the counts since boot.
 */
#include "top.h"

#include <stdio.h>
#include <string.h>

enum { BAR = 8 };		/* the column where bars begin */

static void draw_title(void)
{
	unsigned long seconds = sample.ms / 1000;
	int column = screen_print(0, 0, LOOK_BOLD, "top");

	column = screen_print(0, column, LOOK_PLAIN, " - up %lu:%02lu:%02lu, %d tasks, %d swapped out as a whole, policy ",
			      seconds / 3600, seconds / 60 % 60, seconds % 60, sample.tasks, sample.out);
	screen_print(0, column, LOOK_BOLD, "%s", sample.policy);
}

static void draw_frames(void)
{
	static const char letters[] = "KTAF.";
	static const char *const names[] = { "kernel", "tables", "anon", "file", "free" };
	static const unsigned char looks[] = { LOOK_CYAN, LOOK_MAGENTA, LOOK_GREEN | LOOK_BOLD, LOOK_GREEN, LOOK_PLAIN };
	const struct frames *f = &sample.frames;
	const unsigned long counts[] = { f->kernel, f->tables, f->anon, f->file, f->free };
	char total[24];
	int width, column = BAR;

	snprintf(total, sizeof(total), "] %lu", f->total - f->reserved);
	width = screen_columns() - BAR - 1 - strlen(total) - 1;
	screen_print(1, 0, LOOK_PLAIN, "Frames");
	screen_print(1, BAR, LOOK_PLAIN, "[");
	screen_bar(1, BAR + 1, width, letters, looks, counts);
	screen_print(1, BAR + 1 + width, LOOK_PLAIN, "%s", total);
	for (int i = 0; i < 5; i++) {
		column = screen_print(2, column, looks[i], "%c ", letters[i]);
		column = screen_print(2, column, LOOK_PLAIN, "%s %lu  ", names[i], counts[i]);
	}
}

static void draw_swap(void)
{
	unsigned long counts[] = { sample.slots_used, sample.slots - sample.slots_used };
	char total[40];
	int width;

	snprintf(total, sizeof(total), "] %lu of %lu slots used", sample.slots_used, sample.slots);
	width = screen_columns() - BAR - 1 - strlen(total) - 1;
	screen_print(3, 0, LOOK_PLAIN, "Swap");
	screen_print(3, BAR, LOOK_PLAIN, "[");
	screen_bar(3, BAR + 1, width, "s.", (const unsigned char[]){ LOOK_RED, LOOK_PLAIN }, counts);
	screen_print(3, BAR + 1 + width, LOOK_PLAIN, "%s", total);
}

struct figure {
	const char *name;
	unsigned long value;
};

/* Names above, figures below, right-aligned. */
static void draw_figures(int row, const char *title, const struct figure *figures, int count)
{
	screen_print(row + 1, 0, LOOK_PLAIN, "%s%s", title, sample.interval ? "/s" : ",all");
	for (int i = 0; i < count; i++) {
		int column = 10 + 10 * i;

		screen_print(row, column, LOOK_CYAN, "%9s", figures[i].name);
		screen_print(row + 1, column, figures[i].value ? LOOK_BOLD : LOOK_PLAIN, "%9lu", figures[i].value);
	}
}

void header_draw(void)
{
	const struct counters *c = sample.interval ? &sample.rate : &sample.now;
	const struct figure faults[] = {
		{ "private", c->fault_private }, { "cow_break", c->cow_break }, { "object", c->fault_object },
		{ "promote", c->promote }, { "zero_read", c->zero_read }, { "zero_fill", c->zero_fill },
		{ "major", c->pgmajfault },
	};
	const struct figure pages[] = {
		{ "swap in", c->pswpin }, { "swap out", c->pswpout }, { "file in", c->file_in }, { "file out", c->writeback },
		{ "dropped", c->clean_drop }, { "refaults", c->workingset_refault_anon }, { "waited", c->direct_reclaim },
	};

	draw_title();
	draw_frames();
	draw_swap();
	draw_figures(4, "Faults", faults, sizeof(faults) / sizeof(faults[0]));
	draw_figures(6, "Pages", pages, sizeof(pages) / sizeof(pages[0]));
}
