/*
 * screen.h - a picture of characters, and the terminal that shows it.
 *
 * Every frame is drawn anew into memory; screen_flush() sends what differs from the frame before, so that nothing
 * flickers and a serial line carries little. What does not fit is cut off at the right and lower edges.
 */
#ifndef USER_BIN_TOP_SCREEN_H
#define USER_BIN_TOP_SCREEN_H

#include <stdbool.h>

enum { SCREEN_ROWS = 120, SCREEN_COLUMNS = 240 };

/* How a character looks: a colour, and perhaps bold and reverse. */
enum look {
	LOOK_PLAIN = 0, LOOK_RED = 1, LOOK_GREEN = 2, LOOK_YELLOW = 3, LOOK_MAGENTA = 5, LOOK_CYAN = 6, LOOK_COLOUR = 7,
	LOOK_BOLD = 8, LOOK_REVERSE = 16,
};

/* A rectangle of the picture that a part of the program draws. */
struct area {
	int row, rows, columns;
};

/* Sets the size, at most SCREEN_ROWS and SCREEN_COLUMNS, and forgets what the terminal shows. */
void screen_resize(int rows, int columns);
int screen_rows(void);
int screen_columns(void);

/* Begins a new picture, which is empty. */
void screen_clear(void);

/* Draws text from COLUMN of ROW on. => the column after it */
int screen_print(int row, int column, int look, const char *format, ...) __attribute__((format(printf, 4, 5)));
void screen_put(int row, int column, int look, char c);

/* Makes a whole row reverse, for titles and the chosen task. */
void screen_highlight(int row);

/* Sends the differences to the terminal. */
void screen_flush(void);

/* Prints the picture as lines of plain text, without blanks at their ends and without empty lines at the end. */
void screen_plain(void);

/*
 * A bar of WIDTH characters, shared out in proportion to the COUNTS: the i-th part consists of the letter KINDS[i] in
 * LOOKS[i]. A part that is not zero gets at least one character if there are enough.
 */
void screen_bar(int row, int column, int width, const char *kinds, const unsigned char *looks, const unsigned long *counts);

#endif
