/*
 * head - the first lines of a file: -n N or -N, otherwise 10.
 */
#include "tool.h"

#include <stdbool.h>

static long wanted = 10;
static bool titles;

static int head(FILE *f, char *name)
{
	static bool again;
	char *line = NULL;
	size_t capacity = 0;
	ssize_t n;

	if (titles)
		printf("%s==> %s <==\n", again ? "\n" : "", name);
	again = true;
	for (long i = 0; i < wanted && (n = getline(&line, &capacity, f)) > 0; i++)
		fwrite(line, 1, n, stdout);
	free(line);
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
	titles = argc > 1 && argv[0] && argv[1];
	return finish("head", for_each_file("head", argv, head));
}
