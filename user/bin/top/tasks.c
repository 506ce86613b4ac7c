/*
 * tasks.c - the tasks with their memory, sorted by a column; and which of them is chosen.
 */
#include "top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a column shows; the order of the tasks is that of its numbers, the largest first. */
static const struct column {
	const char *title;
	int width;
	size_t at;		/* in struct task */
} columns[] = {
	{ "RESIDENT", 9, offsetof(struct task, resident) },
	{ "SWAPPED", 9, offsetof(struct task, swapped) },
	{ "TABLES", 8, offsetof(struct task, tables) },
	{ "MINOR/s", 9, offsetof(struct task, minor_rate) },
	{ "MAJOR/s", 9, offsetof(struct task, major_rate) },
	{ "CPU %", 7, offsetof(struct task, cpu) },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]), CPU = COLUMNS - 1 };

static unsigned long number(const struct task *t, int column)
{
	return *(const unsigned long *)((const char *)t + columns[column].at);
}

static int by_column(const void *a, const void *b)
{
	const struct task *s = *(const struct task *const *)a, *t = *(const struct task *const *)b;
	unsigned long m = number(s, choice.column), n = number(t, choice.column);

	return m != n ? (m < n ? 1 : -1) : s->pid - t->pid;
}

/* Stores the tasks in their order. */
static void sort(const struct task **order)
{
	for (int i = 0; i < sample.tasks; i++)
		order[i] = &sample.task[i];
	qsort(order, sample.tasks, sizeof(order[0]), by_column);
}

void tasks_choose(int step)
{
	const struct task *order[TASKS];
	int at = 0;

	sort(order);
	while (at < sample.tasks && order[at]->pid != choice.pid)
		at++;
	if (!sample.tasks)
		return;
	at = at == sample.tasks ? 0 : at + step;
	at = at < 0 ? 0 : at >= sample.tasks ? sample.tasks - 1 : at;
	choice.pid = order[at]->pid;
}

void tasks_next_column(int step)
{
	choice.column = (choice.column + COLUMNS + step) % COLUMNS;
}

const char *chosen_name(void)
{
	static char text[NAME + 16];
	const struct task *t = sample_task(choice.pid);

	snprintf(text, sizeof(text), "%s (%d)", t ? t->name : "task", choice.pid);
	return text;
}

static const char *state_of(const struct task *t)
{
	static const char letters[] = "RSDZWTI";
	static const char *const names[] = { "running", "sleeping", "disk", "ended", "OUT", "stopped", "idle" };
	const char *at = strchr(letters, t->state);

	return at && *at ? names[at - letters] : "?";
}

static void draw_titles(int row)
{
	int at = screen_print(row, 0, LOOK_PLAIN, "  PID STATE   ");

	for (int i = 0; i < COLUMNS; i++) {
		int width = columns[i].width;

		/* The column of the order stands in brackets. */
		if (i == choice.column)
			at = screen_print(row, at, LOOK_BOLD, "%*s[%s]", width - 2 - (int)strlen(columns[i].title), "",
					  columns[i].title);
		else
			at = screen_print(row, at, LOOK_PLAIN, "%*s ", width - 1, columns[i].title);
	}
	screen_print(row, at, LOOK_PLAIN, "  NAME");
	screen_highlight(row);
}

static void draw_task(int row, const struct task *t)
{
	int look = t->state == 'W' ? LOOK_RED : LOOK_PLAIN;
	int at = screen_print(row, 0, look, "%5d %-8s", t->pid, state_of(t));

	for (int i = 0; i < CPU; i++)
		at = screen_print(row, at, look, "%*lu ", columns[i].width - 1, number(t, i));
	at = screen_print(row, at, look, "%*lu.%lu ", columns[CPU].width - 3, t->cpu / 10, t->cpu % 10);
	screen_print(row, at, look, "  %s", t->name);
	if (t->pid == choice.pid)
		screen_highlight(row);
}

void tasks_draw(const struct area *a)
{
	const struct task *order[TASKS];
	int first = 0, room = a->rows - 1;

	sort(order);
	for (int i = 0; i < sample.tasks; i++)
		if (order[i]->pid == choice.pid && i >= room)
			first = i - room + 1;
	draw_titles(a->row);
	for (int i = 0; i < room && first + i < sample.tasks; i++)
		draw_task(a->row + 1 + i, order[first + i]);
}
