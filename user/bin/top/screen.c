/*
 * screen.c - the picture in memory, and what of it the terminal does not show yet.
 *
 * The terminal needs to know "cursor to row and column" and colours only: what drivers/vga.c has too. A cell that was sent
 * is remembered; cells that equal it are not sent again.
 *
 * Source: ECMA-48, CUP and SGR.
 */
#include "screen.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct cell {
	char c;
	unsigned char look;
};

static struct cell wanted[SCREEN_ROWS * SCREEN_COLUMNS], shown[SCREEN_ROWS * SCREEN_COLUMNS];
static int rows, columns;

static char output[4096];
static size_t output_used;

void screen_resize(int new_rows, int new_columns)
{
	rows = new_rows < SCREEN_ROWS ? new_rows : SCREEN_ROWS;
	columns = new_columns < SCREEN_COLUMNS ? new_columns : SCREEN_COLUMNS;
	/* A character that is never wanted, so that every cell is sent. */
	memset(shown, 0, rows * columns * sizeof(shown[0]));
}

int screen_rows(void)
{
	return rows;
}

int screen_columns(void)
{
	return columns;
}

void screen_clear(void)
{
	for (int i = 0; i < rows * columns; i++)
		wanted[i] = (struct cell){ ' ', LOOK_PLAIN };
}

void screen_put(int row, int column, int look, char c)
{
	if (row >= 0 && row < rows && column >= 0 && column < columns)
		wanted[row * columns + column] = (struct cell){ c >= ' ' && c <= '~' ? c : '?', look };
}

int screen_print(int row, int column, int look, const char *format, ...)
{
	char text[SCREEN_COLUMNS + 1];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	for (const char *p = text; *p; p++)
		screen_put(row, column++, look, *p);
	return column;
}

void screen_highlight(int row)
{
	for (int column = 0; row < rows && column < columns; column++)
		wanted[row * columns + column].look = LOOK_REVERSE;
}

/* Sizes of the parts: each gets its share of WIDTH, rounded down but not to nothing; the longest takes up the difference. */
static void share(int width, size_t n, const unsigned long *counts, int *sizes)
{
	unsigned long long sum = 0;
	int left = width;
	size_t longest = 0;

	for (size_t i = 0; i < n; i++) {
		sum += counts[i];
		longest = counts[i] > counts[longest] ? i : longest;
	}
	for (size_t i = 0; i < n; i++) {
		sizes[i] = sum ? (unsigned long long)counts[i] * width / sum : 0;
		sizes[i] += counts[i] && !sizes[i];
		left -= sizes[i];
	}
	if (sum)
		sizes[longest] += left;
}

void screen_bar(int row, int column, int width, const char *kinds, const unsigned char *looks, const unsigned long *counts)
{
	int sizes[16], end = column + width;
	size_t n = strlen(kinds);

	if (width <= 0)
		return;
	share(width, n, counts, sizes);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < sizes[i] && column < end; k++)
			screen_put(row, column++, looks[i], kinds[i]);
}

static void send_all(void)
{
	size_t sent = 0;

	while (sent < output_used) {
		ssize_t n = write(STDOUT_FILENO, output + sent, output_used - sent);

		if (n < 0 && errno != EINTR)
			break;
		sent += n > 0 ? n : 0;	/* a signal may have ended the call early */
	}
	output_used = 0;
}

static void send(const char *text)
{
	size_t length = strlen(text);

	if (output_used + length > sizeof(output))
		send_all();
	memcpy(output + output_used, text, length);
	output_used += length;
}

static void send_look(int look)
{
	char colour[] = ";30", text[24];

	colour[2] += look & LOOK_COLOUR;
	/* Reverse comes last, for terminals that exchange the colours then and there. */
	snprintf(text, sizeof(text), "\033[0%s%s%sm", look & LOOK_COLOUR ? colour : "", look & LOOK_BOLD ? ";1" : "",
		 look & LOOK_REVERSE ? ";7" : "");
	send(text);
}

void screen_flush(void)
{
	int look = -1, cursor = -1;

	for (int at = 0; at < rows * columns; at++) {
		struct cell *new = &wanted[at], *old = &shown[at];
		char text[16];

		if (new->c == old->c && new->look == old->look)
			continue;
		/* At the end of a row terminals differ in where the cursor is. */
		if (cursor != at || at % columns == 0) {
			snprintf(text, sizeof(text), "\033[%d;%dH", at / columns + 1, at % columns + 1);
			send(text);
		}
		if (look != new->look)
			send_look(new->look);
		look = new->look;
		send((char[]){ new->c, '\0' });
		cursor = at + 1;
		*old = *new;
	}
	if (look > 0)
		send_look(LOOK_PLAIN);
	send_all();
}

void screen_plain(void)
{
	int last = rows * columns - 1;

	while (last >= 0 && wanted[last].c == ' ')
		last--;
	for (int row = 0; row * columns <= last; row++) {
		int length = columns;

		while (length > 0 && wanted[row * columns + length - 1].c == ' ')
			length--;
		for (int column = 0; column < length; column++)
			putchar(wanted[row * columns + column].c);
		putchar('\n');
	}
}
