/*
 * Open files: descriptors, flags, pipes, locks and seals.
 */
#include "files.h"

/* --- opening --------------------------------------------------------------------------------------------------------- */

static void open_file(void)
{
	CHECK_EQ(status_of(CALL("file", O_RDONLY)).st_size, 10);
}

static void open_at(void)
{
	CHECK_EQ(status_of(CALL(AT_CWD, "file", O_RDONLY)).st_size, 10);
}

static void open_new(void)
{
	CALL("new", O_WRONLY | O_CREAT | O_EXCL, 0640);
	CHECK_ERROR(open("new", O_WRONLY | O_CREAT | O_EXCL, 0640), EEXIST);
}

static void open_empty(void)
{
	CALL("file", O_WRONLY | O_TRUNC);
	CHECK_EQ(size(), 0);
}

static void open_to_append(void)
{
	CHECK_EQ(write(CALL("file", O_WRONLY | O_APPEND), "a", 1), 1);
	contents_are("0123456789a");
}

/* A flag whose effect is tested elsewhere, or is visible on a disk only, is at least reported again. */
static void open_with(void)
{
	CHECK(flags_of(CALL("file", O_RDWR | effect->word)) & effect->word);
}

/* No page of the cache is used, so an odd length is refused. */
static void open_direct(void)
{
	char byte;
	int fd = CALL("file", O_RDWR | O_DIRECT);

	CHECK_ERROR(read(fd, &byte, 1), EINVAL);
}

static void open_to_close(void)
{
	CHECK_EQ(CONTROL(CALL("file", O_RDONLY | O_CLOEXEC), F_GETFD, 0), 1);
}

static void open_path(void)
{
	char byte;

	CHECK_ERROR(read(CALL("file", O_PATH), &byte, 1), EBADF);
}

static void open_unnamed(void)
{
	int fd = CALL(".", O_RDWR | O_TMPFILE, 0600);

	CHECK_EQ(status_of(fd).st_nlink, 0);
}

/* --- descriptors ----------------------------------------------------------------------------------------------------- */

static void close_descriptor(void)
{
	int fd = file();

	CALL(fd);
	CHECK_ERROR(close(fd), EBADF);
}

static void is_copy(int fd, int to)
{
	CHECK_EQ(lseek(fd, 6, 0), 6);
	CHECK_EQ(position(to), 6);
}

static void copy_descriptor(void)
{
	int fd = file();

	is_copy(fd, CALL(fd));
}

static void copy_to(void)
{
	int fd = file();

	CHECK_EQ(CALL(fd, 20, O_CLOEXEC), 20);
	is_copy(fd, 20);
	CHECK_EQ(CONTROL(20, F_GETFD, 0), effect->word);
}

static void copy_from(void)
{
	int fd = file(), to = CALL(fd, effect->word, 20);

	CHECK(to >= 20);
	is_copy(fd, to);
	CHECK_EQ(CONTROL(to, F_GETFD, 0), effect->word != 0);
}

static void set_descriptor_flags(void)
{
	int fd = file();

	CALL(fd, 2, 1);
	CHECK_EQ(CONTROL(fd, F_GETFD, 0), 1);
}

static void set_flags(void)
{
	int fd = file();

	CALL(fd, 4, effect->word);
	CHECK_EQ(flags_of(fd) & (O_APPEND | O_NONBLOCK | O_NOATIME | O_DIRECT), effect->word);
}

/* --- pipes ----------------------------------------------------------------------------------------------------------- */

static void make_pipe(void)
{
	int ends[2];
	char byte = 0;

	CALL(ends, effect->word);
	CHECK_EQ(write(ends[1], "x", 1), 1);
	CHECK_EQ(read(ends[0], &byte, 1), 1);
	CHECK_EQ(byte, 'x');
	CHECK_EQ(CONTROL(ends[0], F_GETFD, 0), effect->word == O_CLOEXEC);
	CHECK_EQ(flags_of(ends[1]) & O_NONBLOCK, effect->word & O_NONBLOCK);
}

/* A read returns one packet at most. */
static void make_packet_pipe(void)
{
	int ends[2];
	char bytes[4];

	CALL(ends, O_DIRECT);
	CHECK_EQ(write(ends[1], "x", 1), 1);
	CHECK_EQ(write(ends[1], "y", 1), 1);
	CHECK_EQ(read(ends[0], bytes, 4), 1);
}

static void resize_pipe(void)
{
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(CALL(ends[0], 1031, 2 * PAGE), 2 * PAGE);
	CHECK_EQ(CONTROL(ends[1], F_GETPIPE_SZ, 0), 2 * PAGE);
}

/* Its reader is to be notified by SIGIO. */
static void ask_for_signals(void)
{
	enum { F_SETOWN = 8, SIGIO = 29 };
	int ends[2];

	effect_catch(SIGIO);
	CHECK_EQ(pipe(ends), 0);
	CALL(ends[0], 4, O_ASYNC);
	CHECK_EQ(CONTROL(ends[0], F_SETOWN, getpid()), 0);
	CHECK_EQ(write(ends[1], "x", 1), 1);
	CHECK_EQ(effect_signals, 1);
}

/* --- locks and seals ------------------------------------------------------------------------------------------------- */

struct lock {
	short type, whence;
	long long start, length;
	int pid;
} __attribute__((packed));

struct narrow_lock {
	short type, whence;
	long start, length;
	int pid;
};

/* Another task cannot have the lock. */
static void is_locked(void *fd)
{
	enum { F_OFD_GETLK = 36, WRITE_LOCK = 1, UNLOCKED = 2 };
	struct lock lock = { .type = WRITE_LOCK };

	(void)fd;
	CHECK_EQ(CONTROL(open("file", O_RDWR), F_OFD_GETLK, &lock), 0);
	CHECK(lock.type != UNLOCKED);
}

static void lock_range(void)
{
	struct lock lock = { .type = 1, .length = 5 };
	struct narrow_lock narrow = { .type = 1, .length = 5 };

	CALL(file(), effect->word, effect->word <= 7 ? (void *)&narrow : &lock);
	CHECK_EQ(check_in_child(is_locked, NULL), 0);
}

static void lock_file(void)
{
	enum { EXCLUSIVE = 2, NO_WAIT = 4, UNLOCK = 8 };
	int one = file(), other = file();

	CALL(one, EXCLUSIVE);
	CHECK_ERROR(syscall(effect->number, other, EXCLUSIVE | NO_WAIT), EAGAIN);
	CALL(one, UNLOCK);
	CHECK_EQ(syscall(effect->number, other, EXCLUSIVE | NO_WAIT), 0);
}

static void make_memory_file(void)
{
	int fd = CALL("effects", effect->word);

	CHECK_EQ(write(fd, "x", 1), 1);
	CHECK_EQ(status_of(fd).st_size, 1);
	CHECK_EQ(CONTROL(fd, F_GETFD, 0), effect->word == 1);
	CHECK_EQ(CONTROL(fd, F_GET_SEALS, 0), effect->word != 2);
}

/* Each kind of seal prevents the operation it is meant for. */
static void seal(void)
{
	enum { SEAL_SEAL = 1, SHRINK = 2, GROW = 4, WRITE = 8, FUTURE_WRITE = 16 };
	int fd = memory_file(2);

	CALL(fd, F_ADD_SEALS, effect->word);
	CHECK_EQ(CONTROL(fd, F_GET_SEALS, 0), effect->word);
	if (effect->word == SEAL_SEAL)
		CHECK_ERROR(CONTROL(fd, F_ADD_SEALS, SHRINK), EPERM);
	CHECK_EQ(ftruncate(fd, PAGE), effect->word == SHRINK ? -1 : 0);
	CHECK_EQ(ftruncate(fd, 5 * PAGE), effect->word == GROW ? -1 : 0);
	CHECK_EQ(pwrite(fd, "x", 1, 0), effect->word == WRITE || effect->word == FUTURE_WRITE ? -1 : 1);
}

const struct effect descriptor_effects[] = {
	{ 5, "open", open_file, 0 },
	{ 5, "open O_CREAT O_EXCL", open_new, 0 },
	{ 5, "open O_TRUNC", open_empty, 0 },
	{ 5, "open O_APPEND", open_to_append, 0 },
	{ 5, "open O_NONBLOCK", open_with, O_NONBLOCK },
	{ 5, "open O_DSYNC", open_with, O_DSYNC },
	{ 5, "open O_NOATIME", open_with, O_NOATIME },
	{ 5, "open O_DIRECT", open_direct, 0 },
	{ 5, "open O_CLOEXEC", open_to_close, 0 },
	{ 5, "open O_PATH", open_path, 0 },
	{ 5, "open O_TMPFILE", open_unnamed, 0 },
	{ 6, "close", close_descriptor, 0 },
	{ 41, "dup", copy_descriptor, 0 },
	{ 42, "pipe", make_pipe, 0 },
	{ 63, "dup2", copy_to, 0 },
	{ 143, "flock", lock_file, 0 },
	{ 221, "fcntl F_DUPFD", copy_from, 0 },
	{ 221, "fcntl F_DUPFD_CLOEXEC", copy_from, 1030 },
	{ 221, "fcntl F_SETFD", set_descriptor_flags, 0 },
	{ 221, "fcntl F_SETFL O_APPEND", set_flags, O_APPEND },
	{ 221, "fcntl F_SETFL O_NONBLOCK", set_flags, O_NONBLOCK },
	{ 221, "fcntl F_SETFL O_NOATIME", set_flags, O_NOATIME },
	{ 221, "fcntl F_SETFL O_DIRECT", set_flags, O_DIRECT },
	{ 221, "fcntl F_SETFL O_ASYNC", ask_for_signals, 0 },
	{ 221, "fcntl F_SETLK", lock_range, 6 },
	{ 221, "fcntl F_SETLKW", lock_range, 7 },
	{ 221, "fcntl F_SETLK64", lock_range, 13 },
	{ 221, "fcntl F_SETLKW64", lock_range, 14 },
	{ 221, "fcntl F_OFD_SETLK", lock_range, 37 },
	{ 221, "fcntl F_OFD_SETLKW", lock_range, 38 },
	{ 221, "fcntl F_SETPIPE_SZ", resize_pipe, 0 },
	{ 221, "fcntl F_ADD_SEALS F_SEAL_SEAL", seal, 1 },
	{ 221, "fcntl F_ADD_SEALS F_SEAL_SHRINK", seal, 2 },
	{ 221, "fcntl F_ADD_SEALS F_SEAL_GROW", seal, 4 },
	{ 221, "fcntl F_ADD_SEALS F_SEAL_WRITE", seal, 8 },
	{ 221, "fcntl F_ADD_SEALS F_SEAL_FUTURE_WRITE", seal, 16 },
	{ 295, "openat", open_at, 0 },
	{ 330, "dup3", copy_to, 1 },
	{ 331, "pipe2 O_CLOEXEC", make_pipe, O_CLOEXEC },
	{ 331, "pipe2 O_NONBLOCK", make_pipe, O_NONBLOCK },
	{ 331, "pipe2 O_DIRECT", make_packet_pipe, 0 },
	{ 356, "memfd_create MFD_CLOEXEC", make_memory_file, 1 },
	{ 356, "memfd_create MFD_ALLOW_SEALING", make_memory_file, 2 },
	{ 0 },
};
