/*
 * top.h - the parts of a frame. Each draws into the picture of screen.h from the sample of sample.h.
 */
#ifndef USER_BIN_TOP_TOP_H
#define USER_BIN_TOP_TOP_H

#include "sample.h"
#include "screen.h"

enum { HEADER_ROWS = 8, MAP_LABEL = 9 };

/* What the user has chosen. */
struct choice {
	int pid;		/* a task */
	int column;		/* by which the tasks are sorted */
	int zoom;		/* a character of a map stands for 2^zoom times fewer things than if all were to fit */
	int scroll;		/* rows of a map or a list that are above the screen */
};

extern struct choice choice;

/* The rows above the screens. */
void header_draw(void);

/* The screens: each draws its title into the first row of the area and the rest below it. */
void tasks_draw(const struct area *a);
void frames_draw(const struct area *a);
void regions_draw(const struct area *a);
void swap_draw(const struct area *a);
void help_draw(const struct area *a);

/* Moves the choice by STEP tasks in the order in which tasks_draw() lists them; a task that has ended is replaced. */
void tasks_choose(int step);
void tasks_next_column(int step);

/* => the chosen task's name and number, for titles */
const char *chosen_name(void);

/* map.c: a map of equal things, frames or slots, with a character for each 2^k of them. */
struct map {
	unsigned long count;		/* of things */
	unsigned long per_cell;		/* how many a character stands for */
	unsigned long first;		/* the first one on the screen */
	int width, rows;		/* characters in a row, a power of two; rows on the screen */
};

/*
 * Lays out a map of COUNT things below the first SKIP rows of an area: a character stands for as few as fit, and for fewer
 * when the user has zoomed in. Limits choice.zoom and choice.scroll to what is there.
 */
void map_fit(struct map *m, const struct area *a, int skip, unsigned long count);

/* => the row and column of a cell by its number on the screen */
int map_row(const struct map *m, const struct area *a, int skip, int cell);
int map_column(const struct map *m, int cell);

/* pages.c: called with a page's word of /proc/PID/pagemap and the caller's own data */
typedef void (*page_visit)(unsigned long long word, void *context);

/*
 * Calls VISIT for each page of the task that is in memory or in swap.
 * => false: the task has more than MOST pages, and the others were not looked at
 */
bool pages_visit(int pid, unsigned long most, page_visit visit, void *context);

#endif
