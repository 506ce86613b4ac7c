/*
 * file.h - small text files: creates and compares them, and changes settings of /proc.
 */
#ifndef USER_TEST_FILE_H
#define USER_TEST_FILE_H

#include "check.h"

#include <sys/stat.h>

/* Makes the file PATH, or empties the one that exists, and writes TEXT. */
static inline void file_make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n = strlen(text);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, n), n);
	CHECK_EQ(close(fd), 0);
}

/* Writes TEXT to an existing file by one call: a setting or an order. => 0; -1 with the errno of open or write */
static inline int file_set(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), error;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	errno = error;
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* => the first bytes of the file, until the next call; "" without the file */
static inline const char *file_text(const char *path)
{
	static char text[PAGE];

	if (proc_text(path, text, sizeof(text)) < 0)
		text[0] = '\0';
	return text;
}

/* => whether there is such a file and TEXT is all that it holds */
static inline bool file_holds(const char *path, const char *text)
{
	char found[PAGE];

	return proc_text(path, found, sizeof(found)) >= 0 && strcmp(found, text) == 0;
}

/* => the number at the file's beginning; there must be one */
static inline long file_number(const char *path)
{
	const char *text = file_text(path);
	char *end;
	long number = strtol(text, &end, 10);

	CHECK(end != text);
	return number;
}

/* => the attributes of PATH, which must exist; links are not followed */
static inline struct stat file_stat(const char *path)
{
	struct stat st;

	CHECK_EQ(lstat(path, &st), 0);
	return st;
}

#endif
