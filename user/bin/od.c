/*
 * od - prints a file in octal, sixteen bytes per line after their offset: in words of two bytes, or with -b single bytes.
 * -x: words in hexadecimal; -c: characters; -N COUNT: at most COUNT bytes. A * stands for lines equal to the one before.
 */
#include "tool.h"

enum { ROW = 16 };

static char form = 'o';
static unsigned long most = -1;

static void print_character(unsigned char c)
{
	static const char names[] = "0......abtnvfr";

	if (c >= ' ' && c < 127)
		printf("   %c", c);
	else if (c < sizeof(names) - 1 && names[c] != '.')
		printf("  \\%c", names[c]);
	else
		printf(" %03o", c);
}

static void print_row(unsigned long at, const unsigned char *row, size_t n)
{
	printf("%07lo", at);
	for (size_t i = 0; i < n; i++) {
		unsigned two = row[i] | (i + 1 < n ? row[i + 1] << 8 : 0);

		if (form == 'c')
			print_character(row[i]);
		else if (form == 'b')
			printf(" %03o", row[i]);
		else if (i % 2 == 0)
			printf(form == 'x' ? " %04x" : " %06o", two);
	}
	puts("");
}

static int dump(FILE *f, char *name)
{
	unsigned char row[ROW], last[ROW];
	unsigned long at = 0;
	bool again = false;
	size_t n;

	(void)name;
	while (at < most && (n = fread(row, 1, most - at < ROW ? most - at : ROW, f)) > 0) {
		bool same = at > 0 && n == ROW && memcmp(row, last, ROW) == 0;

		if (!same)
			print_row(at, row, n);
		else if (!again)
			puts("*");
		again = same;
		memcpy(last, row, n);
		at += n;
	}
	printf("%07lo\n", at);
	return 0;
}

int main(int argc, char **argv)
{
	static const char text[] = "od [-x | -c | -b] [-N COUNT] [FILE...]";
	char option, *end = "";

	(void)argc;
	argv++;
	while ((option = next_option(text, "xcbN", &argv))) {
		if (option != 'N') {
			form = option;
			continue;
		}
		if (!*argv)
			usage(text);
		most = strtoul(*argv, &end, 0);
		if (*end || end == *argv)
			not_accepted(text, *argv, strlen(*argv));
		argv++;
	}
	return finish("od", for_each_file("od", argv, dump));
}
