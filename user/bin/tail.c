/*
 * tail - the last lines of a file: -n N or -N, otherwise 10.
 *
 * The input may be a pipe, so the last lines are kept in a ring while it is read.
 */
#include "tool.h"

#include <stdbool.h>

struct kept_line {
	char *text;
	size_t capacity;
	ssize_t length;
};

static long wanted = 10;
static bool titles;

static int tail(FILE *f, char *name)
{
	struct kept_line *ring = calloc(wanted + 1, sizeof(*ring));
	static bool again;
	long count = 0, first;

	if (!ring)
		die("tail", "lines");
	if (titles)
		printf("%s==> %s <==\n", again ? "\n" : "", name);
	again = true;
	for (;; count++) {
		struct kept_line *line = &ring[count % (wanted + 1)];

		line->length = getline(&line->text, &line->capacity, f);
		if (line->length < 0)
			break;
	}
	first = count > wanted ? count - wanted : 0;
	for (long i = first; i < count; i++)
		fwrite(ring[i % (wanted + 1)].text, 1, ring[i % (wanted + 1)].length, stdout);
	for (long i = 0; i <= wanted; i++)
		free(ring[i].text);
	free(ring);
	return 0;
}

int main(int argc, char **argv)
{
	argv++;
	if (*argv && strcmp(*argv, "-n") == 0 && argv[1]) {
		wanted = atoi(argv[1]);
		argv += 2;
	} else if (*argv && argv[0][0] == '-' && argv[0][1]) {
		wanted = atoi(*argv + (argv[0][1] == 'n' ? 2 : 1));
		argv++;
	}
	if (wanted < 0)
		usage("tail [-n LINES] [FILE...]");
	titles = argc > 1 && argv[0] && argv[1];
	return finish("tail", for_each_file("tail", argv, tail));
}
