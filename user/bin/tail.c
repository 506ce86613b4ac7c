/*
 * tail - the last lines of a file: -n N or -N, otherwise 10.
 *
 * The input may be a pipe, so the last lines are kept in a ring while it is read.
 */
#include "tool.h"

struct kept_line {
	char *text;
	size_t capacity;
	ssize_t length;
};

static long wanted;
static bool titles;

static int tail(FILE *f, char *name)
{
	struct kept_line *ring = calloc(wanted + 1, sizeof(*ring));
	long count = 0, first;

	if (!ring)
		die("tail", "lines");
	if (titles)
		print_title(name);
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
	(void)argc;
	argv++;
	wanted = lines_wanted("tail [-n LINES] [FILE...]", &argv);
	titles = argv[0] && argv[1];
	return finish("tail", for_each_file("tail", argv, tail));
}
