/*
 * grep - lines that match a pattern: . * ^ $ [set] and \ before a character that means itself.
 *
 * -c counts, -v those that do not match, -i without regard to case, -n with line numbers, -q
 * silently. Status 0 when a line was found, 1 when not, 2 when something went wrong.
 *
 * The matcher tries the pattern at each position and backtracks where a star took too much: short,
 * and fast for the patterns that people type. Source of the idea: Kernighan and Pike, The Practice
 * of Programming, 9.2.
 */
#define MISUSED 2
#include "tool.h"

#include <ctype.h>
#include <stdbool.h>

static struct {
	bool count, invert, ignore_case, numbers, quiet, names;
} option;
static const char *pattern;
static bool found;

static int fold(char c)
{
	return option.ignore_case ? tolower((unsigned char)c) : (unsigned char)c;
}

/* => the end of the part of the pattern that matches one character */
static const char *atom_end(const char *p)
{
	if (*p == '\\' && p[1])
		return p + 2;
	if (*p == '[') {
		const char *q = p + 1;

		q += *q == '^';
		q += *q == ']';
		q += strcspn(q, "]");
		if (*q)
			return q + 1;
	}
	return p + 1;
}

static bool set_matches(const char *p, const char *end, char c)
{
	bool invert = *p == '^', in = false;

	for (p += invert; p < end; p++) {
		if (p + 2 < end && p[1] == '-') {
			in |= fold(p[0]) <= fold(c) && fold(c) <= fold(p[2]);
			p += 2;
		} else {
			in |= fold(*p) == fold(c);
		}
	}
	return in != invert;
}

static bool atom_matches(const char *p, char c)
{
	const char *end = atom_end(p);

	if (c == '\0')
		return false;
	if (*p == '[' && end > p + 1)
		return set_matches(p + 1, end - 1, c);
	if (*p == '\\' && p[1])
		return fold(p[1]) == fold(c);
	return *p == '.' || fold(*p) == fold(c);
}

static bool match_here(const char *p, const char *text);

static bool match_star(const char *atom, const char *rest, const char *text)
{
	const char *t = text;

	while (atom_matches(atom, *t))
		t++;
	for (;; t--) {
		if (match_here(rest, t))
			return true;
		if (t == text)
			return false;
	}
}

static bool match_here(const char *p, const char *text)
{
	for (; *p; text++) {
		const char *next = atom_end(p);

		if (*next == '*')
			return match_star(p, next + 1, text);
		if (*p == '$' && p[1] == '\0')
			return *text == '\0';
		if (!atom_matches(p, *text))
			return false;
		p = next;
	}
	return true;
}

static bool match(const char *text)
{
	if (*pattern == '^')
		return match_here(pattern + 1, text);
	for (;; text++) {
		if (match_here(pattern, text))
			return true;
		if (*text == '\0')
			return false;
	}
}

static int grep(FILE *f, char *name)
{
	char *line = NULL;
	size_t capacity = 0;
	long number = 0, count = 0;
	ssize_t n;

	while ((n = getline(&line, &capacity, f)) > 0) {
		number++;
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (match(line) == option.invert)
			continue;
		count++;
		if (option.count || option.quiet)
			continue;
		if (option.names)
			printf("%s:", name);
		if (option.numbers)
			printf("%ld:", number);
		puts(line);
	}
	if (option.count && option.names)
		printf("%s:", name);
	if (option.count)
		printf("%ld\n", count);
	found |= count > 0;
	free(line);
	return 0;
}

static void set_option(char c)
{
	switch (c) {
	case 'c': option.count = true; break;
	case 'v': option.invert = true; break;
	case 'i': option.ignore_case = true; break;
	case 'n': option.numbers = true; break;
	case 'q': option.quiet = true; break;
	}
}

int main(int argc, char **argv)
{
	static const char text[] = "grep [-civnq] [-e] PATTERN [FILE...]";
	char letter;

	(void)argc;
	argv++;
	while ((letter = next_option(text, "civnqe", &argv))) {
		if (letter == 'e')
			pattern = *argv ? *argv++ : pattern;
		else
			set_option(letter);
	}
	if (!pattern && *argv)
		pattern = *argv++;
	if (!pattern)
		usage(text);
	option.names = argv[0] && argv[1];
	if (for_each_file("grep", argv, grep) != 0)
		return 2;
	return finish("grep", !found);
}
