/*
 * Open files: their contents, positions, flags, locks and seals.
 */
#include "effects.h"

#include <sys/ioctl.h>
#include <termios.h>

enum { AT_CWD = -100 };
enum { F_GETFD = 1, F_GETFL = 3, F_SETLK = 6, F_GETLK64 = 12, F_GETPIPE_SZ = 1032, F_ADD_SEALS = 1033, F_GET_SEALS = 1034 };
enum { O_DSYNC = 010000, O_ASYNC = 020000, O_DIRECT = 040000, O_LARGEFILE = 0100000, O_NOATIME = 01000000, O_PATH = 010000000,
       O_TMPFILE = 020200000 };

#define CONTROL(fd, command, argument) syscall(SYS_fcntl64, fd, command, argument)

static int file(void)
{
	int fd = open("file", O_RDWR);

	CHECK(fd >= 0);
	return fd;
}

static long size(void)
{
	struct stat st;

	CHECK_EQ(stat("file", &st), 0);
	return st.st_size;
}

static long position(int fd)
{
	return lseek(fd, 0, 1);
}

static void contents_are(const char *wanted)
{
	char text[40] = "";

	CHECK_EQ(pread(file(), text, sizeof(text) - 1, 0), strlen(wanted));
	CHECK_EQ(strcmp(text, wanted), 0);
}

/* --- contents -------------------------------------------------------------------------------------------------------- */

static void read_some(void)
{
	char text[5] = "";
	int fd = file();

	CHECK_EQ(CALL(fd, text, 4), 4);
	CHECK_EQ(strcmp(text, "0123"), 0);
	CHECK_EQ(position(fd), 4);
}

static void write_some(void)
{
	CHECK_EQ(CALL(file(), "abc", 3), 3);
	contents_are("abc3456789");
}

struct piece {
	const void *at;
	size_t bytes;
};

static void read_pieces(void)
{
	char one[3] = "", two[3] = "";
	struct piece pieces[2] = { { one, 2 }, { two, 2 } };
	int fd = file();

	CHECK_EQ(CALL(fd, pieces, 2, effect->word, 0), 4);
	CHECK_EQ(one[0], '0' + effect->word);
	CHECK_EQ(two[1], '3' + effect->word);
	CHECK_EQ(position(fd), effect->word ? 0 : 4);
}

static void write_pieces(void)
{
	struct piece pieces[2] = { { "ab", 2 }, { "cd", 2 } };

	CHECK_EQ(CALL(file(), pieces, 2, effect->word, 0), 4);
	contents_are(effect->word ? "01abcd6789" : "abcd456789");
}

static void read_at(void)
{
	char text[3] = "";
	int fd = file();

	CHECK_EQ(CALL(fd, text, 2, 5, 0), 2);
	CHECK_EQ(strcmp(text, "56"), 0);
	CHECK_EQ(position(fd), 0);
}

static void write_at(void)
{
	CHECK_EQ(CALL(file(), "ab", 2, 5, 0), 2);
	contents_are("01234ab789");
}

static void send_file(void)
{
	int to = open("new", O_RDWR | O_CREAT, 0600), from = file();
	char text[11] = "";

	CHECK_EQ(CALL(to, from, NULL, 10), 10);
	CHECK_EQ(pread(to, text, 10, 0), 10);
	CHECK_EQ(strcmp(text, "0123456789"), 0);
	CHECK_EQ(position(from), 10);
}

static void truncate_name(void)
{
	CALL("file", 7, 0);
	CHECK_EQ(size(), 7);
}

static void truncate_descriptor(void)
{
	CALL(file(), 12, 0);
	CHECK_EQ(size(), 12);
}

static void seek(void)
{
	int fd = file();

	CHECK_EQ(CALL(fd, 3, 0), 3);
	CHECK_EQ(position(fd), 3);
}

static void seek_far(void)
{
	int fd = file();
	long long at = 0;

	CALL(fd, 1, 5, &at, 0);
	CHECK_EQ(at, (1ll << 32) + 5);
	CALL(fd, 0, 0, &at, 1);
	CHECK_EQ(at, (1ll << 32) + 5);
}

/* --- space ----------------------------------------------------------------------------------------------------------- */

static struct stat status_of(int fd)
{
	struct stat st;

	CHECK_EQ(fstat(fd, &st), 0);
	return st;
}

static int memory_file(int flags)
{
	int fd = memfd_create("effects", flags);

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, 4 * PAGE), 0);
	return fd;
}

static void allocate(void)
{
	int fd = memory_file(0);

	CALL(fd, 0, 0, 0, 8 * PAGE, 0);
	CHECK_EQ(status_of(fd).st_size, 8 * PAGE);
	CHECK(status_of(fd).st_blocks >= 8 * PAGE / 512);
}

static void allocate_behind(void)
{
	int fd = memory_file(0);

	CALL(fd, effect->word, 4 * PAGE, 0, 4 * PAGE, 0);
	CHECK_EQ(status_of(fd).st_size, 4 * PAGE);
	CHECK(status_of(fd).st_blocks >= 4 * PAGE / 512);
}

static void punch(void)
{
	int fd = memory_file(0);
	char byte = 'x';

	CHECK_EQ(pwrite(fd, &byte, 1, PAGE), 1);
	CALL(fd, effect->word, PAGE, 0, PAGE, 0);
	CHECK_EQ(status_of(fd).st_blocks, 0);
	CHECK_EQ(pread(fd, &byte, 1, PAGE), 1);
	CHECK_EQ(byte, 0);
}

/* --- opening --------------------------------------------------------------------------------------------------------- */

static int flags_of(int fd)
{
	return CONTROL(fd, F_GETFL, 0);
}

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

/* A flag whose effect is asked elsewhere, or only a disk could show, is told again at least. */
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

/* A read has one packet at most. */
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

/* Its reader is to be told by SIGIO. */
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

/* Each kind of seal forbids what it is for. */
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

/* --- the terminal ---------------------------------------------------------------------------------------------------- */

enum { TCFLSH = 0x540B, TIOCSWINSZ = 0x5414, FIONREAD = 0x541B, SIG_WINDOW = 28 };

static int terminal_master = -1;

/* The terminal that this session has; on Linux one that is made for it. */
static int terminal(void)
{
	enum { TIOCSPTLCK = 0x40045431, TIOCGPTN = (int)0x80045430 };
	int number = 0, zero = 0, fd;
	char name[32];

	signal(SIGTTOU, SIG_IGN);
	terminal_master = open("/dev/ptmx", O_RDWR);
	if (terminal_master < 0)
		return open("/dev/tty", O_RDWR);
	CHECK(syscall(SYS_setsid) > 0);
	CHECK_EQ(ioctl(terminal_master, TIOCSPTLCK, &zero), 0);
	CHECK_EQ(ioctl(terminal_master, TIOCGPTN, &number), 0);
	snprintf(name, sizeof(name), "/dev/pts/%d", number);
	fd = open(name, O_RDWR);
	CHECK(fd >= 0);
	return fd;
}

static void set_terminal(void)
{
	struct termios before, now, after;
	int fd = terminal();

	CHECK_EQ(ioctl(fd, TCGETS, &before), 0);
	now = before;
	now.c_lflag ^= ECHO;
	now.c_cc[VMIN] = 7;
	CALL(fd, effect->word, &now);
	CHECK_EQ(ioctl(fd, TCGETS, &after), 0);
	CHECK_EQ(ioctl(fd, TCSETS, &before), 0);
	CHECK_EQ(memcmp(&now, &after, sizeof(now)), 0);
}

static void flush_terminal(void)
{
	int fd = terminal(), waiting = -1;

	if (terminal_master >= 0)
		CHECK_EQ(write(terminal_master, "x\n", 2), 2);
	while (terminal_master >= 0 && waiting < 2)
		CHECK_EQ(ioctl(fd, FIONREAD, &waiting), 0);
	CALL(fd, TCFLSH, 0);
	CHECK_EQ(ioctl(fd, FIONREAD, &waiting), 0);
	CHECK_EQ(waiting, 0);
}

/* The foreground group is told. */
static void set_window(void)
{
	int fd = terminal(), group = getpgrp(), before = -1;
	struct winsize old, now = { 33, 77, 0, 0 }, after;

	effect_catch(SIG_WINDOW);
	ioctl(fd, TIOCGPGRP, &before);
	CHECK_EQ(ioctl(fd, TIOCSPGRP, &group), 0);
	CHECK_EQ(ioctl(fd, TIOCGWINSZ, &old), 0);
	CALL(fd, TIOCSWINSZ, &now);
	CHECK_EQ(ioctl(fd, TIOCGWINSZ, &after), 0);
	CHECK_EQ(effect_signals, 1);
	syscall(SYS_ioctl, fd, TIOCSWINSZ, &old);
	ioctl(fd, TIOCSPGRP, &before);
	CHECK_EQ(memcmp(&now, &after, sizeof(now)), 0);
}

static void set_foreground(void)
{
	int fd = terminal(), before = -1, now = -1;
	pid_t own;

	CHECK_EQ(ioctl(fd, TIOCGPGRP, &before), 0);
	own = fork();
	if (!own) {
		pause();
		_exit(0);
	}
	CHECK_EQ(setpgid(own, own), 0);
	CALL(fd, TIOCSPGRP, &own);
	CHECK_EQ(ioctl(fd, TIOCGPGRP, &now), 0);
	ioctl(fd, TIOCSPGRP, &before);
	CHECK_EQ(kill(own, SIGKILL), 0);
	CHECK_EQ(now, own);
}

static void take_terminal(void)
{
	enum { TIOCSCTTY = 0x540E };
	int fd = terminal(), now = -1;

	CALL(fd, TIOCSCTTY, 0);
	CHECK_EQ(ioctl(fd, TIOCGPGRP, &now), 0);
	CHECK_EQ(now, getpgrp());
}

const struct effect file_effects[] = {
	{ 3, "read", read_some, 0 },
	{ 4, "write", write_some, 0 },
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
	{ 19, "lseek", seek, 0 },
	{ 41, "dup", copy_descriptor, 0 },
	{ 42, "pipe", make_pipe, 0 },
	{ 54, "ioctl TCSETS", set_terminal, 0x5402 },
	{ 54, "ioctl TCSETSW", set_terminal, 0x5403 },
	{ 54, "ioctl TCSETSF", set_terminal, 0x5404 },
	{ 54, "ioctl TCFLSH", flush_terminal, 0 },
	{ 54, "ioctl TIOCSWINSZ", set_window, 0 },
	{ 54, "ioctl TIOCSPGRP", set_foreground, 0 },
	{ 54, "ioctl TIOCSCTTY", take_terminal, 0 },
	{ 63, "dup2", copy_to, 0 },
	{ 92, "truncate", truncate_name, 0 },
	{ 93, "ftruncate", truncate_descriptor, 0 },
	{ 140, "_llseek", seek_far, 0 },
	{ 143, "flock", lock_file, 0 },
	{ 145, "readv", read_pieces, 0 },
	{ 146, "writev", write_pieces, 0 },
	{ 180, "pread64", read_at, 0 },
	{ 181, "pwrite64", write_at, 0 },
	{ 187, "sendfile", send_file, 0 },
	{ 193, "truncate64", truncate_name, 0 },
	{ 194, "ftruncate64", truncate_descriptor, 0 },
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
	{ 239, "sendfile64", send_file, 0 },
	{ 295, "openat", open_at, 0 },
	{ 324, "fallocate", allocate, 0 },
	{ 324, "fallocate FALLOC_KEEP_SIZE", allocate_behind, 1 },
	{ 324, "fallocate FALLOC_PUNCH_HOLE", punch, 3 },
	{ 330, "dup3", copy_to, 1 },
	{ 331, "pipe2 O_CLOEXEC", make_pipe, O_CLOEXEC },
	{ 331, "pipe2 O_NONBLOCK", make_pipe, O_NONBLOCK },
	{ 331, "pipe2 O_DIRECT", make_packet_pipe, 0 },
	{ 333, "preadv", read_pieces, 2 },
	{ 334, "pwritev", write_pieces, 2 },
	{ 356, "memfd_create MFD_CLOEXEC", make_memory_file, 1 },
	{ 356, "memfd_create MFD_ALLOW_SEALING", make_memory_file, 2 },
	{ 0 },
};
