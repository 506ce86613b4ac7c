/*
 * paths.c - the paths through the kernel that are measured: calls and memory. (Those of several tasks: tasks.c.)
 *
 * Each prepares what it needs, runs its path N times between measure_begin() and measure_end(), and
 * releases everything, so that every round starts from the same state.
 */
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define GETPPID SYS_getppid
#define DATA "/data/words.txt"	/* any file of some MiB */

/* --- calls ------------------------------------------------------------------------------------ */

static uint64_t null_call(unsigned n)
{
	uint64_t begin = measure_begin();

	for (unsigned i = 0; i < n; i++)
		call(GETPPID, 0, 0, 0);
	return measure_end() - begin;
}

/* --- faults ----------------------------------------------------------------------------------- */

static uint64_t first_touch(unsigned n)
{
	char *p = map_pages(n, MAP_PRIVATE);
	uint64_t begin = measure_begin(), end;

	store_each(p, n);
	end = measure_end();
	unmap_pages(p, n);
	return end - begin;
}

static uint64_t zero_read(unsigned n)
{
	char *p = map_pages(n, MAP_PRIVATE);
	uint64_t begin = measure_begin(), end;

	load_each(p, n);
	end = measure_end();
	unmap_pages(p, n);
	return end - begin;
}

/* The child stores to pages that it shares with its parent. */
static uint64_t cow_copy(unsigned n)
{
	char *p = map_pages(n, MAP_PRIVATE);
	uint64_t *took = (uint64_t *)map_pages(1, MAP_SHARED), result;

	store_each(p, n);
	*took = 0;
	if (make_child() == 0) {
		uint64_t begin = measure_begin();

		store_each(p, n);
		*took = measure_end() - begin;
		_exit(0);
	}
	wait(NULL);
	result = *took;
	unmap_pages(p, n);
	unmap_pages((char *)took, 1);
	return result;
}

/* The child has ended: the parent is the only owner of the pages again. */
static uint64_t cow_reuse(unsigned n)
{
	char *p = map_pages(n, MAP_PRIVATE);
	uint64_t begin, end;

	store_each(p, n);
	if (make_child() == 0)
		_exit(0);
	wait(NULL);
	begin = measure_begin();
	store_each(p, n);
	end = measure_end();
	unmap_pages(p, n);
	return end - begin;
}

/* Pages of a shared object that are in memory, mapped a second time. */
static uint64_t shared_touch(unsigned n)
{
	int fd = shm_open("bench", O_RDWR | O_CREAT, 0600);
	uint64_t begin, end;
	char *first, *second;

	if (fd < 0)
		return 0;
	shm_unlink("bench");
	if (ftruncate(fd, n * PAGE) < 0)
		give_up("bench: ftruncate");
	first = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	second = mmap(NULL, n * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (first == MAP_FAILED || second == MAP_FAILED)
		give_up("bench: mmap");
	close(fd);
	store_each(first, n);
	begin = measure_begin();
	store_each(second, n);
	end = measure_end();
	unmap_pages(first, n);
	unmap_pages(second, n);
	return end - begin;
}

/* So that no page waits for the disk. => false: the file is shorter */
static bool bring_into_cache(int fd, unsigned n)
{
	static char buffer[PAGE];
	unsigned i = 0;

	while (i < n && read(fd, buffer, PAGE) == PAGE)
		i++;
	return i == n;
}

/* Maps N pages of FD, which is closed, and stores to each, or loads each that cannot be written. => ticks */
static uint64_t access_file(int fd, unsigned n, int prot, int flags)
{
	char *p = mmap(NULL, n * PAGE, prot, flags, fd, 0);
	uint64_t begin, end;

	if (p == MAP_FAILED)
		give_up("bench: mmap");
	close(fd);
	begin = measure_begin();
	if (prot & PROT_WRITE)
		store_each(p, n);
	else
		load_each(p, n);
	end = measure_end();
	unmap_pages(p, n);
	return end - begin;
}

static uint64_t file_read(unsigned n)
{
	int fd = open(DATA, O_RDONLY);

	if (fd < 0)
		return 0;
	if (!bring_into_cache(fd, n)) {
		close(fd);
		return 0;
	}
	return access_file(fd, n, PROT_READ, MAP_PRIVATE);
}

/* => a file of N pages that are in the cache and the same on the disk; -1: there is no place for one */
static int saved_file(unsigned n)
{
	static const char page[PAGE];
	int fd = open("/tmp/bench-paths", O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return -1;
	unlink("/tmp/bench-paths");
	for (unsigned i = 0; i < n; i++)
		if (write(fd, page, PAGE) != PAGE)
			give_up("bench: write");
	if (fsync(fd) < 0)
		give_up("bench: fsync");
	return fd;
}

/* Pages of a file that are in memory and saved become dirty. */
static uint64_t file_write(unsigned n)
{
	int fd = saved_file(n);

	return fd < 0 ? 0 : access_file(fd, n, PROT_READ | PROT_WRITE, MAP_SHARED);
}

/* --- giving back ------------------------------------------------------------------------------ */

static uint64_t unmap_touched(unsigned n)
{
	char *p = map_pages(n, MAP_PRIVATE);
	uint64_t begin;

	store_each(p, n);
	begin = measure_begin();
	call(SYS_munmap, (long)p, n * PAGE, 0);
	return measure_end() - begin;
}

/* Moves the break up by a page and back. */
static uint64_t brk_pairs(unsigned n, bool touch)
{
	char *end = (char *)(((uintptr_t)sbrk(0) + PAGE - 1) & -PAGE);
	uint64_t begin;

	call(SYS_brk, (long)end, 0, 0);
	begin = measure_begin();
	for (unsigned i = 0; i < n; i++) {
		call(SYS_brk, (long)(end + PAGE), 0, 0);
		if (touch)
			*(volatile char *)end = 1;
		call(SYS_brk, (long)end, 0, 0);
	}
	return measure_end() - begin;
}

static uint64_t brk_untouched(unsigned n)
{
	return brk_pairs(n, false);
}

static uint64_t brk_touched(unsigned n)
{
	return brk_pairs(n, true);
}

/* --- all of them ------------------------------------------------------------------------------ */

const struct path paths[] = {
	{ "null", null_call, 10000, "null system call (getppid)" },
	{ "touch", first_touch, 1024, "first touch of an anonymous page" },
	{ "zero-read", zero_read, 1024, "read of an untouched page" },
	{ "cow-copy", cow_copy, 1024, "store into a page shared by fork: copied" },
	{ "cow-reuse", cow_reuse, 1024, "the same by its last owner: not copied" },
	{ "shared", shared_touch, 1024, "store into a resident shared page" },
	{ "file-read", file_read, 1024, "read of a cached page of a file, private" },
	{ "file-write", file_write, 1024, "store into a cached page of a file, shared" },
	{ "munmap", unmap_touched, 1024, "munmap, for each touched page" },
	{ "brk", brk_untouched, 1000, "brk raised by a page and lowered again" },
	{ "brk-touch", brk_touched, 1000, "the same, the page touched" },
	{ "fork", fork_bare, 20, "fork, exit and wait" },
	{ "fork-page", fork_pages, 1024, "fork, exit and wait, for each resident page" },
	{ "yield", yields, 1000, "two yields between two tasks" },
	{ "pipe", pipe_rounds, 1000, "a byte through a pipe and back" },
	{ "major", major_faults, 1000, NULL },
	{ NULL, NULL, 0, NULL },
};
