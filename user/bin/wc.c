/*
 * wc - counts lines, words and bytes; -l -w -c choose.
 */
#include "tool.h"

#include <ctype.h>
#include <stdbool.h>

enum { LINES, WORDS, BYTES, COUNTS };

static bool chosen[COUNTS];
static long long total[COUNTS];
static int files;

/* One column and one file: no padding, as in other implementations. */
static void print_counts(const long long counts[COUNTS], const char *name)
{
	int columns = chosen[LINES] + chosen[WORDS] + chosen[BYTES];
	bool first = true;

	for (int i = 0; i < COUNTS; i++) {
		if (chosen[i])
			printf("%s%*lld", first ? "" : " ", columns > 1 ? 7 : 1, counts[i]);
		first = first && !chosen[i];
	}
	printf(name ? " %s\n" : "\n", name);
}

static int count(FILE *f, char *name)
{
	static char buffer[BUFSIZ];
	long long counts[COUNTS] = { 0 };
	bool in_word = false;
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), f)) > 0) {
		counts[BYTES] += n;
		for (size_t i = 0; i < n; i++) {
			counts[LINES] += buffer[i] == '\n';
			counts[WORDS] += !in_word && !isspace(buffer[i]);
			in_word = !isspace(buffer[i]);
		}
	}
	for (int i = 0; i < COUNTS; i++)
		total[i] += counts[i];
	files++;
	print_counts(counts, name);
	return 0;
}

int main(int argc, char **argv)
{
	int status;
	char option;

	(void)argc;
	argv++;
	while ((option = next_option("wc [-lwc] [FILE...]", "lwc", &argv)))
		chosen[option == 'l' ? LINES : option == 'w' ? WORDS : BYTES] = true;
	if (!chosen[LINES] && !chosen[WORDS] && !chosen[BYTES])
		chosen[LINES] = chosen[WORDS] = chosen[BYTES] = true;
	status = for_each_file("wc", argv, count);
	if (files > 1)
		print_counts(total, "total");
	return finish("wc", status);
}
