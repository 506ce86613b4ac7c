/*
 * swap.c - what the policies have cost, and the slots of the swap area by task.
 *
 * A slot's owner is found from the task's side: /proc/PID/pagemap has the slot of a page that is only in swap. A slot
 * that is found in no task is the copy of a page that is in memory too, or belongs to shared memory that no task maps.
 */
#include "top.h"

#include <proc.h>
#include <stdio.h>
#include <string.h>

enum {
	CHART = 4, CHART_LABEL = 7, SKIP_SLOTS = 2, PAGES_MOST = 65536, CELLS = SCREEN_ROWS * SCREEN_COLUMNS,
	SLOT_SHIFT = 5, LETTERS = 26,
};

/* Cells of the map: slots of the task that is being counted; the most that one task has, and the letter of that task. */
static struct {
	unsigned short now, most;
	char letter;
} cells[CELLS];
static unsigned long found;	/* slots of the task that is being counted */

static unsigned long rate(unsigned long n, const struct term *t)
{
	return t->ms ? n * 1000ull / t->ms : 0;
}

static void draw_terms(int row)
{
	screen_print(row, 0, LOOK_PLAIN, "POLICY   SECONDS  FAULTS/s   MAJOR/s SWAP IN/s     OUT/s FILE IN/s DROPPED/s");
	screen_highlight(row);
	for (int i = 0; i < term_count; i++) {
		const struct term *t = &terms[i];
		const struct counters *c = &t->counted;

		screen_print(row + 1 + i, 0, i == term_count - 1 ? LOOK_BOLD : LOOK_PLAIN,
			     "%-8s %7lu %9lu %9lu %9lu %9lu %9lu %9lu", t->policy, t->ms / 1000, rate(c->pgfault, t),
			     rate(c->pgmajfault, t), rate(c->pswpin, t), rate(c->pswpout, t), rate(c->file_in, t),
			     rate(c->clean_drop, t));
	}
}

/* Columns of # as high as the number of faults; the newest is at the right edge. */
static void draw_chart(const struct area *a, int row)
{
	int width = a->columns - CHART_LABEL, first = history_count > width ? history_count - width : 0;
	unsigned long most = 1;

	for (int i = first; i < history_count; i++)
		most = history[i] > most ? history[i] : most;
	for (int line = 0; line < CHART; line++) {
		/* The row is reached by a value above its lower edge. */
		unsigned long edge = most * (CHART - 1 - line) / CHART;

		if (line == 0 || line == CHART - 1)
			screen_print(row + line, 0, LOOK_PLAIN, "%6lu", line == 0 ? most : 0);
		for (int i = first; i < history_count; i++)
			if (history[i] > edge)
				screen_put(row + line, a->columns - (history_count - i), LOOK_RED, '#');
	}
}

static void count_slot(unsigned long long word, void *context)
{
	const struct map *m = context;
	unsigned long slot = (word & PAGEMAP_FRAME) >> SLOT_SHIFT;

	if (!(word & PAGEMAP_SWAPPED))
		return;
	found++;
	if (slot >= m->first && (slot - m->first) / m->per_cell < CELLS)
		cells[(slot - m->first) / m->per_cell].now++;
}

/* Gives the cells to the task where it has more slots than those before it. */
static void claim(char letter, int count)
{
	for (int i = 0; i < count; i++) {
		if (cells[i].now > cells[i].most) {
			cells[i].most = cells[i].now;
			cells[i].letter = letter;
		}
		cells[i].now = 0;
	}
}

/* Finds the owners of the slots on the map, and lists them. => how many slots they have */
static unsigned long find_owners(struct map *m, int row)
{
	unsigned long all = 0;
	int column = 0;

	memset(cells, 0, sizeof(cells[0]) * m->width * m->rows);
	for (int i = 0; i < sample.tasks; i++) {
		char letter = 'a' + i % LETTERS;

		found = 0;
		pages_visit(sample.task[i].pid, PAGES_MOST, count_slot, m);
		claim(letter, m->width * m->rows);
		all += found;
		if (found)
			column = screen_print(row, column, LOOK_YELLOW, "%c %s %lu  ", letter, sample.task[i].name, found);
	}
	return all;
}

static void draw_slots(const struct area *a)
{
	struct map m;
	unsigned long owned;

	map_fit(&m, a, SKIP_SLOTS, sample.slots + 1);	/* number 0 is the header of the area */
	owned = find_owners(&m, a->row + 1);
	for (int i = 0; i < m.width * m.rows && m.first + i * m.per_cell < m.count; i++) {
		if (i % m.width == 0)
			screen_print(map_row(&m, a, SKIP_SLOTS, i), 0, LOOK_PLAIN, "%8lu", m.first + i * m.per_cell);
		screen_put(map_row(&m, a, SKIP_SLOTS, i), map_column(&m, i), cells[i].most ? LOOK_YELLOW : LOOK_PLAIN,
			   cells[i].most ? cells[i].letter : '.');
	}
	screen_print(a->row, 0, LOOK_PLAIN, "Swap slots, %lu a character: %lu used, %lu for a page that has no frame",
		     m.per_cell, sample.slots_used, owned < sample.slots_used ? owned : sample.slots_used);
	screen_highlight(a->row);
}

void swap_draw(const struct area *a)
{
	int row = a->row + 1 + TERMS;
	struct area slots = { .row = row + 1 + CHART, .columns = a->columns };

	slots.rows = a->row + a->rows - slots.row;
	draw_terms(a->row);
	screen_print(row, 0, LOOK_PLAIN, "Major faults/s, a column for each look, the newest at the right");
	screen_highlight(row);
	draw_chart(a, row + 1);
	if (sample.slots)
		draw_slots(&slots);
	else
		screen_print(slots.row, 0, LOOK_PLAIN, "There is no swap area.");
}
