/*
 * names.c - many names in a directory, in /dev/shm and on the disk.
 */
#include "growth.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CALLS = 100 };

static const char *parent;

static const char *name_of(unsigned i)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s/growth.tmp/%u", parent, i);
	return name;
}

static void make(unsigned i)
{
	int fd = open(name_of(i), O_WRONLY | O_CREAT | O_EXCL, 0600);

	need(fd >= 0, name_of(i));
	close(fd);
}

/* N names of one file: so the disk needs no more inodes. */
static void make_names(const char *where, unsigned n)
{
	char first[64];

	parent = where;
	snprintf(first, sizeof(first), "%s/growth.tmp", where);
	need(mkdir(first, 0700) == 0, first);
	make(0);
	snprintf(first, sizeof(first), "%s", name_of(0));
	for (unsigned i = 1; i < n; i++)
		need(link(first, name_of(i)) == 0, name_of(i));
}

static void remove_names(unsigned n)
{
	char name[64];

	for (unsigned i = 0; i < n; i++)
		need(unlink(name_of(i)) == 0, name_of(i));
	snprintf(name, sizeof(name), "%s/growth.tmp", parent);
	need(rmdir(name) == 0, name);
}

static uint64_t find(const char *where, unsigned n)
{
	struct stat st;
	uint64_t start, took;

	make_names(where, n);
	for (unsigned i = 0; i < CALLS; i++)
		need(stat(name_of(scattered(i, n)), &st) == 0, "growth: stat");
	start = ticks();
	for (unsigned i = 0; i < CALLS; i++)
		need(stat(name_of(scattered(i, n)), &st) == 0, "growth: stat");
	took = (ticks() - start) / CALLS;
	remove_names(n);
	return took;
}

static uint64_t create(const char *where, unsigned n)
{
	uint64_t start, took;

	make_names(where, n);
	start = ticks();
	for (unsigned i = 0; i < CALLS; i++) {
		make(n);
		need(unlink(name_of(n)) == 0, "growth: unlink");
	}
	took = (ticks() - start) / CALLS;
	remove_names(n);
	return took;
}

static uint64_t list(const char *where, unsigned n)
{
	char name[64];
	uint64_t took;

	make_names(where, n);
	snprintf(name, sizeof(name), "%s/growth.tmp", where);
	took = read_directory(name) / n;
	remove_names(n);
	return took;
}

static uint64_t find_shm(unsigned n) { return find("/dev/shm", n); }
static uint64_t create_shm(unsigned n) { return create("/dev/shm", n); }
static uint64_t list_shm(unsigned n) { return list("/dev/shm", n); }
static uint64_t find_disk(unsigned n) { return find("/tmp", n); }
static uint64_t create_disk(unsigned n) { return create("/tmp", n); }
static uint64_t list_disk(unsigned n) { return list("/tmp", n); }

#define NAMES { 250, 1000, 4000, 16000 }

const struct curve name_curves[] = {
	{ "shm-find", find_shm, NAMES, "names in a directory of /dev/shm", "stat of any" },
	{ "shm-create", create_shm, NAMES, "names in a directory of /dev/shm", "one more is created and removed" },
	{ "shm-list", list_shm, NAMES, "names in a directory of /dev/shm", "reading the directory, for each" },
	{ 0 },
};

const struct curve disk_curves[] = {
	{ "disk-find", find_disk, NAMES, "names in a directory of the disk", "stat of any" },
	{ "disk-create", create_disk, NAMES, "names in a directory of the disk", "one more is created and removed" },
	{ "disk-list", list_disk, NAMES, "names in a directory of the disk", "reading the directory, for each" },
	{ 0 },
};
