/*
 * regions.c - many regions in one address space.
 */
#include "growth.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CALLS = 200, PER_TABLE = 1024, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };

static const char limit_file[] = "/proc/sys/vm/max_map_count";

/* More than these regions are permitted from now on, where that can be changed. */
static void allow_regions(unsigned n)
{
	char text[16];
	int fd = open(limit_file, O_RDWR), length;

	if (fd < 0)
		return;
	length = read(fd, text, sizeof(text) - 1);
	text[length > 0 ? length : 0] = '\0';
	if ((unsigned)atoi(text) < n + 1000) {
		length = snprintf(text, sizeof(text), "%u", n + 1000);
		need(pwrite(fd, text, length, 0) == length, limit_file);
	}
	close(fd);
}

/* N regions of one page, with a hole of one page behind each. */
static char *make_regions(unsigned n)
{
	char *p;

	allow_regions(n);
	p = reserve(2 * n);
	need(munmap(p, 2ul * n * PAGE) == 0, "growth: munmap");
	for (unsigned i = 0; i < n; i++)
		map(p + 2ul * i * PAGE, PAGE, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_FIXED, -1);
	return p;
}

static void remove_regions(char *p, unsigned n)
{
	need(munmap(p, 2ul * n * PAGE) == 0, "growth: munmap");
}

/* 2 N regions of one page without a hole, each other one writable. */
static char *make_stripes(unsigned n)
{
	char *p;

	allow_regions(2 * n);
	p = map(NULL, 2ul * n * PAGE, PROT_READ, ANONYMOUS, -1);
	for (unsigned i = 0; i < n; i++)
		need(mprotect(p + (2ul * i + 1) * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0, "growth: mprotect");
	return p;
}

static void load(const char *p)
{
	(void)*(const volatile char *)p;
}

/* The page tables are made before the clock starts: few regions share one, many have many. */
static uint64_t fault(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start, took;

	for (unsigned i = 0; i < 2 * n; i += PER_TABLE)
		load(p + (size_t)(i & ~1u) * PAGE);
	load(p + 2ul * (n - 1) * PAGE);
	start = ticks();
	for (unsigned i = 0; i < CALLS; i++)
		load(p + 2ul * scattered(i + 1, n) * PAGE);
	took = (ticks() - start) / CALLS;
	remove_regions(p, n);
	return took;
}

static uint64_t map_pages(unsigned n, unsigned pages)
{
	char *p = make_regions(n), *mapped[CALLS];
	uint64_t start = ticks(), took;

	for (unsigned i = 0; i < CALLS; i++)
		mapped[i] = map(NULL, pages * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	for (unsigned i = 0; i < CALLS; i++)
		need(munmap(mapped[i], pages * PAGE) == 0, "growth: munmap");
	took = (ticks() - start) / CALLS;
	remove_regions(p, n);
	return took;
}

static uint64_t map_in_hole(unsigned n)
{
	return map_pages(n, 1);
}

static uint64_t map_below(unsigned n)
{
	return map_pages(n, 2);
}

static uint64_t make_hole(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start = ticks(), took;

	for (unsigned i = 0; i < CALLS; i++)
		need(munmap(p + 2ul * scattered(i + 1, n) * PAGE, PAGE) == 0, "growth: munmap");
	took = (ticks() - start) / CALLS;
	remove_regions(p, n);
	return took;
}

static uint64_t split(unsigned n)
{
	char *p = make_stripes(n / 2), *q;
	uint64_t start = ticks(), took;

	for (unsigned i = 0; i < CALLS; i++) {
		q = p + (size_t)scattered(i + 1, n & ~1u) * PAGE;
		need(mprotect(q, PAGE, PROT_NONE) == 0, "growth: mprotect");
	}
	took = (ticks() - start) / CALLS;
	remove_regions(p, n / 2);
	return took;
}

static uint64_t move(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start = ticks(), took;

	for (unsigned i = 0; i < CALLS; i++)
		need(mremap(p + 2ul * scattered(i + 1, n) * PAGE, PAGE, 3 * PAGE, MREMAP_MAYMOVE) != MAP_FAILED, "growth: mremap");
	took = (ticks() - start) / CALLS;
	remove_regions(p, n);
	return took;
}

static uint64_t protect_all(unsigned n)
{
	char *p = make_stripes(n / 2);
	uint64_t start = ticks(), took;

	need(mprotect(p, (n & ~1ul) * PAGE, PROT_READ) == 0, "growth: mprotect");
	took = (ticks() - start) / n;
	remove_regions(p, n / 2);
	return took;
}

static uint64_t unmap_all(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start = ticks();

	remove_regions(p, n);
	return (ticks() - start) / n;
}

static uint64_t advise_all(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start = ticks(), took;

	madvise(p, 2ul * n * PAGE, MADV_DONTNEED);	/* reports the holes */
	took = (ticks() - start) / n;
	remove_regions(p, n);
	return took;
}

static uint64_t lock_all(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start = ticks(), took;

	need(mlockall(MCL_CURRENT | MCL_ONFAULT) == 0 && munlockall() == 0, "growth: mlockall");
	took = (ticks() - start) / n;
	remove_regions(p, n);
	return took;
}

static uint64_t fork_all(unsigned n)
{
	char *p = make_regions(n);
	uint64_t start = ticks(), took;

	fork_and_wait();
	took = (ticks() - start) / n;
	remove_regions(p, n);
	return took;
}

/* => ticks for reading a file in pieces of 4 KiB, N lines long */
static uint64_t read_whole(const char *name, unsigned n)
{
	static char piece[PAGE];
	int fd = open(name, O_RDONLY);
	uint64_t start = ticks();

	need(fd >= 0, name);
	while (read(fd, piece, sizeof(piece)) > 0)
		;
	close(fd);
	return (ticks() - start) / n;
}

static uint64_t read_maps(unsigned n)
{
	char *p = make_regions(n);
	uint64_t took = read_whole("/proc/self/maps", n);

	remove_regions(p, n);
	return took;
}

static uint64_t read_smaps(unsigned n)
{
	char *p = make_regions(n);
	uint64_t took = read_whole("/proc/self/smaps", n);

	remove_regions(p, n);
	return took;
}

#define MANY { 250, 1000, 4000, 16000, 64000, 100000 }

const struct curve region_curves[] = {
	{ "region-fault", fault, MANY, "regions", "read of an untouched page in any of them" },
	{ "region-map", map_in_hole, MANY, "regions", "mmap of a page into a hole, and munmap" },
	{ "region-below", map_below, MANY, "regions", "mmap of two pages below all holes, which are too small, and munmap" },
	{ "region-unmap", make_hole, MANY, "regions", "munmap of any" },
	{ "region-protect", split, MANY, "regions", "mprotect of any" },
	{ "region-move", move, MANY, "regions", "mremap of any to another place" },
	{ "regions-protect", protect_all, MANY, "regions", "one mprotect of all, for each" },
	{ "regions-unmap", unmap_all, MANY, "regions", "one munmap of all, for each" },
	{ "regions-advise", advise_all, MANY, "regions", "one madvise of all, for each" },
	{ "regions-lock", lock_all, MANY, "regions", "mlockall and munlockall, for each" },
	{ "regions-fork", fork_all, MANY, "regions", "fork, exit and wait, for each" },
	{ "regions-maps", read_maps, MANY, "regions", "reading /proc/self/maps, for each" },
	{ "regions-smaps", read_smaps, { 250, 1000, 4000 }, "regions", "reading /proc/self/smaps, for each" },
	{ 0 },
};
