/*
 * Calls about memory. Most of them do not read what the pointer points to, but only test whether it is mapped.
 */
#include "bad-pointers.h"

#include <sys/syscall.h>

static const long mapping[6] = { 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 };
static char two_pages[2 * PAGE] __attribute__((aligned(PAGE)));

static long unmap(long result)
{
	return result == -1 ? 0 : munmap((void *)result, PAGE) == 0;
}

static long unlock(long result)
{
	CHECK_EQ(syscall(SYS_munlockall), 0);
	return result == 0;
}

const struct row memory_rows[] = {
	{ 90, "mmap arguments", IN, 24, ARGS(P), mapping, .after = unmap, .flags = ANY_RESULT },
	{ 192, "mmap2 hint", IN, PAGE, ARGS(P, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), .after = unmap,
	  .flags = ANY_RESULT },
	{ 125, "mprotect", IN, PAGE, ARGS(P, PAGE, PROT_READ) },
	{ 144, "msync", IN, PAGE, ARGS(P, PAGE, MS_SYNC) },
	{ 150, "mlock", IN, PAGE, ARGS(P, PAGE), .after = unlock },
	{ 376, "mlock2", IN, PAGE, ARGS(P, PAGE, 0), .after = unlock },
	{ 151, "munlock", IN, PAGE, ARGS(P, PAGE) },
	{ 163, "mremap", IN, PAGE, ARGS(P, PAGE, PAGE, 0), .flags = ANY_RESULT },
	{ 218, "mincore range", IN, PAGE, ARGS(P, PAGE, (long)two_pages) },
	{ 218, "mincore", OUT, 2, ARGS((long)two_pages, 2 * PAGE, P), .flags = VARIES },
	{ 219, "madvise", IN, PAGE, ARGS(P, PAGE, MADV_WILLNEED) },
	{ 0 },
};
