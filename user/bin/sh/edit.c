/*
 * edit.c - the line editor: cursor keys, history, Tab, Ctrl-A E U K W L C D.
 *
 * While a line is edited the terminal passes each key on at once and echoes nothing (raw mode);
 * everything visible is drawn here. The line stays on one row: a line that does not fit is scrolled sideways, and < and >
 * mark its hidden ends.
 * Of the terminal it needs carriage return, "erase to the end of the row" and "cursor right N", nothing
 * else. While a program runs the terminal is in its former mode, with Ctrl-C as a signal.
 *
 * The line is UTF-8: the cursor is always at the first byte of a character. A character takes one column, an East
 * Asian one two.
 */
#include "sh.h"
#include "bin/keys.h"
#include "bin/tool.h"

#include <ctype.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { HISTORY = 64 };

#define CTRL(letter) ((letter) & 31)

struct editor {
	const char *prompt;
	char *line;
	int length, cursor;
	int shown;			/* the first byte on the screen */
	int recalled;			/* the line of the history that is shown; history_count: none */
	char draft[SH_LINE];		/* the line as typed, while one of the history is shown */
};

static char *history[HISTORY];		/* oldest first */
static int history_count;

static int read_byte(void)
{
	unsigned char c;
	ssize_t n;

	do
		n = read(STDIN_FILENO, &c, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? c : KEY_CLOSED;
}

static int read_key(void)
{
	int c = read_byte();

	return c == 27 ? key_behind_escape(read_byte(), read_byte) : c;
}

/* => where the character after the one at AT begins, and the one before it */
static int next(const struct editor *e, int at)
{
	do
		at += at < e->length;
	while (at < e->length && (e->line[at] & 0xC0) == 0x80);
	return at;
}

static int previous(const struct editor *e, int at)
{
	do
		at -= at > 0;
	while (at > 0 && (e->line[at] & 0xC0) == 0x80);
	return at;
}

/* => the columns of the character that begins with this byte and the next: from U+1100 on most take two */
static int width(const char *at)
{
	unsigned char first = at[0], second = at[0] ? at[1] : 0;

	return first > 0xE2 || (first == 0xE2 && second >= 0xBA) || (first == 0xE1 && second < 0x86) ? 2 : 1;
}

static int columns_between(const struct editor *e, int from, int to)
{
	int columns = 0;

	for (; from < to; from = next(e, from))
		columns += width(e->line + from);
	return columns;
}

/* The terminal may have become narrower since the last key. */
static int terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* Draws prompt and line in one write, so that no half-drawn row is ever seen. A long prompt loses its beginning. */
static void draw(struct editor *e)
{
	int columns = terminal_columns(), length = strlen(e->prompt), most = columns > 20 ? columns - 10 : columns / 2;
	const char *prompt = e->prompt + (length > most ? length - most : 0);
	int room = columns - 1 - (int)strlen(prompt), end, n;
	char out[SH_LINE + 512];

	e->line[e->length] = '\0';
	if (columns_between(e, 0, e->length) > room)
		room -= 2;		/* for the two marks */
	else
		e->shown = 0;
	if (e->cursor < e->shown)
		e->shown = e->cursor;
	while (columns_between(e, e->shown, e->cursor) > room && e->shown < e->cursor)
		e->shown = next(e, e->shown);
	for (end = e->shown; end < e->length && columns_between(e, e->shown, next(e, end)) <= room; end = next(e, end))
		;
	n = snprintf(out, sizeof(out), "\r%.256s%s%.*s%s\033[K\r", prompt, e->shown ? "<" : "", end - e->shown, e->line + e->shown,
		     end < e->length ? ">" : "");
	columns = (int)strlen(prompt) + (e->shown > 0) + columns_between(e, e->shown, e->cursor);
	if (columns)
		n += snprintf(out + n, sizeof(out) - n, "\033[%dC", columns);
	write(STDOUT_FILENO, out, n);
}

static void insert(struct editor *e, int c)
{
	if (e->length == SH_LINE - 1)
		return;
	memmove(e->line + e->cursor + 1, e->line + e->cursor, e->length - e->cursor);
	e->line[e->cursor++] = c;
	e->length++;
}

/* Removes the bytes from `from` to the cursor or, if it is behind the cursor, up to it. */
static void erase(struct editor *e, int from)
{
	int low = from < e->cursor ? from : e->cursor, high = from < e->cursor ? e->cursor : from;

	memmove(e->line + low, e->line + high, e->length - high);
	e->length -= high - low;
	e->cursor = low;
}

static int word_start(const struct editor *e)
{
	int i = e->cursor;

	while (i > 0 && isspace(e->line[i - 1]))
		i--;
	while (i > 0 && !isspace(e->line[i - 1]))
		i--;
	return i;
}

static void recall(struct editor *e, int which)
{
	if (which < 0 || which > history_count || which == e->recalled)
		return;
	e->line[e->length] = '\0';
	if (e->recalled == history_count)
		strcpy(e->draft, e->line);
	strcpy(e->line, which == history_count ? e->draft : history[which]);
	e->length = e->cursor = strlen(e->line);
	e->recalled = which;
}

static void remember(const char *line)
{
	char *copy;

	if (*line == '\0' || (history_count && strcmp(history[history_count - 1], line) == 0))
		return;
	copy = strdup(line);
	if (!copy)
		return;
	if (history_count == HISTORY) {
		free(history[0]);
		memmove(history, history + 1, (HISTORY - 1) * sizeof(*history));
		history_count--;
	}
	history[history_count++] = copy;
}

/* Length of the common beginning of all NAMES. */
static size_t common(char **names)
{
	size_t n = strlen(names[0]);

	for (char **name = names + 1; *name; name++)
		while (strncmp(names[0], *name, n) != 0)
			n--;
	return n;
}

/* Inserts the prefix that all completions share; if that adds nothing, lists them. */
static void complete(struct editor *e)
{
	int from, typed;
	char **names = sh_complete(e->line, e->cursor, &from);
	size_t certain = names ? common(names) : 0;

	if (!names)
		return;
	typed = e->cursor - from;
	for (size_t i = typed; i < certain; i++)
		insert(e, names[0][i]);
	if (!names[1] && names[0][certain - 1] != '/')
		insert(e, ' ');
	if (names[1] && (size_t)typed == certain) {
		for (char **name = names; *name; name++)
			printf("%s%s", name == names ? "\n" : "  ", *name);
		puts("");
		fflush(stdout);
	}
	sh_fields_free(names);
}

static void edit_key(struct editor *e, int key)
{
	switch (key) {
	case KEY_LEFT: case CTRL('B'): e->cursor = previous(e, e->cursor); break;
	case KEY_RIGHT: case CTRL('F'): e->cursor = next(e, e->cursor); break;
	case KEY_HOME: case CTRL('A'): e->cursor = 0; break;
	case KEY_END: case CTRL('E'): e->cursor = e->length; break;
	case KEY_UP: case CTRL('P'): recall(e, e->recalled - 1); break;
	case KEY_DOWN: case CTRL('N'): recall(e, e->recalled + 1); break;
	case KEY_DELETE: erase(e, next(e, e->cursor)); break;
	case CTRL('H'): case 127: erase(e, previous(e, e->cursor)); break;
	case CTRL('U'): erase(e, 0); break;
	case CTRL('K'): erase(e, e->length); break;
	case CTRL('W'): erase(e, word_start(e)); break;
	case CTRL('L'): write(STDOUT_FILENO, "\033[H\033[J", 6); break;
	case '\t': complete(e); break;
	default:
		if (key >= ' ' && key < 256)
			insert(e, key);
		break;
	}
}

static int edit(struct editor *e)
{
	for (;;) {
		int key;

		draw(e);
		key = read_key();
		switch (key) {
		case '\r':
		case '\n':
			return e->length;
		case CTRL('C'):
			write(STDOUT_FILENO, "^C", 2);
			shell.interrupted = SH_CTRL_C;
			return 0;
		case CTRL('D'):
			if (e->length == 0)
				return -1;
			key = KEY_DELETE;
			break;
		case KEY_CLOSED:
			return -1;
		}
		edit_key(e, key);
	}
}

int sh_edit(const char *prompt, char line[SH_LINE])
{
	struct editor e = { .prompt = prompt, .line = line, .recalled = history_count };
	struct termios cooked, raw;
	int n;

	tcgetattr(STDIN_FILENO, &cooked);
	raw = cooked;
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~IXON;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	n = edit(&e);
	tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
	write(STDOUT_FILENO, "\n", 1);
	line[n > 0 ? n : 0] = '\0';
	remember(line);
	return n;
}
