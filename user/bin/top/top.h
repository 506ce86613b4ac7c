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
	int zoom;		/* frames are shown with 2^zoom times fewer for each character than would fit */
	int scroll;		/* rows of a map or a list that are above the screen */
};

extern struct choice choice;

/* The states of frames, of states the letters and looks; the same in the header and in the map. */
#define FRAME_LETTERS "KTAF."
extern const unsigned char frame_looks[];

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

/* map.c: a map of COUNT things with a character for each 2^k of them. */
struct map {
	unsigned long count;
	unsigned long per_cell;		/* how many a character stands for */
	unsigned long first;		/* the first one on the screen */
	int width, rows;		/* characters in a row, a power of two; rows on the screen */
};

/* Chooses how many things a character stands for: as few as fit the area below its first SKIP rows, then zoomed. */
void map_fit(struct map *m, const struct area *a, int skip, unsigned long count);

/* => the row and column of a cell by its number on the screen */
int map_row(const struct map *m, const struct area *a, int skip, int cell);
int map_column(const struct map *m, int cell);

/* pagewalk: pages of a task */
typedef void (*page_visit)(unsigned long long word, void *context);

/*
 * Calls VISIT with the word of each page of the task in /proc/PID/pagemap that is not 0. => false: there were more pages than
 * MOST, and the rest was not looked at
 */
bool pages_visit(int pid, unsigned long most, page_visit visit, void *context);

#endif
