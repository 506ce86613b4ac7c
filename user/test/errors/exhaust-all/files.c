/*
 * exhaust-all's kinds of files: shared memory with and without names, descriptors, inodes, names, the disk.
 */
#include "exhaust-all.h"

#include <sys/stat.h>
#include <sys/syscall.h>

enum { CALL_flock = 143, CALL_shmget = 395, CALL_shmctl = 396, CALL_shmat = 397, CALL_shmdt = 398, LOCK_EX = 2, SHM_LOCK = 11,
       NAMES = 300, ALL = PROT_READ | PROT_WRITE };

static char block[16 * PAGE];

/* Writes to FD until there is no room. */
static void fill_file(int fd)
{
	for (int n = 0; fd >= 0 && n < MOST && write(fd, block, sizeof(block)) == sizeof(block); n += sizeof(block))
		step();
}

/* => a new file of this task in FOLDER */
static int make_file(const char *folder, int number, char *name, size_t size)
{
	snprintf(name, size, "%s/exhaust-%d-%d", folder, getpid(), number);
	return open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
}

static void fill_named(const char *folder)
{
	char name[64];

	fill_file(make_file(folder, 0, name, sizeof(name)));
}

void fill_shm_files(void) { fill_named("/dev/shm"); }
static void full_disk(void) { fill_named("/tmp"); }

static void shm_unlinked(void)
{
	char name[64];
	int fd = make_file("/dev/shm", 0, name, sizeof(name));

	unlink(name);
	fill_file(fd);
}

static void memfds(void)
{
	for (int fd; (fd = memfd_create("exhaust", 0)) >= 0;)
		for (int n = 0; n < 4 * MIB && write(fd, block, sizeof(block)) == sizeof(block); n += sizeof(block))
			step();
}

/* One byte in each 256 KiB: a page, and a node of the map of pages. */
static void sparse_memfd(void)
{
	int fd = memfd_create("exhaust", 0);

	for (off_t at = 0; at < 1024 * MIB && pwrite(fd, "x", 1, at) == 1; at += 256 << 10)
		step();
}

void fill_shm_names(void)
{
	char name[64];

	for (int n = 0; n < NAMES; n++) {
		int fd = make_file("/dev/shm", n, name, sizeof(name));

		if (fd < 0)
			return;
		close(fd);
		step();
	}
}

static void remove_names_in(const char *folder)
{
	char names[4096], path[300];
	int fd = open(folder, O_RDONLY | O_DIRECTORY), n;

	do {
		CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
		n = 0;
		for (int got; (got = syscall(SYS_getdents64, fd, names, sizeof(names))) > 0;)
			for (int at = 0; at < got; at += *(unsigned short *)(names + at + 16)) {
				const char *name = names + at + 19;

				snprintf(path, sizeof(path), "%s/%s", folder, name);
				if (memcmp(name, "exhaust", 7) == 0)
					n += unlink(path) == 0;
			}
	} while (n > 0);
	close(fd);
}

void clear_shm(void) { remove_names_in("/dev/shm"); }
static void clear_tmp(void) { remove_names_in("/tmp"); }

/* Stores to a file's mapping: the disk must have room before a page may be dirty. */
static void dirty_mapping(void)
{
	char name[64], *p;
	int fd = make_file("/tmp", 0, name, sizeof(name));

	if (fd < 0 || ftruncate(fd, 8 * MIB) < 0)
		return;
	p = mmap(NULL, 8 * MIB, ALL, MAP_SHARED, fd, 0);
	for (int at = 0; p != MAP_FAILED && at < 8 * MIB; at += PAGE) {
		p[at] = 1;
		step();
	}
}

/* --- segments ------------------------------------------------------------------------------------------------------ */

enum { KEY = 7000, SEGMENTS_MOST = 1000, CREATE_NEW = 03000 };

void fill_segments(bool keep, bool lock)
{
	for (int n = 0, id; n < SEGMENTS_MOST && (id = syscall(CALL_shmget, KEY + n, MIB, CREATE_NEW | 0600)) >= 0; n++) {
		char *p = (char *)syscall(CALL_shmat, id, 0, 0);

		if ((long)p == -1)
			return;
		if (lock)
			syscall(CALL_shmctl, id, SHM_LOCK, NULL); /* refused once half of memory is wired */
		for (int at = 0; at < MIB; at += PAGE)
			p[at] = 1;
		if (!keep)
			syscall(CALL_shmdt, p);
		step();
	}
}

static void attached_segments(void) { fill_segments(true, false); }
static void detached_segments(void) { fill_segments(false, false); }
static void locked_segments(void) { fill_segments(false, true); }

static void small_segments(void)
{
	for (int n = 0; n < SEGMENTS_MOST && syscall(CALL_shmget, KEY + n, PAGE, CREATE_NEW | 0600) >= 0; n++)
		step();
}

void remove_segments(void)
{
	for (int n = 0, id; n < SEGMENTS_MOST; n++)
		if ((id = syscall(CALL_shmget, KEY + n, 0, 0)) >= 0)
			CHECK_EQ(syscall(CALL_shmctl, id, 0, NULL), 0);
}

/* --- descriptors and inodes ---------------------------------------------------------------------------------------- */

/* Children do it too, until there can be no more: the number of descriptors per task is limited. */
static void crowd(void (*fill)(void))
{
	for (int n = 0; n < 100; n++) {
		if (n > 0 && fork() != 0)
			return; /* the child goes on */
		fill();
		step();
	}
}

static void open_files(void)
{
	while (open("/data/text.txt", O_RDONLY) >= 0)
		;
}

/* Each opened file of /proc keeps the text that was read: here one of 500 lines. */
static void open_texts(void)
{
	char byte;

	for (int i = 0; i < 500; i++) /* neighbours that cannot be joined */
		mmap(NULL, PAGE, i % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int fd; (fd = open("/proc/self/maps", O_RDONLY)) >= 0 && read(fd, &byte, 1) == 1;)
		step();
}

static void duplicate(void)
{
	while (dup(1) >= 0)
		;
}

static void open_own_files(void)
{
	char name[64];

	for (int n = 0; make_file("/tmp", n, name, sizeof(name)) >= 0; n++)
		unlink(name);
}

static void lock_files(void)
{
	char name[64];

	for (int n = 0, fd; (fd = make_file("/dev/shm", n, name, sizeof(name))) >= 0; n++) {
		syscall(CALL_flock, fd, LOCK_EX);
		unlink(name);
	}
}

static void many_files(void) { crowd(open_files); }
static void many_duplicates(void) { crowd(duplicate); }
static void many_inodes(void) { crowd(open_own_files); }
static void many_locks(void) { crowd(lock_files); }

static void many_links(void)
{
	char name[64], target[1000];

	memset(target, 'x', sizeof(target) - 1);
	target[sizeof(target) - 1] = 0;
	for (int n = 0; n < 100; n++) {
		snprintf(name, sizeof(name), "/tmp/exhaust-%d-%d", getpid(), n);
		if (symlink(target, name) < 0)
			return;
		readlink(name, target, sizeof(target) - 1);
		step();
	}
}

/* A folder in a folder, each with a long name. */
static void deep_folders(void)
{
	char name[200];

	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	chdir("/tmp");
	for (int n = 0; n < 300 && syscall(SYS_mkdir, name, 0700) == 0 && chdir(name) == 0; n++)
		step();
}

static void remove_folders(void)
{
	char name[200];

	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	CHECK_EQ(chdir("/tmp"), 0);
	while (chdir(name) == 0)
		;
	while (chdir("..") == 0 && rmdir(name) == 0)
		;
	CHECK_EQ(chdir("/"), 0);
}

const struct kind file_kinds[] = {
	{ "shm-files", fill_shm_files, 2, clear_shm },
	{ "shm-unlinked", shm_unlinked, 2, NULL },
	{ "shm-names", fill_shm_names, 4, clear_shm },
	{ "memfds", memfds, 2, NULL },
	{ "sparse-memfd", sparse_memfd, 4, NULL },
	{ "full-disk", full_disk, 2, clear_tmp },
	{ "dirty-mapping", dirty_mapping, 2, clear_tmp },
	{ "segments", attached_segments, 1, remove_segments },
	{ "detached-segments", detached_segments, 1, remove_segments },
	{ "locked-segments", locked_segments, 1, remove_segments },
	{ "small-segments", small_segments, 1, remove_segments },
	{ "open-files", many_files, 1, NULL },
	{ "texts", open_texts, 5, NULL },
	{ "duplicates", many_duplicates, 1, NULL },
	{ "inodes", many_inodes, 1, clear_tmp },
	{ "locks", many_locks, 1, clear_shm },
	{ "symbolic-links", many_links, 2, clear_tmp },
	{ "deep-folders", deep_folders, 1, remove_folders },
	{ NULL, NULL, 0, NULL },
};
