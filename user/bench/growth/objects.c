/*
 * objects.c - many mappings of one object, and many mappers of one page.
 */
#include "growth.h"

#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 100, EVICTIONS = 4096 };

static char **places;

/* Maps the page of FD N times. */
static void map_often(int fd, unsigned n, int flags)
{
	places = malloc(n * sizeof(*places));
	need(places != NULL, "growth: malloc");
	for (unsigned i = 0; i < n; i++)
		places[i] = map(NULL, PAGE, PROT_READ | PROT_WRITE, flags, fd);
}

static void unmap_each(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		need(munmap(places[i], PAGE) == 0, "growth: munmap");
	free(places);
}

static void touch_each(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		*(volatile char *)places[i] = 1;
}

static uint64_t map_object(unsigned n)
{
	int fd = make_object(1);
	uint64_t start = ticks(), took;

	map_often(fd, n, MAP_SHARED);
	took = (ticks() - start) / n;
	unmap_each(n);
	close(fd);
	return took;
}

static uint64_t unmap_object(unsigned n)
{
	int fd = make_object(1);
	uint64_t start;

	map_often(fd, n, MAP_SHARED);
	start = ticks();
	unmap_each(n);
	close(fd);
	return (ticks() - start) / n;
}

static uint64_t touch_page(unsigned n)
{
	int fd = make_object(1);
	uint64_t start, took;

	map_often(fd, n, MAP_SHARED);
	start = ticks();
	touch_each(n);
	took = (ticks() - start) / n;
	unmap_each(n);
	close(fd);
	return took;
}

static uint64_t cut_mapped(unsigned n)
{
	int fd = make_object(1);
	uint64_t start, took;

	map_often(fd, n, MAP_PRIVATE);
	touch_each(n);
	start = ticks();
	need(ftruncate(fd, 0) == 0, "growth: ftruncate");
	took = (ticks() - start) / n;
	unmap_each(n);
	close(fd);
	return took;
}

static uint64_t punch_mapped(unsigned n)
{
	int fd = make_object(1);
	uint64_t start, took;

	map_often(fd, n, MAP_SHARED);
	touch_each(n);
	start = ticks();
	need(madvise(places[0], PAGE, MADV_REMOVE) == 0, "growth: MADV_REMOVE");
	took = (ticks() - start) / n;
	unmap_each(n);
	close(fd);
	return took;
}

/*
 * With "evict" each fault evicts a page, under fifo the oldest, for which nothing is searched.
 * => ticks of the fault that evicts the page at PLACE; 0: there is no such setting
 */
static uint64_t fault_that_evicts(const char *place)
{
	const char *other = map(NULL, EVICTIONS * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1), *p = other;
	static const char policy_file[] = "/proc/sys/vm/policy";
	unsigned char there = 1;
	uint64_t took = 0;
	char policy[32];

	if (proc_text(policy_file, policy, sizeof(policy)) > 0 && proc_write(policy_file, "fifo") &&
	    proc_write("/proc/sys/vm/evict", "1")) {
		for (; there && p < other + EVICTIONS * PAGE; p += PAGE) {
			uint64_t start = ticks();

			(void)*(const volatile char *)p;
			took = ticks() - start;
			need(mincore((void *)place, PAGE, &there) == 0, "growth: mincore");
		}
		need(!there && proc_write("/proc/sys/vm/evict", "0"), "growth: a page is not evicted");
		proc_write(policy_file, policy);
	}
	munmap((void *)other, EVICTIONS * PAGE);
	return took;
}

/* The page is saved before, so that it is dropped and not written. */
static uint64_t evict_mapped(unsigned n)
{
	int fd = open("/tmp/growth.tmp", O_RDWR | O_CREAT | O_EXCL, 0600);
	uint64_t took;

	need(fd >= 0 && ftruncate(fd, PAGE) == 0, "growth: /tmp/growth.tmp");
	need(mlockall(MCL_CURRENT) == 0, "growth: mlockall");	/* the program's own pages cause no other faults */
	map_often(fd, n, MAP_SHARED);
	touch_each(n);
	need(fsync(fd) == 0, "growth: fsync");
	took = fault_that_evicts(places[0]) / n;
	munlockall();
	unmap_each(n);
	unlink("/tmp/growth.tmp");
	close(fd);
	return took;
}

/* The object is mapped once, above or below N mappings of another one. */
static uint64_t cut_beside(unsigned n)
{
	int other = make_object(1), fd = make_object(2);
	char *above = map(NULL, PAGE, PROT_READ, MAP_SHARED, fd), *below;
	uint64_t start, took;

	map_often(other, n, MAP_SHARED);
	below = map(NULL, PAGE, PROT_READ, MAP_SHARED, fd);
	start = ticks();
	for (int i = 0; i < CALLS; i++)
		need(ftruncate(fd, PAGE * (1 + i % 2)) == 0, "growth: ftruncate");
	took = (ticks() - start) / CALLS;
	munmap(above, PAGE);
	munmap(below, PAGE);
	unmap_each(n);
	close(fd);
	close(other);
	return took;
}

/* --- pages of other tasks ------------------------------------------------------------------------------------------ */

static char *inherited;

static void load_inherited(unsigned i)
{
	(void)i;
	(void)*(volatile char *)inherited;
}

/* Each task has the page mapped, so the write bits of the others are not looked at. */
static uint64_t copy_of_many(unsigned n)
{
	uint64_t start, took;

	inherited = map(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	for (int i = 0; i < 64; i++)
		inherited[i * PAGE] = 1;
	herd_begin(n, load_inherited);
	start = ticks();
	for (int i = 0; i < 64; i++)
		inherited[i * PAGE] = 2;
	took = (ticks() - start) / 64;
	herd_end();
	munmap(inherited, 64 * PAGE);
	return took;
}

static uint64_t advise_mapped(unsigned n)
{
	int fd = make_object(1);
	uint64_t start, took;

	map_often(fd, n, MAP_SHARED);
	touch_each(n);
	start = ticks();
	for (int i = 0; i < CALLS; i++)
		need(madvise(places[scattered(i, n)], PAGE, MADV_COLD) == 0, "growth: MADV_COLD");
	took = (ticks() - start) / CALLS;
	unmap_each(n);
	close(fd);
	return took;
}

#define MAPPINGS { 250, 1000, 4000, 16000, 60000 }
#define MAPPERS { 60, 250, 1000, 4000 }

const struct curve object_curves[] = {
	{ "object-map", map_object, MAPPINGS, "mappings of an object", "mmap, for each" },
	{ "object-unmap", unmap_object, MAPPINGS, "mappings of an object", "munmap, for each" },
	{ "object-cut", cut_mapped, MAPPINGS, "private mappings of an object", "one ftruncate, for each" },
	{ "object-beside", cut_beside, MAPPINGS, "mappings of another object", "ftruncate of an object mapped twice" },
	{ "page-touch", touch_page, MAPPERS, "mappings of a page", "fault on a resident page, for each" },
	{ "page-punch", punch_mapped, MAPPERS, "mappings of a page", "the page is freed and unmapped, for each" },
	{ "page-evict", evict_mapped, MAPPERS, "mappings of a page of a file", "a fault that evicts the page, for each" },
	{ "page-cold", advise_mapped, MAPPERS, "mappings of a page", "MADV_COLD of the page" },
	{ "page-copy", copy_of_many, { 20, 80, 320, 1300 }, "tasks that map a page", "copy-on-write by one of them" },
	{ 0 },
};
