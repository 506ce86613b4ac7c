/*
 * complete.c - Tab: completions of the word at the cursor. The first word of a command is completed to a program or a
 * built-in command, any other word to a file; a directory gets a / after its name.
 */
#include "sh.h"
#include "bin/tool.h"

#include <dirent.h>
#include <sys/stat.h>

static bool starts_command(const char *line, int from)
{
	while (from > 0 && strchr(" \t", line[from - 1]))
		from--;
	return from == 0 || strchr("|&;(", line[from - 1]);
}

/* The pattern for sh_glob() that matches what begins with WORD. */
static char **glob_from(const char *folder, const char *word, size_t length)
{
	struct text pattern = { NULL, 0, 0 };
	char **names;

	sh_append(&pattern, folder, strlen(folder));
	for (size_t i = 0; i < length; i++) {
		if (strchr("*?[]\\", word[i]))
			sh_append(&pattern, "\\", 1);
		sh_append(&pattern, word + i, 1);
	}
	sh_append(&pattern, "*", 1);
	names = sh_glob(pattern.bytes);
	free(pattern.bytes);
	return names;
}

static void add(char ***names, size_t *count, char *name)
{
	*names = realloc(*names, (*count + 2) * sizeof(**names));
	if (!*names || !name)
		die("sh", "memory");
	(*names)[(*count)++] = name;
	(*names)[*count] = NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **commands(const char *word, size_t length)
{
	char **programs = glob_from("/bin/", word, length), **names = NULL;
	size_t count = 0;

	for (char **p = programs; p && *p; p++)
		add(&names, &count, strdup(*p + strlen("/bin/")));
	if (programs)
		sh_fields_free(programs);
	for (size_t i = 0; sh_word_name(i); i++)
		if (strncmp(sh_word_name(i), word, length) == 0)
			add(&names, &count, strdup(sh_word_name(i)));
	if (names)
		qsort(names, count, sizeof(*names), by_name);
	return names;
}

static char **files(const char *word, size_t length)
{
	char **names = glob_from("", word, length);

	for (char **p = names; p && *p; p++) {
		size_t n = strlen(*p);
		struct stat st;

		if (stat(*p, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		*p = realloc(*p, n + 2);
		if (!*p)
			die("sh", "memory");
		strcpy(*p + n, "/");
	}
	return names;
}

char **sh_complete(const char *line, int cursor, int *from)
{
	*from = cursor;
	while (*from > 0 && !strchr(" \t|&;<>()", line[*from - 1]))
		--*from;
	if (starts_command(line, *from) && !memchr(line + *from, '/', cursor - *from))
		return cursor > *from ? commands(line + *from, cursor - *from) : NULL;
	return files(line + *from, cursor - *from);
}
