/*
 * help.c - the keys, and what the figures are.
 */
#include "top.h"

static const char *const text[] = {
	"1 tasks   2 frames   3 regions of the chosen task   4 policies, swap slots",
	"arrows    left and right choose a task; up and down, too, or they scroll",
	"< >       sort by another column           + -  zoom a map in or out",
	"p         the next replacement policy; screen 4 compares what they cost",
	"o         swap the chosen task out as a whole, or in again",
	"k         end the chosen task (SIGTERM), after a question",
	"space     look again, draw all anew   h  this page   q  leave   Ctrl-Z  stop",
	"",
	"Memory is counted in pages, frames and slots of 4 KiB. Faults: one figure",
	"for each row of the table in mm/README.md; major: those that waited for a",
	"disk. dropped: clean frames evicted without writing; refaults: faults on",
	"pages that had been evicted; waited: no frame was free. OUT: the task is",
	"swapped out as a whole. In the map of frames small letters are pages not",
	"used since the policy last looked: the next to go; yellow ones are dirty.",
};

void help_draw(const struct area *a)
{
	screen_print(a->row, 0, LOOK_PLAIN, "Keys; any of them leaves this page");
	screen_highlight(a->row);
	for (int i = 0; i < (int)(sizeof(text) / sizeof(text[0])) && i < a->rows - 1; i++)
		screen_print(a->row + 1 + i, 1, LOOK_PLAIN, "%s", text[i]);
}
