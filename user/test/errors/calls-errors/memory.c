/*
 * calls-errors: the memory calls, and the limits.
 */
#include "calls-errors.h"

enum { GETRLIMIT = 191, OLD_GETRLIMIT = 76, PRLIMIT64 = 340, SETRLIMIT = 75, OLD_MMAP = 90, MMAP2 = 192, REMAP_PAGES = 257 };
enum { RW = PROT_READ | PROT_WRITE, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS, NOREPLACE = 0x100000, ONFAULT = 4 };
enum { ASYNC = 1, SYNC = 4, FUTURE = 2, MAYMOVE = 1, FIXED = 2, DONTUNMAP = 4 };

static char *four; /* of six pages the third and the last are not mapped */

static long map(void *at, unsigned length, int prot, int flags, int fd, unsigned page)
{
	return syscall(MMAP2, at, length, prot, flags, fd, page);
}

static void cases_of_mmap(void)
{
	unsigned words[6] = { 0, PAGE, RW, PRIVATE, -1, 0 };
	long old_break = syscall(SYS_brk, 0);

	CASE("mmap2", FINE, map(NULL, PAGE, RW, PRIVATE, -1, 0));
	CASE("mmap2 a file", FINE, map(NULL, PAGE, PROT_READ, MAP_PRIVATE, FILE_RO, 0));
	CASE("mmap2 none", -EINVAL, map(NULL, 0, RW, PRIVATE, -1, 0));
	CASE("mmap2 neither shared nor private", -EINVAL, map(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0));
	CASE("mmap2 between pages", -EINVAL, map(four + 1, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0));
	CASE("mmap2 all", -ENOMEM, map(NULL, 0xFFFFF000, RW, PRIVATE, -1, 0));
	CASE("mmap2 more than all", -ENOMEM, map(NULL, 0xFFFFFFFF, RW, PRIVATE, -1, 0));
	CASE("mmap2 where something is", -EEXIST, map(four, PAGE, RW, PRIVATE | NOREPLACE, -1, 0));
	CASE("mmap2 closed", -EBADF, map(NULL, PAGE, PROT_READ, MAP_PRIVATE, CLOSED, 0));
	CASE("mmap2 what is to be written", -EACCES, map(NULL, PAGE, PROT_READ, MAP_PRIVATE, FILE_WO, 0));
	CASE("mmap2 to write what is to be read", -EACCES, map(NULL, PAGE, RW, MAP_SHARED, FILE_RO, 0));
	CASE("mmap2 copies of what is to be read", FINE, map(NULL, PAGE, RW, MAP_PRIVATE, FILE_RO, 0));
	CASE("mmap2 a pipe", -ENODEV, map(NULL, PAGE, PROT_READ, MAP_PRIVATE, READER, 0));
	CASE("mmap2 a folder", -ENODEV, map(NULL, PAGE, PROT_READ, MAP_PRIVATE, FOLDER, 0));
	CASE("mmap2 zeros", FINE, map(NULL, PAGE, RW, MAP_PRIVATE, ZERO, 0));
	CASE("mmap", FINE, syscall(OLD_MMAP, words));
	words[5] = 1;
	CASE("mmap between pages", -EINVAL, syscall(OLD_MMAP, words));
	CASE("brk tells", FINE, old_break);
	CASE("brk refuses", 0, syscall(SYS_brk, 0xFFFFFFFF) - old_break);
	CASE("brk", PAGE, syscall(SYS_brk, old_break + PAGE) - old_break);
}

/* MAP_SHARED_VALIDATE, pages beyond the largest file, and files that cannot be mapped so. */
static void cases_of_mmap_by_validation(void)
{
	enum { VALIDATE = MAP_SHARED | MAP_PRIVATE, SYNC_FLAG = 0x80000, UNKNOWN = 0x200000, NOT_SUPPORTED = 95 };

	CASE("mmap2 validated", FINE, map(NULL, PAGE, RW, VALIDATE, FILE_RW, 0));
	CASE("mmap2 validated populate", FINE, map(NULL, PAGE, PROT_READ, VALIDATE | MAP_POPULATE, FILE_RW, 0));
	CASE("mmap2 validated unknown flag", -NOT_SUPPORTED, map(NULL, PAGE, RW, VALIDATE | UNKNOWN, FILE_RW, 0));
	CASE("mmap2 validated MAP_SYNC", -NOT_SUPPORTED, map(NULL, PAGE, RW, VALIDATE | SYNC_FLAG, FILE_RW, 0));
	CASE("mmap2 validated without a file", -EINVAL, map(NULL, PAGE, RW, VALIDATE | MAP_ANONYMOUS, -1, 0));
	CASE("mmap2 validated to write what is to be read", -EACCES, map(NULL, PAGE, RW, VALIDATE, FILE_RO, 0));
	CASE("mmap2 validated without replacing", -NOT_SUPPORTED, map(NULL, PAGE, RW, VALIDATE | NOREPLACE, FILE_RW, 0));
	CASE("mmap2 validated flags that mean nothing", FINE, map(NULL, PAGE, RW, VALIDATE | 0x31840, FILE_RW, 0));
	CASE("mmap2 kind 4", -EINVAL, map(NULL, PAGE, RW, 4, FILE_RW, 0));
	CASE("mmap2 kind 5", -EINVAL, map(NULL, PAGE, RW, PRIVATE | 4, -1, 0));
	CASE("mmap2 unknown flag", FINE, map(NULL, PAGE, RW, MAP_SHARED | UNKNOWN, FILE_RW, 0));
	CASE("mmap2 unknown protection", FINE, map(NULL, PAGE, RW | 0x100, MAP_SHARED, FILE_RW, 0));
	CASE("mmap2 the last page that there can be", FINE, map(NULL, PAGE, PROT_READ, MAP_SHARED, FILE_RW, 0xFFFFFFFE));
	CASE("mmap2 the page behind that", -EOVERFLOW, map(NULL, PAGE, PROT_READ, MAP_SHARED, FILE_RW, 0xFFFFFFFF));
	CASE("mmap2 more pages than there can be", -EOVERFLOW, map(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, FILE_RW, 0xFFFFFFFF));
	CASE("mmap2 so many of no file", -EOVERFLOW, map(NULL, 2 * PAGE, RW, PRIVATE, -1, 0xFFFFFFFF));
	CASE("mmap2 none of a file", -EINVAL, map(NULL, 0, PROT_READ, MAP_SHARED, FILE_RW, 0));
	CASE("mmap2 none of what is closed", -EBADF, map(NULL, 0, PROT_READ, MAP_SHARED, CLOSED, 0));
	CASE("mmap2 all but a page of a file", -ENOMEM, map(NULL, 0xFFFFE000, PROT_READ, MAP_SHARED, FILE_RW, 0));
	CASE("mmap2 no kind of a file", -EINVAL, map(NULL, PAGE, PROT_READ, 0, FILE_RW, 0));
	CASE("mmap2 no kind of a folder", -EINVAL, map(NULL, PAGE, PROT_READ, 0, FOLDER, 0));
	CASE("mmap2 a folder, shared", -ENODEV, map(NULL, PAGE, PROT_READ, MAP_SHARED, FOLDER, 0));
	CASE("mmap2 a folder to write", -EACCES, map(NULL, PAGE, RW, MAP_SHARED, FOLDER, 0));
	CASE("mmap2 a pipe's other end", -EACCES, map(NULL, PAGE, PROT_READ, MAP_PRIVATE, WRITER, 0));
	CASE("mmap2 nothing of what is to be written", -EACCES, map(NULL, PAGE, PROT_NONE, MAP_SHARED, FILE_WO, 0));
	CASE("mmap2 fixed beyond", -ENOMEM, map((void *)0xFFFFE000, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0));
	CASE("mmap2 there without replacing, between pages", -EINVAL, map(four + 1, PAGE, RW, PRIVATE | NOREPLACE, -1, 0));
}

/* Shisho's own calls, which Linux does not know. */
static void cases_of_walking(void)
{
	enum { VA2PA = 510, PAGES_LOADED = 511, NONE = -ENOSYS };
	static char stored[2 * PAGE] __attribute__((aligned(PAGE)));
	static const char why[] = "a teaching kernel's call";
	char *untouched = mmap(NULL, 3 * PAGE, RW, PRIVATE, -1, 0);

	stored[0] = stored[PAGE] = 1;
	DIFFERS("va2pa", NONE, FINE, why, syscall(VA2PA, stored));
	DIFFERS("va2pa inside a page", NONE, syscall(VA2PA, stored) + 5, why, syscall(VA2PA, stored + 5));
	DIFFERS("va2pa of what is untouched", NONE, -EFAULT, why, syscall(VA2PA, untouched));
	DIFFERS("va2pa of page 0", NONE, -EFAULT, why, syscall(VA2PA, NULL));
	DIFFERS("va2pa of a hole", NONE, -EFAULT, why, syscall(VA2PA, four + 2 * PAGE));
	DIFFERS("va2pa of the kernel", NONE, -EFAULT, why, syscall(VA2PA, 0xC0100000));
	DIFFERS("va2pa of the last byte", NONE, -EFAULT, why, syscall(VA2PA, 0xFFFFFFFF));
	DIFFERS("pages_loaded none", NONE, 0, why, syscall(PAGES_LOADED, untouched, 3 * PAGE));
	untouched[PAGE] = 1;
	DIFFERS("pages_loaded of three", NONE, 1, why, syscall(PAGES_LOADED, untouched, 3 * PAGE));
	DIFFERS("pages_loaded up to it", NONE, 0, why, syscall(PAGES_LOADED, untouched, PAGE));
	DIFFERS("pages_loaded a byte of it", NONE, 1, why, syscall(PAGES_LOADED, untouched, PAGE + 1));
	DIFFERS("pages_loaded empty", NONE, 0, why, syscall(PAGES_LOADED, stored, 0));
	DIFFERS("pages_loaded between pages", NONE, -EINVAL, why, syscall(PAGES_LOADED, stored + 1, PAGE));
	DIFFERS("pages_loaded all of user space", NONE, FINE, why, syscall(PAGES_LOADED, NULL, 0xC0000000));
	DIFFERS("pages_loaded empty, at its end", NONE, 0, why, syscall(PAGES_LOADED, 0xC0000000, 0));
	DIFFERS("pages_loaded the kernel", NONE, -ENOMEM, why, syscall(PAGES_LOADED, 0xC0000000, PAGE));
	DIFFERS("pages_loaded beyond user space", NONE, -ENOMEM, why, syscall(PAGES_LOADED, 0xBFFFF000, PAGE + 1));
	DIFFERS("pages_loaded around", NONE, -ENOMEM, why, syscall(PAGES_LOADED, 0xBFFFF000, 0xFFFFF000));
	CHECK_EQ(munmap(untouched, 3 * PAGE), 0);
}

static void cases_of_unmapping(void)
{
	char *p = check_private(2);

	CASE("munmap", 0, munmap(p + PAGE, PAGE));
	CASE("munmap a hole", 0, munmap(p + PAGE, PAGE));
	CASE("munmap between pages", -EINVAL, munmap(p + 1, PAGE));
	CASE("munmap none", -EINVAL, munmap(p, 0));
	CASE("munmap beyond", -EINVAL, munmap(p, 0xFFFFF000));
	CASE("mprotect", 0, mprotect(p, PAGE, PROT_READ));
	CASE("mprotect none", 0, mprotect(p, 0, PROT_READ));
	CASE("mprotect between pages", -EINVAL, mprotect(p + 1, PAGE, PROT_READ));
	CASE("mprotect unknown", -EINVAL, mprotect(p, PAGE, 0x100));
	CASE("mprotect a hole", -ENOMEM, mprotect(four, 4 * PAGE, RW));
	CASE("mprotect nothing", -ENOMEM, mprotect(p + PAGE, PAGE, RW));
	CASE("mprotect overflow", -ENOMEM, mprotect(p, 0xFFFFF000, RW));
	p = (char *)map(NULL, PAGE, PROT_READ, MAP_SHARED, FILE_RO, 0);
	CASE("mprotect to write what is to be read", -EACCES, mprotect(p, PAGE, RW));
}

static void cases_of_remapping(void)
{
	long file = map(NULL, PAGE, PROT_READ, MAP_SHARED, FILE_RW, 0xFFFFFFFE);
	char *p = check_private(4);

	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CASE("mremap smaller", FINE, syscall(SYS_mremap, p + 2 * PAGE, 2 * PAGE, PAGE, 0));
	CASE("mremap in place", FINE, syscall(SYS_mremap, p, PAGE, 2 * PAGE, 0));
	CASE("mremap without room", -ENOMEM, syscall(SYS_mremap, p, 2 * PAGE, 3 * PAGE, 0));
	CASE("mremap between pages", -EINVAL, syscall(SYS_mremap, p + 1, PAGE, PAGE, MAYMOVE));
	CASE("mremap to none", -EINVAL, syscall(SYS_mremap, p, PAGE, 0, MAYMOVE));
	CASE("mremap flags", -EINVAL, syscall(SYS_mremap, p, PAGE, PAGE, 8));
	CASE("mremap fixed but not moved", -EINVAL, syscall(SYS_mremap, p, PAGE, PAGE, FIXED, four));
	CASE("mremap to between pages", -EINVAL, syscall(SYS_mremap, p, PAGE, PAGE, MAYMOVE | FIXED, four + 1));
	CASE("mremap onto itself", -EINVAL, syscall(SYS_mremap, p, PAGE, PAGE, MAYMOVE | FIXED, p));
	CASE("mremap nothing", -EFAULT, syscall(SYS_mremap, p + 3 * PAGE, PAGE, 2 * PAGE, MAYMOVE));
	CASE("mremap across a hole", -EFAULT, syscall(SYS_mremap, four, 4 * PAGE, 8 * PAGE, MAYMOVE));
	CASE("mremap keeps without moving", -EINVAL, syscall(SYS_mremap, p, PAGE, PAGE, DONTUNMAP));
	CASE("mremap keeps another size", -EINVAL, syscall(SYS_mremap, p, PAGE, 2 * PAGE, MAYMOVE | DONTUNMAP));
	CASE("mremap keeps", FINE, syscall(SYS_mremap, p, PAGE, PAGE, MAYMOVE | DONTUNMAP, 0));
	CASE("mremap keeps, fixed", FINE, syscall(SYS_mremap, p, PAGE, PAGE, MAYMOVE | FIXED | DONTUNMAP, four + 2 * PAGE));
	CASE("mremap keeps what is left", 0, munmap(four + 2 * PAGE, PAGE));
	CASE("mremap old length", -EINVAL, syscall(SYS_mremap, p, 0xFFFFF000, PAGE, MAYMOVE));
	CASE("mremap old length overflows", -EINVAL, syscall(SYS_mremap, p, 0xFFFFFFFF, PAGE, MAYMOVE));
	CASE("mremap new length overflows", -EINVAL, syscall(SYS_mremap, p, PAGE, 0xFFFFFFFF, MAYMOVE));
	CASE("mremap too large", -ENOMEM, syscall(SYS_mremap, p, PAGE, 0xBFFFF000, MAYMOVE));
	CASE("mremap fixed beyond", -EINVAL, syscall(SYS_mremap, p, PAGE, PAGE, MAYMOVE | FIXED, 0xFFFFE000));
	CASE("mremap beyond the last page of a file", -EINVAL, syscall(SYS_mremap, file, PAGE, 3 * PAGE, MAYMOVE));
	CASE("mremap a second mapping", FINE, syscall(SYS_mremap, file, 0, PAGE, MAYMOVE));
	CASE("mremap nothing in the kernel", -EFAULT, syscall(SYS_mremap, 0xC0001000, PAGE, 2 * PAGE, MAYMOVE));
	CASE("mremap private as if shared", -EINVAL, syscall(SYS_mremap, p, 0, PAGE, MAYMOVE));
}

static long window(void *start, unsigned size, int prot, unsigned page, int flags)
{
	return syscall(REMAP_PAGES, start, size, prot, page, flags);
}

static void cases_of_windows(void)
{
	char *p = check_shared(4), *private = check_private(2);

	CASE("remap_file_pages", 0, window(p, PAGE, 0, 2, 0));
	CASE("remap_file_pages later", 0, window(p + PAGE, PAGE, 0, 3, 0x10000));
	CASE("remap_file_pages from between pages", 0, window(p + 3 * PAGE + 5, PAGE + 5, 0, 0, 0));
	CASE("remap_file_pages protection", -EINVAL, window(p, PAGE, PROT_READ, 2, 0));
	CASE("remap_file_pages none", -EINVAL, window(p, PAGE - 1, 0, 2, 0));
	CASE("remap_file_pages of private pages", -EINVAL, window(private, PAGE, 0, 0, 0));
	CASE("remap_file_pages of nothing", -EINVAL, window((void *)8, PAGE, 0, 0, 0));
	CASE("remap_file_pages wraps", -EINVAL, window(p, 2 * PAGE, 0, 0xFFFFFFFF, 0));
	CASE("remap_file_pages beyond the end", -EINVAL, window(p, 0xFFFFF000, 0, 0, 0));
	munmap(p, 4 * PAGE);
	munmap(private, 2 * PAGE);
}

static void cases_of_locking(void)
{
	CASE("mlock", 0, mlock(four, 2 * PAGE));
	CASE("mlock a hole", -ENOMEM, mlock(four, 4 * PAGE));
	CASE("mlock none", 0, mlock(four, 0));
	CASE("mlock overflow", -EINVAL, mlock(four, 0xFFFFF000));
	CASE("mlock all that there is, rounded to nothing", 0, mlock(four, 0xFFFFFFFF));
	CASE("mlock beyond", -ENOMEM, mlock(four, 0xC0000000 - (unsigned)four + PAGE));
	CASE("mlock2 flags", -EINVAL, syscall(SYS_mlock2, four, PAGE, 2));
	CASE("mlock2 on faults", 0, syscall(SYS_mlock2, four, PAGE, 1));
	CASE("mlock2 a hole", -ENOMEM, syscall(SYS_mlock2, four + 2 * PAGE, PAGE, 0));
	CASE("msync what is locked to invalidate", -EBUSY, msync(four, PAGE, ASYNC | 2));
	CASE("munlock", 0, munlock(four, 2 * PAGE));
	CASE("munlock a hole", -ENOMEM, munlock(four, 4 * PAGE));
	CASE("munlock overflow", -EINVAL, munlock(four, 0xFFFFF000));
	CASE("mlockall none", -EINVAL, syscall(SYS_mlockall, 0));
	CASE("mlockall on faults only", -EINVAL, syscall(SYS_mlockall, ONFAULT));
	CASE("mlockall unknown", -EINVAL, syscall(SYS_mlockall, 9));
	CASE("mlockall", 0, syscall(SYS_mlockall, FUTURE));
	CASE("munlockall", 0, syscall(SYS_munlockall));
}

static void cases_of_telling(void)
{
	CASE("msync", 0, msync(four, 2 * PAGE, SYNC));
	CASE("msync none", 0, msync(four, 0, SYNC));
	CASE("msync both", -EINVAL, msync(four, PAGE, SYNC | ASYNC));
	CASE("msync unknown", -EINVAL, msync(four, PAGE, 8));
	CASE("msync between pages", -EINVAL, msync(four + 1, PAGE, SYNC));
	CASE("msync a hole", -ENOMEM, msync(four, 4 * PAGE, SYNC));
	CASE("mincore", 0, syscall(SYS_mincore, four, 2 * PAGE, buffer));
	CASE("mincore between pages", -EINVAL, syscall(SYS_mincore, four + 1, PAGE, buffer));
	CASE("mincore a hole", -ENOMEM, syscall(SYS_mincore, four, 4 * PAGE, buffer));
	CASE("madvise", 0, syscall(SYS_madvise, four, 2 * PAGE, 4));
	CASE("madvise unknown", -EINVAL, syscall(SYS_madvise, four, PAGE, 999));
	CASE("madvise between pages", -EINVAL, syscall(SYS_madvise, four + 1, PAGE, 4));
	CASE("madvise a hole", -ENOMEM, syscall(SYS_madvise, four, 4 * PAGE, 4));
	CASE("madvise none", 0, syscall(SYS_madvise, four, 0, 4));
	CASE("madvise none between pages", -EINVAL, syscall(SYS_madvise, four + 1, 0, 4));
}

static void cases_of_limits(void)
{
	unsigned limit[2], turned[2] = { 2, 1 };
	unsigned long long wide[2], turned_wide[2] = { 2, 1 };

	CASE("getrlimit", 0, syscall(GETRLIMIT, 3, limit));
	CASE("getrlimit unknown", -EINVAL, syscall(GETRLIMIT, 99, limit));
	CASE("setrlimit", 0, syscall(SETRLIMIT, 3, limit));
	CASE("setrlimit unknown", -EINVAL, syscall(SETRLIMIT, 99, limit));
	CASE("setrlimit more than the most", -EINVAL, syscall(SETRLIMIT, 3, turned));
	CASE("old getrlimit", 0, syscall(OLD_GETRLIMIT, 9, limit));
	CASE("old getrlimit has no numbers above 2^31", 0x7FFFFFFF, limit[1]);
	CASE("old getrlimit unknown", -EINVAL, syscall(OLD_GETRLIMIT, 99, limit));
	CASE("prlimit64", 0, syscall(PRLIMIT64, 0, 7, NULL, wide));
	CASE("prlimit64 tells", 64, wide[0]);
	CASE("prlimit64 sets", 0, syscall(PRLIMIT64, getpid(), 7, wide, NULL));
	CASE("prlimit64 unknown", -EINVAL, syscall(PRLIMIT64, 0, 99, NULL, wide));
	CASE("prlimit64 more than the most", -EINVAL, syscall(PRLIMIT64, 0, 7, turned_wide, NULL));
	CASE("prlimit64 of nobody", -ESRCH, syscall(PRLIMIT64, 4000000, 7, NULL, wide));
}

void cases_of_memory(void)
{
	void (*const groups[])(void) = {
		cases_of_mmap, cases_of_mmap_by_validation, cases_of_walking, cases_of_unmapping, cases_of_remapping,
		cases_of_windows, cases_of_locking, cases_of_telling, cases_of_limits,
	};

	four = check_private(6);
	for (unsigned i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		/* The previous group may have mapped memory into the holes. */
		CHECK_EQ(munmap(four + 2 * PAGE, PAGE), 0);
		CHECK_EQ(munmap(four + 5 * PAGE, PAGE), 0);
		groups[i]();
	}
}
