/*
 * files.h - what the rows about files share.
 */
#ifndef EFFECTS_FILES_H
#define EFFECTS_FILES_H

#include "effects.h"

enum { AT_CWD = -100 };
enum { F_GETFD = 1, F_GETFL = 3, F_SETLK = 6, F_GETLK64 = 12, F_GETPIPE_SZ = 1032, F_ADD_SEALS = 1033, F_GET_SEALS = 1034 };
enum { O_DSYNC = 010000, O_ASYNC = 020000, O_DIRECT = 040000, O_LARGEFILE = 0100000, O_NOATIME = 01000000, O_PATH = 010000000,
       O_TMPFILE = 020200000 };

#define CONTROL(fd, command, argument) syscall(SYS_fcntl64, fd, command, argument)

static inline int file(void)
{
	int fd = open("file", O_RDWR);

	CHECK(fd >= 0);
	return fd;
}

static inline long size(void)
{
	struct stat st;

	CHECK_EQ(stat("file", &st), 0);
	return st.st_size;
}

static inline long position(int fd)
{
	return lseek(fd, 0, 1);
}

static inline void contents_are(const char *wanted)
{
	char text[40] = "";

	CHECK_EQ(pread(file(), text, sizeof(text) - 1, 0), strlen(wanted));
	CHECK_EQ(strcmp(text, wanted), 0);
}

static inline struct stat status_of(int fd)
{
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	return st;
}

static inline int memory_file(int flags)
{
	int fd = memfd_create("effects", flags);

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, 4 * PAGE), 0);
	return fd;
}

static inline int flags_of(int fd)
{
	return CONTROL(fd, F_GETFL, 0);
}

#endif
