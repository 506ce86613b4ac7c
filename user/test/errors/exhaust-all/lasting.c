/*
 * exhaust-all's kinds of objects that outlive their task, alone and together, and of unusual ways to hold memory.
 *
 * Killing a task does not free such memory, so each kind alone must leave room, and all together must too.
 */
#include "exhaust-all.h"

#include <sys/stat.h>
#include <sys/syscall.h>

enum { CALL_fcntl = 221, CALL_link = 9, CALL_readv = 145, SET_LOCK = 13, SET_PIPE_SIZE = 1031, SET_FLAGS = 4, ADD_SEALS = 1033,
       UNNAMED = 020200000, SEALS_ALL = 14, ALLOW_SEALING = 2, ALL = PROT_READ | PROT_WRITE, TASKS = 60 };

static char block[16 * PAGE];

/* --- together ------------------------------------------------------------------------------------------------------ */

static void shm_and_segments(void)
{
	fill_segments(false, false);
	fill_shm_files();
}

static void segments_after_shm(void)
{
	fill_shm_files();
	fill_segments(false, false);
}

static void clear_shared(void)
{
	remove_segments();
	clear_shm();
}

static void shm_links(void);

static void everything(void)
{
	fill_segments(false, true);
	shm_links();
	fill_queues();
	fill_shm_files();
	fill_pipes();
}

/* In the other order: a bound that depends on free memory must take the other kinds into account. */
static void everything_reversed(void)
{
	fill_queues();
	shm_links();
	fill_segments(false, true);
	fill_shm_files();
}

static void clear_everything(void)
{
	clear_shared();
	remove_queues();
}

/* --- names in /dev/shm --------------------------------------------------------------------------------------------- */

/* A folder in a folder in a folder, each with a long name. */
static void shm_depths(void)
{
	char name[200];

	snprintf(name, sizeof(name), "/dev/shm/exhaust-%d", getpid());
	if (syscall(SYS_mkdir, name, 0700) < 0 || chdir(name) < 0)
		return;
	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	while (syscall(SYS_mkdir, name, 0700) == 0 && chdir(name) == 0)
		step();
}

static void remove_depths(void)
{
	char name[300];

	memset(name, 'd', 199);
	name[199] = 0;
	CHECK_EQ(chdir("/dev/shm"), 0);
	for (int pid = 2; pid < 32768; pid++) {
		snprintf(name + 200, 100, "exhaust-%d", pid);
		if (chdir(name + 200) < 0)
			continue;
		while (chdir(name) == 0)
			;
		while (chdir("..") == 0 && rmdir(name) == 0)
			;
		CHECK_EQ(rmdir(name + 200), 0);
	}
	CHECK_EQ(chdir("/"), 0);
}

/* Many names of one file, and long targets of symbolic links. */
static void shm_links(void)
{
	char name[64], other[80], target[4000];
	int fd;

	memset(target, 'x', sizeof(target) - 1);
	target[sizeof(target) - 1] = 0;
	snprintf(name, sizeof(name), "/dev/shm/exhaust-%d", getpid());
	fd = open(name, O_RDWR | O_CREAT, 0600);
	if (fd < 0)
		return;
	for (int n = 0; n < 3000; n++) {
		snprintf(other, sizeof(other), "%s-%d", name, n);
		if (n % 4 ? syscall(CALL_link, name, other) < 0 : symlink(target, other) < 0)
			return;
		step();
	}
}

static void unnamed_files(void)
{
	for (int fd; (fd = open("/dev/shm", O_RDWR | UNNAMED, 0600)) >= 0;)
		for (int n = 0; n < MIB && write(fd, block, sizeof(block)) == sizeof(block); n += sizeof(block))
			step();
}

/* Sealed memory can only be freed with the file. */
static void sealed_memfds(void)
{
	for (int fd; (fd = memfd_create("exhaust", ALLOW_SEALING)) >= 0;) {
		for (int n = 0; n < MIB && write(fd, block, sizeof(block)) == sizeof(block); n += sizeof(block))
			step();
		syscall(CALL_fcntl, fd, ADD_SEALS, SEALS_ALL);
	}
}

/* --- other things -------------------------------------------------------------------------------------------------- */

/* Ranges with gaps between them, so that they are not merged. */
static void ranges(void)
{
	struct {
		short type, whence;
		long long start, length;
		int pid;
	} __attribute__((packed, aligned(4))) lock = { .type = 1, .length = 1 };
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/tmp/exhaust-%d", getpid());
	fd = open(name, O_RDWR | O_CREAT, 0600);
	unlink(name);
	for (; fd >= 0 && lock.start < 100000; lock.start += 2) {
		if (syscall(CALL_fcntl, fd, SET_LOCK, &lock) < 0)
			return;
		step();
	}
}

static void large_pipes(void)
{
	for (int end[2]; pipe(end) == 0;) {
		syscall(CALL_fcntl, end[1], SET_PIPE_SIZE, MIB);
		syscall(CALL_fcntl, end[1], SET_FLAGS, O_NONBLOCK);
		while (write(end[1], block, sizeof(block)) > 0)
			step();
	}
}

/* Tasks that sleep within a call that has copied a long list into the kernel. */
static void sleeping_lists(void)
{
	static struct {
		void *start;
		size_t length;
	} list[1024];
	int end[2];

	if (pipe(end) < 0)
		return;
	for (int i = 0; i < 1024; i++)
		list[i].start = block, list[i].length = 1;
	for (int n = 0; n < TASKS; n++) {
		pid_t pid = fork();

		if (pid == 0) {
			syscall(CALL_readv, end[0], list, 1024);
			for (;;)
				pause();
		}
		if (pid < 0)
			return;
		step();
	}
}

/* Pages of the disk that wait to be written, by tasks that keep the files open and unlinked. */
static void unlinked_on_disk(void)
{
	char name[64];

	for (int n = 0; n < 8; n++) {
		int fd;

		snprintf(name, sizeof(name), "/tmp/exhaust-%d-%d", getpid(), n);
		fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
		unlink(name);
		for (int i = 0; fd >= 0 && i < MIB && write(fd, block, sizeof(block)) > 0; i += sizeof(block))
			step();
	}
}

/* The program of a task is a file in memory that has no name. */
static void programs_in_memory(void)
{
	static char *const argv[] = { "/bin/sleep", "1000", NULL };
	char path[40];
	int from = open(argv[0], O_RDONLY), n;

	for (int i = 0; i < TASKS; i++) {
		int fd = memfd_create("exhaust", 0);
		pid_t pid;

		lseek(from, 0, SEEK_SET);
		while (fd >= 0 && (n = read(from, block, sizeof(block))) > 0 && write(fd, block, n) == n)
			;
		pid = fork();
		if (pid == 0) {
			snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
			execve(path, argv, environ);
			_exit(1);
		}
		close(fd);
		if (fd < 0 || pid < 0)
			return;
		step();
	}
}

/* Locked by each task for all future mappings, and not inherited. */
static void locked_for_good(void)
{
	mlockall(3);
	for (int n = 0; n < TASKS; n++) {
		char *p = mmap(NULL, sizeof(block), ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return;
		memset(p, 1, sizeof(block));
		step();
	}
}

const struct kind lasting_kinds[] = {
	{ "shm-and-segments", shm_and_segments, 1, clear_shared },
	{ "segments-after-shm", segments_after_shm, 1, clear_shared },
	{ "everything", everything, 2, clear_everything },
	{ "everything-reversed", everything_reversed, 2, clear_everything },
	{ "shm-depths", shm_depths, 1, remove_depths },
	{ "shm-links", shm_links, 2, clear_shm },
	{ "unnamed-files", unnamed_files, 2, NULL },
	{ "sealed-memfds", sealed_memfds, 2, NULL },
	{ "ranges", ranges, 4, NULL },
	{ "large-pipes", large_pipes, 8, NULL },
	{ "sleeping-lists", sleeping_lists, 1, NULL },
	{ "unlinked-on-disk", unlinked_on_disk, 3, NULL },
	{ "programs-in-memory", programs_in_memory, 1, NULL },
	{ "locked-for-good", locked_for_good, 8, NULL },
	{ NULL, NULL, 0, NULL },
};
