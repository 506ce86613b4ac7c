/*
 * The files, descriptors and the queue of messages that the rows use.
 */
#include "bad-pointers.h"

#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define FOLDER "bad-pointers.work"

int queue, shared_segment;

static void open_as(int fd, int wanted)
{
	CHECK(fd >= 0);
	CHECK_EQ(dup2(fd, wanted), wanted);
	if (fd != wanted)
		close(fd);
}

/* The terminal of this session; on Linux a new one. */
static int open_terminal(void)
{
	enum { TIOCSPTLCK = 0x40045431, TIOCGPTN = (int)0x80045430, SYS_SETSID = 66 };
	int master = open("/dev/ptmx", O_RDWR), number = 0, zero = 0;
	char name[32];

	if (master < 0)
		return open("/dev/tty", O_RDWR);
	open_as(master, MASTER);
	CHECK(syscall(SYS_SETSID) > 0);
	CHECK_EQ(syscall(SYS_ioctl, MASTER, TIOCSPTLCK, &zero), 0);
	CHECK_EQ(syscall(SYS_ioctl, MASTER, TIOCGPTN, &number), 0);
	snprintf(name, sizeof(name), "/dev/pts/%d", number);
	return open(name, O_RDWR);
}

static void make_file(const char *name, mode_t mode)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, mode);
	char text[PAGE];

	CHECK(fd >= 0);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = 'a' + i % 26;
	CHECK_EQ(write(fd, text, sizeof(text)), sizeof(text));
	close(fd);
}

void make_world(void)
{
	enum { SYS_PIPE2 = 331 };
	int ends[2];

	mkdir(FOLDER, 0755);
	CHECK_EQ(chdir(FOLDER), 0);
	for (int fd = 3; fd < HOME; fd++)
		close(fd);
	mkdir("empty", 0755);
	make_file("data", 0644);
	make_file("garbage", 0755);
	unlink("link");
	CHECK_EQ(symlink("data", "link"), 0);
	open_as(open(".", O_RDONLY | O_DIRECTORY), HOME);
	open_as(open("data", O_RDWR), DATA);
	open_as(open("empty", O_RDONLY | O_DIRECTORY), EMPTY_DIR);
	open_as(open("/dev/zero", O_RDWR), ZEROS);
	open_as(open("/dev/null", O_RDWR), NOWHERE);
	CHECK_EQ(syscall(SYS_PIPE2, ends, O_NONBLOCK), 0);
	open_as(ends[0], READER);
	open_as(ends[1], WRITER);
	shared_segment = syscall(395, IPC_PRIVATE, PAGE, 0600); /* shmget */
	CHECK(shared_segment >= 0);
	queue = msgget(IPC_PRIVATE, 0600);
	CHECK(queue >= 0);
	open_as(open_terminal(), TERMINAL);
}

void end_world(void)
{
	static const char *const files[] = { "data", "garbage", "link", "victim", "short", "backing" };
	static const char *const folders[] = { "empty", "folder" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		rmdir(folders[i]);
	CHECK_EQ(chdir(".."), 0);
	CHECK_EQ(rmdir(FOLDER), 0);
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
	CHECK_EQ(syscall(396, shared_segment, IPC_RMID, NULL), 0); /* shmctl */
}
