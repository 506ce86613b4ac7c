/*
 * exhaust-all's kinds of memory that tasks map: pages, page tables, regions.
 */
#include "exhaust-all.h"

#include <sys/syscall.h>

enum { CHUNK = 64, TABLE_SPAN = 4 << 20, ALL = PROT_READ | PROT_WRITE };

static bool touch(char *p)
{
	for (int i = 0; p != MAP_FAILED && i < CHUNK; i++)
		p[i * PAGE] = i;
	step();
	return p != MAP_FAILED;
}

static void by_break(void)
{
	for (int n = 0; n < MOST && touch(sbrk(CHUNK * PAGE)); n += CHUNK * PAGE)
		;
}

static void fill_mappings(int flags)
{
	for (int n = 0; n < MOST && touch(mmap(NULL, CHUNK * PAGE, ALL, flags | MAP_ANONYMOUS, -1, 0)); n += CHUNK * PAGE)
		;
}

static void private_pages(void) { fill_mappings(MAP_PRIVATE); }
static void shared_pages(void) { fill_mappings(MAP_SHARED); }
static void populated(void) { fill_mappings(MAP_PRIVATE | MAP_POPULATE); }
static void locked(void) { fill_mappings(MAP_PRIVATE | MAP_LOCKED); }

static __attribute__((noinline)) int recurse(int depth)
{
	volatile char frame[PAGE];

	frame[0] = frame[PAGE - 1] = depth;
	if (depth % CHUNK == 0)
		step();
	return depth == MOST / PAGE ? 0 : recurse(depth + 1) + frame[0]; /* no tail call */
}

static void deep_stack(void)
{
	recurse(0);
}

static void grown_mapping(void)
{
	char *p = mmap(NULL, CHUNK * PAGE, ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int n = CHUNK * PAGE; n < MOST && p != MAP_FAILED && touch(p + n - CHUNK * PAGE); n += CHUNK * PAGE)
		p = mremap(p, n, n + CHUNK * PAGE, MREMAP_MAYMOVE);
}

/* Children that store to pages that they share with their parent. */
static void forked_pages(void)
{
	char *p = mmap(NULL, 4 * CHUNK * PAGE, ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 4; i++)
		touch(p + i * CHUNK * PAGE);
	while (fork() > 0)
		step();
	for (int i = 0; i < 4; i++)
		touch(p + i * CHUNK * PAGE);
}

/* One page in each 4 MiB: a table and its records for each. */
static void tables(int prot, int flags, int fd, int span)
{
	unsigned long n = 2048ul * MIB;
	volatile char *p = MAP_FAILED;

	for (; p == MAP_FAILED && n > MIB; n -= 64 * MIB)
		p = mmap(NULL, n, prot, flags | MAP_NORESERVE, fd, 0);
	for (unsigned long at = 0; p != MAP_FAILED && at < n; at += span) {
		if (prot & PROT_WRITE)
			p[at] = 1;
		else
			(void)p[at];
		step();
	}
}

static void private_tables(void) { tables(ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, TABLE_SPAN); }
static void zero_tables(void) { tables(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, TABLE_SPAN); }
static void shared_tables(void) { tables(ALL, MAP_SHARED | MAP_ANONYMOUS, -1, TABLE_SPAN); }
/* One page in each 256 KiB: a node of the map of pages for each. */
static void private_nodes(void) { tables(ALL, MAP_PRIVATE | MAP_ANONYMOUS, -1, TABLE_SPAN / 16); }

/* The same page of a file in very many tables. */
static void file_tables(void)
{
	int fd = open("/data/text.txt", O_RDONLY);

	for (char *at = (char *)0x10000000; at < (char *)0xa0000000; at += TABLE_SPAN) {
		volatile char *p = mmap(at, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0);

		if (p == MAP_FAILED)
			break;
		(void)*p;
		step();
	}
	close(fd);
}

static void copies_of_a_file(void)
{
	int fd = open("/bin/sh", O_RDONLY), n = lseek(fd, 0, 2);

	for (int all = 0; n > 0 && all < MOST; all += n) {
		char *p = mmap(NULL, n, ALL, MAP_PRIVATE, fd, 0);

		if (p == MAP_FAILED)
			break;
		for (int at = 0; at < n; at += PAGE)
			p[at] = 1;
		step();
	}
	close(fd);
}

/* --- regions ------------------------------------------------------------------------------------------------------- */

enum { REGIONS = 2000 }; /* of each mapping */

/* Very many mappings of REGIONS pages, of which each second page is changed by CHANGE. */
static void split(int flags, int (*change)(char *page))
{
	for (int n = 0; n < 8; n++) {
		char *p = mmap(NULL, REGIONS * PAGE, ALL, flags | MAP_ANONYMOUS, -1, 0);

		for (int i = 1; p != MAP_FAILED && i < REGIONS; i += 2)
			if (change(p + i * PAGE) < 0)
				return;
		if (p == MAP_FAILED)
			return;
		step();
	}
}

static int forbid(char *page) { return mprotect(page, PAGE, PROT_NONE); }
static int make_constant(char *page) { return mprotect(page, PAGE, PROT_READ); }
static int keep_from_children(char *page) { return madvise(page, PAGE, MADV_DONTFORK); }
static int take_out(char *page) { return munmap(page, PAGE); }

static void forbidden_regions(void) { split(MAP_PRIVATE, forbid); }
static void constant_regions(void) { split(MAP_PRIVATE, make_constant); }
static void advised_regions(void) { split(MAP_PRIVATE, keep_from_children); }
static void holes(void) { split(MAP_PRIVATE, take_out); }
static void shared_regions(void) { split(MAP_SHARED, forbid); }

const struct kind memory_kinds[] = {
	{ "break", by_break, 1, NULL },
	{ "private", private_pages, 3, NULL },
	{ "shared", shared_pages, 2, NULL },
	{ "populated", populated, 2, NULL },
	{ "locked", locked, 4, NULL },
	{ "stack", deep_stack, 12, NULL },
	{ "grown", grown_mapping, 2, NULL },
	{ "forked-pages", forked_pages, 1, NULL },
	{ "private-tables", private_tables, 4, NULL },
	{ "zero-tables", zero_tables, 8, NULL },
	{ "shared-tables", shared_tables, 4, NULL },
	{ "private-nodes", private_nodes, 4, NULL },
	{ "file-tables", file_tables, 8, NULL },
	{ "file-copies", copies_of_a_file, 2, NULL },
	{ "forbidden-regions", forbidden_regions, 4, NULL },
	{ "constant-regions", constant_regions, 4, NULL },
	{ "advised-regions", advised_regions, 4, NULL },
	{ "holes", holes, 4, NULL },
	{ "shared-regions", shared_regions, 4, NULL },
	{ NULL, NULL, 0, NULL },
};
