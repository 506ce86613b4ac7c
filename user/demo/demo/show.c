/*
 * show.c - text for a terminal of 80 columns, English or Japanese.
 *
 * A paragraph is wrapped between words and between Japanese characters, which are two columns wide;
 * closing punctuation stays with the character before it. Labels are at the left, the text beside them.
 */
#include "demo.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { WIDTH = 78, INDENT = 10, TEXT_MAX = 2048, CTRL_D = 4 };

bool show_japanese, show_pauses;

const char *show_words(struct words words)
{
	return show_japanese ? words.ja : words.en;
}

/* => the bytes of a UTF-8 character, by its first byte */
static size_t char_bytes(const char *s)
{
	unsigned char c = *s;
	size_t n = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4, left = strlen(s);

	return n < left ? n : left;
}

/* In these texts a character of three bytes is Japanese, and two columns wide. */
static bool is_wide(const char *s)
{
	return (unsigned char)*s >= 0xe0;
}

static bool is_one_of(const char *s, const char *const *marks)
{
	for (; *marks; marks++)
		if (strncmp(s, *marks, strlen(*marks)) == 0)
			return true;
	return false;
}

static bool may_break_between(const char *a, const char *b)
{
	static const char *const closing[] = {
		"、", "。", "」", "）", "・", "ー", "っ", "ゃ", "ゅ", "ょ", "ッ", "ャ", "ュ", "ョ",
		"ァ", "ィ", "ェ", ",", ".", ")", NULL,
	};
	static const char *const opening[] = { "「", "（", "(", NULL };

	if (*b == '\0' || *b == ' ' || *b == '\n')
		return true;
	return (is_wide(a) || is_wide(b)) && !is_one_of(b, closing) && !is_one_of(a, opening);
}

/* => the bytes of the next piece that must not be divided; its columns */
static size_t piece(const char *s, unsigned int *columns)
{
	size_t n = 0, last;

	*columns = 0;
	do {
		last = n;
		*columns += is_wide(s + n) ? 2 : 1;
		n += char_bytes(s + n);
	} while (!may_break_between(s + last, s + n));
	return n;
}

static void print_wrapped(const char *s)
{
	unsigned int column = INDENT, columns;
	bool blank = false;
	size_t n;

	for (; *s; s += n) {
		n = 1;
		if (*s == '\n') {
			printf("\n%*s", s[1] == '\n' ? 0 : INDENT, "");
			column = INDENT;
			blank = false;
		} else if (*s == ' ') {
			blank = column > INDENT;
		} else {
			n = piece(s, &columns);
			if (column + blank + columns > WIDTH) {
				printf("\n%*s", INDENT, "");
				column = INDENT;
				blank = false;
			}
			printf("%s%.*s", blank ? " " : "", (int)n, s);
			column += blank + columns;
			blank = false;
		}
	}
	putchar('\n');
}

void show_padded(const char *text, unsigned int columns)
{
	unsigned int used = 0;

	for (const char *s = text; *s; s += char_bytes(s))
		used += is_wide(s) ? 2 : 1;
	printf("%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

void show_labelled(const struct words *label, const char *text)
{
	show_padded(label ? show_words(*label) : "", INDENT);
	print_wrapped(text);
	fflush(stdout);
}

void say(const char *en, const char *ja, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, ja);
	vsnprintf(text, sizeof(text), show_japanese ? ja : en, ap);
	va_end(ap);
	show_labelled(NULL, text);
}

void show_rule(void)
{
	for (int i = 0; i < WIDTH; i++)
		putchar('-');
	putchar('\n');
}

/* Waits for one of these keys and ignores others. => it, as soon as it is typed; CTRL_D at the end of input */
static char key_of(const char *keys)
{
	struct termios usual, at_once;
	char key = CTRL_D;

	tcgetattr(STDIN_FILENO, &usual);
	at_once = usual;
	at_once.c_lflag &= ~(ICANON | ECHO);
	at_once.c_cc[VMIN] = 1;
	at_once.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &at_once);
	while (read(STDIN_FILENO, &key, 1) == 1 && !strchr(keys, key))
		;
	tcsetattr(STDIN_FILENO, TCSANOW, &usual);
	return strchr(keys, key) ? key : CTRL_D;
}

bool show_pause(struct words prompt)
{
	static const char keys[] = { '\n', 'q', CTRL_D, '\0' };
	char key;

	if (!show_pauses)
		return true;
	printf("\n%s ", show_words(prompt));
	fflush(stdout);
	key = key_of(keys);
	putchar('\n');
	/* At the end of input there is no user to wait for. */
	show_pauses = key != CTRL_D;
	return key != 'q';
}
