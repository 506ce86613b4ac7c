/*
 * tool.h - what the tools share: options, error messages, an exit that loses no output.
 */
#ifndef USER_BIN_TOOL_H
#define USER_BIN_TOOL_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The status after a wrong command line. Tools with another one define it before they include this file. */
#ifndef MISUSED
#define MISUSED 1
#endif

/* "sort: words.txt: No such file or directory" from errno, then the end. */
static inline __attribute__((noreturn)) void die(const char *tool, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", tool, what, strerror(errno));
	exit(1);
}

/*
 * TEXT: what the tool accepts, its name first: "ls [-la] [FILE...]". Further lines, which only --help prints, say more.
 */
static inline __attribute__((noreturn)) void usage(const char *text)
{
	fprintf(stderr, "usage: %.*s\n", (int)strcspn(text, "\n"), text);
	exit(MISUSED);
}

/* What --help and `help TOOL` print. TEXT as above. */
static inline __attribute__((noreturn)) void print_help(const char *text)
{
	printf("usage: %s\n", text);
	exit(fflush(stdout) == 0 ? 0 : 1);
}

/* The first LENGTH bytes of WORD are not accepted; --help is answered. TEXT as above. */
static inline __attribute__((noreturn)) void not_accepted(const char *text, const char *word, int length)
{
	if (strcmp(word, "--help") == 0)
		print_help(text);
	fprintf(stderr, "%.*s: %.*s is not supported; usage: %.*s\n", (int)strcspn(text, " \n"), text, length, word,
		(int)strcspn(text, "\n"), text);
	exit(MISUSED);
}

/*
 * => the next letter among the options at **argv; 0 after the last, when *argv is at the first operand. A letter that is
 * not in KNOWN is refused. TEXT as above.
 */
static inline char next_option(const char *text, const char *known, char ***argv)
{
	static const char *rest = "";		/* of the word that holds the last letter */
	const char *word = **argv;
	char option[] = "-?";

	if (!*rest) {
		if (!word || word[0] != '-' || !word[1])
			return 0;
		++*argv;
		if (strcmp(word, "--") == 0)
			return 0;
		if (word[1] == '-')
			not_accepted(text, word, strlen(word));
		rest = word + 1;
	}
	option[1] = *rest++;
	if (!strchr(known, option[1]))
		not_accepted(text, option, 2);
	return option[1];
}

/* For a tool that takes no options. => its operands, of which there must be LEAST to MOST */
static inline char **operands(const char *text, char **argv, int least, int most)
{
	int count = 0;

	argv++;
	next_option(text, "", &argv);
	while (argv[count])
		count++;
	if (count > 0 && most == 0)
		not_accepted(text, argv[0], strlen(argv[0]));
	if (count < least || count > most)
		usage(text);
	return argv;
}

/* => the exit status: output that could not be written turns success into failure */
static inline int finish(const char *tool, int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "%s: write error: %s\n", tool, strerror(errno));
	return 1;
}

/* => the number of lines that `-n N`, `-nN` or `-N` asks for, otherwise 10; *argv moves past it. TEXT as above. */
static inline long lines_wanted(const char *text, char ***argv)
{
	const char *word = **argv, *number;

	if (!word || word[0] != '-' || !word[1])
		return 10;
	++*argv;
	if (strcmp(word, "--") == 0)
		return 10;
	number = word + (word[1] == 'n' ? 2 : 1);
	if (!*number && **argv)
		number = *(*argv)++;
	if (!*number || number[strspn(number, "0123456789")])
		not_accepted(text, word, strlen(word));
	if (**argv && strcmp(**argv, "--") == 0)
		++*argv;
	return atoi(number);
}

/* Prints the line above each of several files. */
static inline void print_title(const char *name)
{
	static bool again;

	printf("%s==> %s <==\n", again ? "\n" : "", name);
	again = true;
}

/* => `path`, or if that is a directory the last name of `from` in it; valid until the next call */
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
 * => the worst status
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
