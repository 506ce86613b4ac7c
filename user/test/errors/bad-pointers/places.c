/*
 * Places where a pointer may point: unmapped memory, the kernel, across the end of a mapping, and valid memory whose pages
 * the kernel has to bring in first.
 *
 * All lie in two adjacent zones: a buffer that begins in the first can extend into the second, which is a hole.
 */
#include "bad-pointers.h"

#include <time.h>

#define ZONE (8 * PAGE)

static char *zones;

unsigned char place_pattern(const char *address)
{
	return (uintptr_t)address % PAGE * 31 % 251 + 1;
}

/* Maps both zones again, without pages. */
static char *fresh_zones(void)
{
	void *p = mmap(zones, 2 * ZONE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | (zones ? MAP_FIXED : 0), -1, 0);

	CHECK(p != MAP_FAILED);
	zones = p;
	return zones;
}

static void fill(struct place *at)
{
	for (char *c = at->from; c < at->end; c++)
		*c = place_pattern(c);
}

static char *page_of(char *p)
{
	return (char *)((uintptr_t)p & -PAGE);
}

/* All SIZE bytes, across a page boundary if there are at least two. */
static void whole(struct place *at, size_t size)
{
	at->p = fresh_zones() + PAGE - (size < PAGE ? size / 2 : PAGE);
	at->from = page_of(at->p);
	at->end = page_of(at->p + size + PAGE - 1);
}

/* --- nothing there ---------------------------------------------------------------------------------------------- */

static bool at_number(size_t size, size_t n, struct place *at)
{
	(void)size;
	*at = (struct place){ .p = (char *)n };
	return true;
}

/* The second zone is made unusable; the pointer is N bytes into it. */
static bool in_hole(size_t size, size_t n, struct place *at)
{
	(void)size;
	*at = (struct place){ .p = fresh_zones() + ZONE + n };
	CHECK_EQ(munmap(zones + ZONE, ZONE), 0);
	return true;
}

static bool in_forbidden(size_t size, size_t n, struct place *at)
{
	(void)size;
	*at = (struct place){ .p = fresh_zones() + ZONE + n };
	memset(zones + ZONE, 1, 2 * PAGE);
	CHECK_EQ(mprotect(zones + ZONE, ZONE, PROT_NONE), 0);
	return true;
}

/* --- the end of what is there ------------------------------------------------------------------------------------ */

/* The pointer is N bytes (0: SIZE, negative: SIZE + N) before END, provided that is within the buffer. */
static bool before(char *end, size_t size, ssize_t n, struct place *at)
{
	size_t inside = n > 0 ? (size_t)n : size + n;

	if ((n && inside >= size) || inside > ZONE)
		return false;
	at->p = end - inside;
	at->end = end;
	at->from = page_of(at->p);
	fill(at);
	return inside > 0;
}

static bool to_hole(size_t size, size_t n, struct place *at)
{
	char *end = fresh_zones() + ZONE;

	CHECK_EQ(munmap(end, ZONE), 0);
	return before(end, size, n, at);
}

static bool to_forbidden(size_t size, size_t n, struct place *at)
{
	char *end = fresh_zones() + ZONE;

	CHECK_EQ(mprotect(end, ZONE, PROT_NONE), 0);
	return before(end, size, n, at);
}

/*
 * The last page below KERNEL: the end of the stack with the strings of argv, which this program does not need (main has
 * made them long enough), or a hole.
 */
static bool to_kernel(size_t size, size_t n, struct place *at)
{
	void *last = (void *)(KERNEL - PAGE);

	if (size > PAGE)
		return false;
	if (mprotect(last, PAGE, PROT_READ | PROT_WRITE) < 0)
		CHECK(mmap(last, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		      last);
	return before((char *)last + PAGE, size, n, at);
}

/* A file of one page, mapped with N pages beyond its end; the pointer is there or SIZE + N before. */
static char *short_file(int flags)
{
	int fd = open("short", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *end = fresh_zones() + ZONE;

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, PAGE), 0);
	CHECK(mmap(end - PAGE, 3 * PAGE, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0) == end - PAGE);
	close(fd);
	return end;
}

static bool beyond_file(size_t size, size_t n, struct place *at)
{
	(void)size;
	*at = (struct place){ .p = short_file(MAP_SHARED) + n };
	return true;
}

static bool to_end_of_file(size_t size, size_t n, struct place *at)
{
	char *end = short_file(MAP_SHARED);

	return size <= PAGE && before(end, size, n, at);
}

/* --- all there -------------------------------------------------------------------------------------------------- */

static bool resident(size_t size, size_t n, struct place *at)
{
	(void)n;
	whole(at, size);
	fill(at);
	return true;
}

static bool shared(size_t size, size_t n, struct place *at)
{
	(void)n;
	whole(at, size);
	CHECK(mmap(zones, ZONE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == zones);
	fill(at);
	return true;
}

/* A private mapping of a file, which is copied at the first store. */
static bool of_file(size_t size, size_t n, struct place *at)
{
	int fd = open("backing", O_RDWR | O_CREAT | O_TRUNC, 0600);

	(void)n;
	CHECK(fd >= 0);
	whole(at, size);
	fill(at);
	CHECK_EQ(pwrite(fd, zones, ZONE, 0), ZONE);
	CHECK(mmap(zones, ZONE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) == zones);
	close(fd);
	return true;
}

static void forbid_writing(const struct place *at)
{
	CHECK_EQ(mprotect(at->from, at->end - at->from, PROT_READ), 0);
}

static void forget(const struct place *at)
{
	CHECK_EQ(madvise(at->from, at->end - at->from, MADV_DONTNEED), 0);
}

static bool swap_is_here(void)
{
	char path[64];

	return check_counter("pswpout") != PROC_ABSENT && proc_swap_path(path, sizeof(path)) &&
	       check_counter("procswap_out") != PROC_ABSENT;
}

static bool in_swap(const struct place *at)
{
	for (char *c = at->from; c < at->end; c += PAGE)
		if ((check_page(c) & (PAGEMAP_SWAPPED | PAGEMAP_PRESENT)) != PAGEMAP_SWAPPED)
			return false;
	return true;
}

/*
 * Linux may keep them; here they must leave, or the case would test nothing: repeated if the disk was too busy for all of
 * them.
 */
static void swap_out(const struct place *at)
{
	bool wanted = swap_is_here();

	for (int i = 0; i < 2000; i++) {
		madvise(at->from, at->end - at->from, MADV_PAGEOUT);
		if (!wanted || in_swap(at))
			return;
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	complain("", "swapped", "the page is not in swap");
}

const struct kind kinds[] = {
	{ "null", at_number, .n = 0 },
	{ "one", at_number, .n = 1 },
	{ "hole", in_hole, .n = 64 },
	{ "forbidden", in_forbidden, .n = 64 },
	{ "read-only", resident, .last = forbid_writing },
	{ "kernel", at_number, .n = KERNEL },
	{ "in-kernel", at_number, .n = KERNEL + 0x100000 },
	{ "wrap", at_number, .n = 0xfffffff0 },
	{ "top", at_number, .n = 0xffffffff },
	{ "1-to-hole", to_hole, .n = 1 },
	{ "4-to-hole", to_hole, .n = 4 },
	{ "all-but-1-to-hole", to_hole, .n = -1 },
	{ "all-to-hole", to_hole, .n = 0 },
	{ "4-to-forbidden", to_forbidden, .n = 4 },
	{ "1-to-kernel", to_kernel, .n = 1 },
	{ "4-to-kernel", to_kernel, .n = 4 },
	{ "all-but-1-to-kernel", to_kernel, .n = -1 },
	{ "all-to-kernel", to_kernel, .n = 0 },
	{ "beyond-file", beyond_file, .n = 64 },
	{ "4-to-end-of-file", to_end_of_file, .n = 4 },
	{ "all-to-end-of-file", to_end_of_file, .n = 0 },
	{ "resident", resident, .n = 0 },
	{ "untouched", resident, .last = forget, .blank = true },
	{ "shared", shared, .n = 0 },
	{ "file", of_file, .n = 0 },
	{ "swapped", resident, .last = swap_out },
	{ "copy-on-write", resident, .shared = true },
	{ 0 },
};
