/*
 * Calls on open files.
 */
#include "bad-pointers.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

enum { BYTES = 40, SEEK_TO_100 = 100, TIOCSWINSZ = 0x5414 };

static char scratch[PAGE];

/* --- streams ---------------------------------------------------------------------------------------------------- */

/* => how many bytes were in the pipe */
static long drain(long result)
{
	long n = read(READER, scratch, sizeof(scratch));

	(void)result;
	return n < 0 ? 0 : n;
}

static void fill(void)
{
	drain(0);
	memset(scratch, 'p', sizeof(scratch));
	CHECK_EQ(write(WRITER, scratch, BYTES), BYTES);
}

static void empty(void)
{
	drain(0);
}

/* --- locks ------------------------------------------------------------------------------------------------------ */

static const long any_lock[6] = { 1, 0, 0, 0, 0, 0 }; /* of all bytes, in either form */

/* => was it set? */
static long unlock(long result)
{
	static const long free_all[6] = { 2, 0, 0, 0, 0, 0 };

	CHECK_EQ(syscall(221, DATA, 14, free_all), 0);
	return result;
}

/* --- the file --------------------------------------------------------------------------------------------------- */

static void rewind_data(void)
{
	lseek(DATA, 0, SEEK_SET);
}

/* Not at 0: there Linux 6.1 on i386, which copies whole words, loops for ever if memory ends within the first one. */
static void rewind_almost(void)
{
	lseek(DATA, 1, SEEK_SET);
}

static long position(long result)
{
	(void)result;
	return lseek(DATA, 0, SEEK_CUR);
}

static void rewind_folder(void)
{
	lseek(EMPTY_DIR, 0, SEEK_SET);
}

/* --- vectors: base, length ... ---------------------------------------------------------------------------------- */

static long two_vectors[4], middle[6], first[4];

static void set_vectors(void)
{
	long to = (long)scratch;

	memcpy(two_vectors, (long[]){ to, 20, to + 20, 20 }, sizeof(two_vectors));
	memcpy(middle, (long[]){ to, 12, 0, 16, to + 12, 12 }, sizeof(middle));
	memcpy(first, (long[]){ 0, 16, to, 24 }, sizeof(first));
}

static void vectors_of_pipe(void)
{
	set_vectors();
	fill();
}

static void vectors_of_file(void)
{
	set_vectors();
	rewind_data();
}

/* --- the terminal ----------------------------------------------------------------------------------------------- */

static char settings[36];
static const unsigned short window[4] = { 25, 80, 0, 0 };
static int group;

static void get_settings(void)
{
	CHECK_EQ(syscall(SYS_ioctl, TERMINAL, TCGETS, settings), 0);
}

static void get_group(void)
{
	group = getpgrp();
}

/* --- descriptors that calls make -------------------------------------------------------------------------------- */

/* Two from the lowest on, if there are. */
static long close_two(long result)
{
	int fd = dup(HOME);

	if (result == 0)
		close(fd - 1), close(fd - 2);
	close(fd);
	return result == 0;
}

static long close_one(long result)
{
	return result < 0 ? 0 : close(result) == 0;
}

static const long from_100[2] = { SEEK_TO_100, 0 };

const struct row file_rows[] = {
	{ 3, "read pipe", OUT, BYTES, ARGS(READER, P, BYTES), .before = fill, .after = drain },
	{ 3, "read file", OUT, BYTES, ARGS(DATA, P, BYTES), .before = rewind_data, .after = position },
	{ 3, "read page", OUT, PAGE, ARGS(DATA, P, PAGE), .before = rewind_data, .after = position },
	{ 3, "read nothing", OUT, BYTES, ARGS(DATA, P, 0) },
	{ 3, "read zeros", OUT, BYTES, ARGS(ZEROS, P, BYTES) },
	{ 3, "read null", OUT, BYTES, ARGS(NOWHERE, P, BYTES) },
	{ 3, "read folder", OUT, BYTES, ARGS(EMPTY_DIR, P, BYTES) },
	{ 4, "write pipe", IN, BYTES, ARGS(WRITER, P, BYTES), .before = empty, .after = drain },
	{ 4, "write file", IN, BYTES, ARGS(DATA, P, BYTES), .before = rewind_almost, .after = position },
	{ 4, "write page", IN, PAGE, ARGS(DATA, P, PAGE), .before = rewind_almost, .after = position },
	{ 4, "write nothing", IN, BYTES, ARGS(DATA, P, 0) },
	{ 4, "write null", IN, BYTES, ARGS(NOWHERE, P, BYTES) },
	{ 180, "pread64", OUT, BYTES, ARGS(DATA, P, BYTES, SEEK_TO_100) },
	{ 181, "pwrite64", IN, BYTES, ARGS(DATA, P, BYTES, SEEK_TO_100) },
	{ 145, "readv vectors", IN, 16, ARGS(READER, P, 2), two_vectors, .before = vectors_of_pipe, .after = drain },
	{ 145, "readv first", OUT, 16, ARGS(READER, (long)first, 2), .cell = &first[0], .before = vectors_of_pipe,
	  .after = drain },
	{ 145, "readv middle", OUT, 16, ARGS(READER, (long)middle, 3), .cell = &middle[2], .before = vectors_of_pipe,
	  .after = drain },
	{ 145, "readv middle of file", OUT, 16, ARGS(DATA, (long)middle, 3), .cell = &middle[2],
	  .before = vectors_of_file, .after = position },
	{ 146, "writev vectors", IN, 16, ARGS(DATA, P, 2), two_vectors, .before = vectors_of_file, .after = position },
	{ 146, "writev first", IN, 16, ARGS(WRITER, (long)first, 2), .cell = &first[0], .before = vectors_of_pipe,
	  .after = drain },
	{ 146, "writev middle", IN, 16, ARGS(WRITER, (long)middle, 3), .cell = &middle[2], .before = vectors_of_pipe,
	  .after = drain },
	{ 146, "writev middle of file", IN, 16, ARGS(DATA, (long)middle, 3), .cell = &middle[2],
	  .before = vectors_of_file, .after = position },
	{ 333, "preadv vectors", IN, 16, ARGS(DATA, P, 2, 0, 0), two_vectors, .before = vectors_of_file },
	{ 333, "preadv middle", OUT, 16, ARGS(DATA, (long)middle, 3, 0, 0), .cell = &middle[2],
	  .before = vectors_of_file },
	{ 334, "pwritev vectors", IN, 16, ARGS(DATA, P, 2, 0, 0), two_vectors, .before = vectors_of_file },
	{ 334, "pwritev middle", IN, 16, ARGS(DATA, (long)middle, 3, 0, 0), .cell = &middle[2],
	  .before = vectors_of_file },
	{ 187, "sendfile offset", INOUT, 4, ARGS(WRITER, DATA, P, BYTES), from_100, .before = empty, .after = drain },
	{ 239, "sendfile64 offset", INOUT, 8, ARGS(WRITER, DATA, P, BYTES), from_100, .before = empty,
	  .after = drain },
	{ 140, "_llseek result", OUT, 8, ARGS(DATA, 0, SEEK_TO_100, P, SEEK_SET), .before = rewind_data,
	  .after = position },
	{ 197, "fstat64", OUT, 96, ARGS(DATA, P), .flags = VARIES },
	{ 269, "fstatfs64", OUT, 84, ARGS(DATA, 84, P), .flags = VARIES },
	{ 220, "getdents64", OUT, 48, ARGS(EMPTY_DIR, P, 48), .before = rewind_folder, .flags = VARIES },
	{ 141, "getdents", OUT, 48, ARGS(EMPTY_DIR, P, 48), .before = rewind_folder, .flags = VARIES },
	{ 42, "pipe", OUT, 8, ARGS(P), .after = close_two },
	{ 331, "pipe2", OUT, 8, ARGS(P, 0), .after = close_two },
	{ 356, "memfd_create name", TEXT, 5, ARGS(P, 0), "name", .after = close_one },
	{ 221, "fcntl64 F_GETLK", INOUT, 16, ARGS(DATA, 5, P), any_lock },
	{ 221, "fcntl64 F_SETLK", IN, 16, ARGS(DATA, 6, P), any_lock, .after = unlock },
	{ 221, "fcntl64 F_GETLK64", INOUT, 24, ARGS(DATA, 12, P), any_lock },
	{ 221, "fcntl64 F_SETLKW64", IN, 24, ARGS(DATA, 14, P), any_lock, .after = unlock },
	{ 54, "ioctl TCGETS", OUT, sizeof(settings), ARGS(TERMINAL, TCGETS, P), .flags = VARIES },
	{ 54, "ioctl TCSETS", IN, sizeof(settings), ARGS(TERMINAL, TCSETS, P), settings, .before = get_settings },
	{ 54, "ioctl TIOCSWINSZ", IN, 8, ARGS(TERMINAL, TIOCSWINSZ, P), window },
	{ 54, "ioctl TIOCGWINSZ", OUT, 8, ARGS(TERMINAL, TIOCGWINSZ, P) },
	{ 54, "ioctl TIOCSPGRP", IN, 4, ARGS(TERMINAL, TIOCSPGRP, P), &group, .before = get_group },
	{ 54, "ioctl TIOCGPGRP", OUT, 4, ARGS(TERMINAL, TIOCGPGRP, P), .flags = VARIES },
	{ 54, "ioctl FIONREAD", OUT, 4, ARGS(TERMINAL, FIONREAD, P) },
	{ 54, "ioctl unknown", INOUT, 4, ARGS(TERMINAL, 0x1234, P) },
	{ 0 },
};
