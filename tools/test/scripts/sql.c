/* sql DATABASE [STATEMENTS...]: does them, of the arguments or of standard input, and prints rows as columns with '|' between. */
#include "sqlite3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int print_row(void *unused, int n, char **values, char **names)
{
	for (int i = 0; i < n; i++)
		printf("%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
	puts("");
	return 0;
}

static int perform(sqlite3 *db, const char *statements)
{
	char *error = NULL;
	int result = sqlite3_exec(db, statements, print_row, NULL, &error);

	if (result)
		printf("error %d: %s\n", sqlite3_extended_errcode(db), error);
	sqlite3_free(error);
	return result;
}

static char *read_all(void)
{
	size_t size = 1 << 16;
	char *text = malloc(size);

	text[fread(text, 1, size - 1, stdin)] = 0;
	return text;
}

int main(int argc, char **argv)
{
	sqlite3 *db;
	int result;

	setvbuf(stdout, NULL, _IOLBF, 0);
	result = sqlite3_open(argv[1], &db);
	sqlite3_busy_timeout(db, 60000);
	if (argc == 2)
		result = result ? result : perform(db, read_all());
	for (int i = 2; !result && i < argc; i++)
		result = perform(db, argv[i]);
	sqlite3_close(db);
	return result;
}
