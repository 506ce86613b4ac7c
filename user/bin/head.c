/*
 * head - the first lines of a file: -n N or -N, otherwise 10.
 */
#include "tool.h"

static long wanted;
static bool titles;

static int head(FILE *f, char *name)
{
	char *line = NULL;
	size_t capacity = 0;
	ssize_t n;

	if (titles)
		print_title(name);
	for (long i = 0; i < wanted && (n = getline(&line, &capacity, f)) > 0; i++)
		fwrite(line, 1, n, stdout);
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	argv++;
	wanted = lines_wanted("head [-n LINES] [FILE...]", &argv);
	titles = argv[0] && argv[1];
	return finish("head", for_each_file("head", argv, head));
}
