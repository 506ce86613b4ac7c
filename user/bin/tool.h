/*
 * tool.h - what the tools share: saying what went wrong, ending without losing output.
 */
#ifndef USER_BIN_TOOL_H
#define USER_BIN_TOOL_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "sort: words.txt: No such file or directory" from errno, then the end. */
static inline __attribute__((noreturn)) void die(const char *tool, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", tool, what, strerror(errno));
	exit(1);
}

static inline __attribute__((noreturn)) void usage(const char *text)
{
	fprintf(stderr, "usage: %s\n", text);
	exit(2);
}

/* The status to end with: output that could not be written turns success into failure. */
static inline int finish(const char *tool, int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "%s: write error: %s\n", tool, strerror(errno));
	return 1;
}

static inline long line_count(const char *number)
{
	if (!*number || number[strspn(number, "0123456789")])
		usage("head or tail [-n LINES] [FILE...]");
	return atoi(number);
}

/* How many lines `-n N`, `-nN` or `-N` wants, 10 without that; *argv goes on behind it. */
static inline long lines_wanted(char ***argv)
{
	char **word = *argv;

	if (*word && strcmp(*word, "-n") == 0 && word[1]) {
		*argv = word + 2;
		return line_count(word[1]);
	}
	if (!*word || word[0][0] != '-' || !word[0][1])
		return 10;
	*argv = word + 1;
	return line_count(*word + (word[0][1] == 'n' ? 2 : 1));
}

/* What stands above each of several files. */
static inline void print_title(const char *name)
{
	static bool again;

	printf("%s==> %s <==\n", again ? "\n" : "", name);
	again = true;
}

/* `path`, or if a directory is there the last name of `from` in it; valid until the next call. */
static inline const char *in_directory(const char *path, const char *from)
{
	static char inside[4096];
	const char *slash = strrchr(from, '/');
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return path;
	snprintf(inside, sizeof(inside), "%s/%s", path, slash ? slash + 1 : from);
	return inside;
}

/*
 * Calls `each` for every file named, or for standard input without names ("-" means it too).
 * The worst status.
 */
static inline int for_each_file(const char *tool, char **names, int (*each)(FILE *f, char *name))
{
	int worst = 0, status;

	if (!*names)
		return each(stdin, NULL);
	for (; *names; names++) {
		FILE *f = strcmp(*names, "-") == 0 ? stdin : fopen(*names, "r");

		if (f) {
			status = each(f, *names);
			if (ferror(f)) {
				fprintf(stderr, "%s: %s: %s\n", tool, *names, strerror(errno));
				status = 1;
			}
			if (f != stdin)
				fclose(f);
		} else {
			fprintf(stderr, "%s: %s: %s\n", tool, *names, strerror(errno));
			status = 1;
		}
		worst = status > worst ? status : worst;
	}
	return worst;
}

#endif
