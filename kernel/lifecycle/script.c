/*
 * A script is run by putting its interpreter in front of the arguments: `./hello a` becomes `/bin/sh ./hello a`, and
 * what execve() does from there on is as if that had been asked for.
 *
 * All that counts is within the first 256 bytes. A line that is longer loses its end, but the interpreter's name must be
 * whole and so must be the end of it. Everything behind that name is one argument, blanks within it too.
 *
 * Source: execve(2), "Interpreter scripts".
 */
#include "kernel/lifecycle/script.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/lifecycle/arguments.h"
#include "kernel/lifecycle/program_file.h"

#define LINE_MAX 256

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The file's first bytes as a string, "" where it is empty. => 0 or the error of reading it */
static int read_start(struct memobj *obj, u64 size, char line[LINE_MAX + 1])
{
	u32 n = MIN(size, LINE_MAX);

	line[n] = '\0';
	return program_file_read(obj, size, 0, line, n);
}

/* Ends LINE where its text does. => whether its last word is all there */
static bool end_line(char *line)
{
	char *newline = strchr(line, '\n'), *last = line + LINE_MAX - 1;
	char *end = newline ? newline : MIN(line + strlen(line), last);
	bool whole = newline || end < last || !*last || is_blank(*last);

	while (end > line && is_blank(end[-1]))
		end--;
	*end = '\0';
	return whole;
}

/* Cuts LINE into the interpreter's name and, if there is something, the argument behind it. => 0 or -ENOEXEC */
static int parse(char *line, const char **interpreter, const char **argument)
{
	bool whole = end_line(line);
	char *p = line + 2;

	while (is_blank(*p))
		p++;
	*interpreter = p;
	*argument = NULL;
	while (*p && !is_blank(*p))
		p++;
	if (p == *interpreter || (!*p && !whole))
		return -ENOEXEC;
	if (!*p)
		return 0;
	*p++ = '\0';
	while (is_blank(*p))
		p++;
	*argument = p;
	return 0;
}

static int put_in_front(struct arguments *s, const char *interpreter, const char *argument, const char *path)
{
	struct arguments longer;
	int error;

	arguments_init(&longer);
	error = arguments_add(&longer, interpreter);
	if (!error && argument)
		error = arguments_add(&longer, argument);
	if (!error)
		error = arguments_add(&longer, path);
	if (!error)
		error = arguments_add_rest(&longer, s);
	arguments_free(error ? &longer : s);
	if (!error)
		*s = longer;
	return error;
}

int script_take(struct memobj *obj, u64 size, const char *path, struct arguments *s)
{
	char line[LINE_MAX + 1];
	const char *interpreter, *argument;
	int error = read_start(obj, size, line);

	if (error || line[0] != '#' || line[1] != '!')
		return error;
	error = parse(line, &interpreter, &argument);
	if (!error)
		error = put_in_front(s, interpreter, argument, path);
	return error ? error : 1;
}
