/*
 * pages.c - many pages: touched ones, and untouched ones between a few that are touched.
 */
#include "growth.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOUCHED = 16, CALLS = 8, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };

static char *map_pages(unsigned n)
{
	return map(NULL, (size_t)n * PAGE, PROT_READ | PROT_WRITE, ANONYMOUS, -1);
}

static void unmap_pages(char *p, unsigned n)
{
	need(munmap(p, (size_t)n * PAGE) == 0, "growth: munmap");
}

static void store_each(char *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		*(volatile char *)(p + (size_t)i * PAGE) = 1;
}

/* Stores to a few of N pages, far from each other. */
static void store_few(char *p, unsigned n)
{
	for (unsigned i = 0; i < TOUCHED; i++)
		*(volatile char *)(p + (size_t)(n / TOUCHED * i) * PAGE) = 1;
}

/* --- all touched --------------------------------------------------------------------------------------------------- */

static uint64_t touch(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start = ticks(), took;

	store_each(p, n);
	took = (ticks() - start) / n;
	unmap_pages(p, n);
	return took;
}

static uint64_t unmap(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start;

	store_each(p, n);
	start = ticks();
	unmap_pages(p, n);
	return (ticks() - start) / n;
}

static uint64_t fork_touched(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start, took;

	store_each(p, n);
	start = ticks();
	fork_and_wait();
	took = (ticks() - start) / n;
	unmap_pages(p, n);
	return took;
}

/* The zero frame, mapped everywhere: so many entries need no memory but their tables. */
static uint64_t load_all(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start = ticks(), took;

	for (unsigned i = 0; i < n; i++)
		(void)*(volatile char *)(p + (size_t)i * PAGE);
	took = (ticks() - start) / n;
	unmap_pages(p, n);
	return took;
}

static uint64_t look(unsigned n)
{
	unsigned char *there = malloc(n);
	char *p = map_pages(n);
	uint64_t start, took;

	need(there != NULL, "growth: malloc");
	start = ticks();
	need(mincore(p, (size_t)n * PAGE, there) == 0, "growth: mincore");
	took = (ticks() - start) / n;
	unmap_pages(p, n);
	free(there);
	return took;
}

/* --- a few touched ------------------------------------------------------------------------------------------------- */

static uint64_t unmap_sparse(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start;

	store_few(p, n);
	start = ticks();
	unmap_pages(p, n);
	return (ticks() - start) / TOUCHED;
}

static uint64_t fork_sparse(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start, took;

	store_few(p, n);
	start = ticks();
	fork_and_wait();
	took = (ticks() - start) / TOUCHED;
	unmap_pages(p, n);
	return took;
}

static uint64_t protect_sparse(unsigned n)
{
	char *p = map_pages(n);
	uint64_t start, took;

	store_few(p, n);
	start = ticks();
	for (unsigned i = 0; i < CALLS; i++)
		need(mprotect(p, (size_t)n * PAGE, i % 2 ? PROT_READ | PROT_WRITE : PROT_READ) == 0, "growth: mprotect");
	took = (ticks() - start) / CALLS / TOUCHED;
	unmap_pages(p, n);
	return took;
}

static uint64_t advise_sparse(unsigned n, int advice)
{
	char *p = map_pages(n);
	uint64_t start, took;

	store_few(p, n);
	start = ticks();
	need(madvise(p, (size_t)n * PAGE, advice) == 0, "growth: madvise");
	took = (ticks() - start) / TOUCHED;
	unmap_pages(p, n);
	return took;
}

static uint64_t cold_sparse(unsigned n)
{
	return advise_sparse(n, MADV_COLD);
}

static uint64_t page_out_sparse(unsigned n)
{
	return advise_sparse(n, MADV_PAGEOUT);
}

static uint64_t will_need_sparse(unsigned n)
{
	return advise_sparse(n, MADV_WILLNEED);
}

static uint64_t discard_sparse(unsigned n)
{
	return advise_sparse(n, MADV_DONTNEED);
}

static uint64_t move_sparse(unsigned n)
{
	char *p = map_pages(n + 1), *q;
	uint64_t start, took;

	need(mprotect(p + (size_t)n * PAGE, PAGE, PROT_NONE) == 0, "growth: mprotect");	/* so that it cannot grow in place */
	store_few(p, n);
	start = ticks();
	q = mremap(p, (size_t)n * PAGE, (size_t)(n + 1) * PAGE, MREMAP_MAYMOVE);
	took = (ticks() - start) / TOUCHED;
	need(q != MAP_FAILED, "growth: mremap");
	unmap_pages(q, n + 1);
	unmap_pages(p + (size_t)n * PAGE, 1);
	return took;
}

static uint64_t cut_object(unsigned n)
{
	int fd = make_object(n);
	char *p = map(NULL, (size_t)n * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	uint64_t start, took;

	store_few(p, n);
	start = ticks();
	need(ftruncate(fd, 0) == 0, "growth: ftruncate");
	took = (ticks() - start) / TOUCHED;
	unmap_pages(p, n);
	close(fd);
	return took;
}

/* One fault beside N touched pages. */
static uint64_t touch_beside(unsigned n)
{
	char *p = map_pages(n), *q = map_pages(TOUCHED + 1);
	uint64_t start, took;

	store_each(p, n);
	store_each(q, 1);
	start = ticks();
	store_each(q + PAGE, TOUCHED);
	took = (ticks() - start) / TOUCHED;
	unmap_pages(p, n);
	unmap_pages(q, TOUCHED + 1);
	return took;
}

#define IN_MEMORY { 1024, 4096, 16384, 65536, 180000 }
#define IN_SPACE { 16384, 65536, 262144, 524288 }
#define TO_1_GIB { 16384, 65536, 262144 }

const struct curve page_curves[] = {
	{ "pages-touch", touch, IN_MEMORY, "pages", "first store to each, for each" },
	{ "pages-unmap", unmap, IN_MEMORY, "touched pages", "one munmap, for each" },
	{ "pages-fork", fork_touched, IN_MEMORY, "touched pages", "fork, exit and wait, for each" },
	{ "pages-beside", touch_beside, IN_MEMORY, "touched pages", "first store to another page" },
	{ "pages-load", load_all, IN_SPACE, "pages", "read of an untouched page, for each" },
	{ "pages-mincore", look, IN_SPACE, "untouched pages", "one mincore, for each" },
	{ "sparse-unmap", unmap_sparse, IN_SPACE, "pages, 16 touched", "munmap, for each touched" },
	{ "sparse-fork", fork_sparse, IN_SPACE, "pages, 16 touched", "fork, exit and wait, for each touched" },
	{ "sparse-protect", protect_sparse, IN_SPACE, "pages, 16 touched", "mprotect, for each touched" },
	{ "sparse-discard", discard_sparse, IN_SPACE, "pages, 16 touched", "MADV_DONTNEED, for each touched" },
	{ "sparse-cold", cold_sparse, IN_SPACE, "pages, 16 touched", "MADV_COLD, for each touched" },
	{ "sparse-pageout", page_out_sparse, IN_SPACE, "pages, 16 touched", "MADV_PAGEOUT, for each touched" },
	{ "sparse-willneed", will_need_sparse, IN_SPACE, "pages, 16 touched", "MADV_WILLNEED, for each touched" },
	{ "sparse-move", move_sparse, TO_1_GIB, "pages, 16 touched", "mremap to another place, for each touched" },
	{ "sparse-cut", cut_object, TO_1_GIB, "pages of an object, 16 touched", "ftruncate, for each touched" },
	{ 0 },
};
