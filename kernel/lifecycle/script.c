/*
 * A script is run by putting its interpreter in front of the arguments: `./hello a` becomes `/bin/sh ./hello a`, and
 * execve() continues as if it had been called with these.
 *
 * Only the first 256 bytes count. A longer line is truncated, but not within the interpreter's name. The rest of the
 * line after that name is one argument, blanks included.
 *
 * Source: execve(2), "Interpreter scripts".
 */
#include "kernel/lifecycle/script.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/lifecycle/arguments.h"
#include "kernel/lifecycle/program_file.h"

#define LINE_MAX 256

static bool script_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Reads the file's first bytes as a string, which is "" for an empty file. => 0 or an error of contents_read() */
static int read_start(struct memobj *obj, u64 size, char line[LINE_MAX + 1])
{
	u32 n = MIN(size, LINE_MAX);

	line[n] = '\0';
	return program_file_read(obj, size, 0, line, n);
}

/* Truncates LINE after its last word. => true: that word is complete */
static bool end_line(char *line)
{
	char *newline = strchr(line, '\n'), *last = line + LINE_MAX - 1;
	char *end = newline ? newline : MIN(line + strlen(line), last);
	bool whole = newline || end < last || !*last || script_is_blank(*last);

	while (end > line && script_is_blank(end[-1]))
		end--;
	*end = '\0';
	return whole;
}

/* Cuts LINE into the interpreter's name and the argument, NULL if there is none. => 0, -ENOEXEC */
static int parse(char *line, const char **interpreter, const char **argument)
{
	bool whole = end_line(line);
	char *p = line + 2;

	while (script_is_blank(*p))
		p++;
	*interpreter = p;
	*argument = NULL;
	while (*p && !script_is_blank(*p))
		p++;
	if (p == *interpreter || (!*p && !whole))
		return -ENOEXEC;
	if (!*p)
		return 0;
	*p++ = '\0';
	while (script_is_blank(*p))
		p++;
	*argument = p;
	return 0;
}

/* Replaces the first argument by INTERPRETER, ARGUMENT (unless NULL) and PATH. => 0; -E2BIG, -ENOMEM: S is unchanged */
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
