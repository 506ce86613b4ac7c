/*
 * Memory: mappings, locks, advice.
 */
#include "memory.h"

#include <sys/resource.h>

enum { MAP_SHARED_VALIDATE = 3, MREMAP_DONTUNMAP = 4 };

/* --- mappings -------------------------------------------------------------------------------------------------------- */

static void move_break(void)
{
	char *old = at(syscall(effect->number, 0));

	CHECK_AT(at(CALL(old + 3 * PAGE)), old + 3 * PAGE);
	old[3 * PAGE - 1] = 'x';
	CHECK_AT(at(CALL(old)), old);
}

static void map_old(void)
{
	long words[6] = { 0, PAGE, DATA, ANONYMOUS, -1, 0 };
	char *p = at(CALL(words));

	*p = 'x';
}

static void map_file(void)
{
	const char *p = at(CALL(NULL, PAGE, PROT_READ, MAP_PRIVATE, open("file", O_RDONLY), 0));

	CHECK_EQ(memcmp(p, "0123456789", 10), 0);
}

static void map_shared(void)
{
	int fd = open("file", O_RDWR);
	char *p = at(CALL(NULL, PAGE, DATA, effect->word, fd, 0)), byte;

	p[2] = 'x';
	CHECK_EQ(pread(fd, &byte, 1, 2), 1);
	CHECK_EQ(byte, 'x');
}

static void map_anonymous(void)
{
	char *p = at(CALL(NULL, PAGE, DATA, ANONYMOUS | effect->word, -1, 0));

	if (effect->word == MAP_POPULATE || effect->word == MAP_LOCKED)
		CHECK(resident(p));
	CHECK_EQ(locked_kib(), effect->word == MAP_LOCKED ? PAGE / 1024 : 0);
	CHECK_EQ(*p, 0);
	*p = 'x';
}

static void map_there(void)
{
	char *old = check_private(3);

	*old = 'x';
	old[PAGE] = 'x';
	CHECK_AT(at(CALL(old + PAGE, PAGE, DATA, ANONYMOUS | MAP_FIXED, -1, 0)), old + PAGE);
	CHECK_EQ(*old, 'x');
	CHECK_EQ(old[PAGE], 0);
}

static void map_free_place(void)
{
	char *old = check_private(3);

	CHECK_ERROR(syscall(effect->number, old, PAGE, DATA, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	CHECK_EQ(munmap(old, PAGE), 0);
	CHECK_AT(at(CALL(old, PAGE, DATA, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0)), old);
}

/* A store below it makes it grow. */
static void map_stack(void)
{
	char *place = check_private(300), *p;

	CHECK_EQ(munmap(place, 300 * PAGE), 0);
	p = at(CALL(place + 299 * PAGE, PAGE, DATA, ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0));
	p[-PAGE] = 'x';
	CHECK(is_mapped(p - PAGE));
}

static void unmap(void)
{
	char *p = check_private(2);

	CALL(p, PAGE);
	CHECK(!is_mapped(p) && is_mapped(p + PAGE));
}

static void protect(void)
{
	char *p = check_private(1);

	*p = 'x';
	CALL(p, PAGE, PROT_READ);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
}

static void enlarge(void)
{
	char *p = check_private(4);

	*p = 'x';
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	p = at(CALL(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
	CHECK_EQ(*p, 'x');
	p[PAGE] = 'y';
}

static void move_there(void)
{
	char *p = check_private(1), *to = check_private(1);

	*p = 'x';
	CHECK_AT(at(CALL(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to)), to);
	CHECK_EQ(*to, 'x');
	CHECK(!is_mapped(p));
}

static void move_pages(void)
{
	char *p = check_private(1), *to;

	*p = 'x';
	to = at(CALL(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0));
	CHECK_EQ(*to, 'x');
	CHECK_EQ(*p, 0);
}

static void move_window(void)
{
	int fd = memfd_create("effects", 0);
	char *p;

	CHECK_EQ(ftruncate(fd, 2 * PAGE), 0);
	CHECK_EQ(pwrite(fd, "x", 1, PAGE), 1);
	p = mmap(NULL, PAGE, DATA, MAP_SHARED, fd, 0);
	CHECK_EQ(*p, 0);
	CALL(p, PAGE, 0, 1, 0);
	CHECK_EQ(*p, 'x');
}

/* --- locks ----------------------------------------------------------------------------------------------------------- */

static void lock_pages(void)
{
	char *p = check_private(2);

	CALL(p, 2 * PAGE, effect->word);
	CHECK_EQ(locked_kib(), 2 * PAGE / 1024);
	CHECK_EQ(resident(p), !effect->word);
}

static void unlock_pages(void)
{
	char *p = check_private(2);

	CHECK_EQ(mlock(p, 2 * PAGE), 0);
	CALL(p, PAGE);
	CHECK_EQ(locked_kib(), PAGE / 1024);
}

static void lock_all(void)
{
	char *p = check_private(1), *later;
	bool future = effect->word & MCL_FUTURE;
	long before;

	CALL(effect->word);
	CHECK_EQ(resident(p), !future);
	before = locked_kib();
	CHECK_EQ(before != 0, !future);
	later = check_private(1);
	CHECK_EQ(locked_kib() - before, future ? PAGE / 1024 : 0);
	CHECK_EQ(resident(later), effect->word == MCL_FUTURE);
	later = sbrk(2 * PAGE);
	CHECK_EQ(resident((char *)(((uintptr_t)later + PAGE - 1) & -PAGE)), effect->word == MCL_FUTURE);
}

static void unlock_all(void)
{
	CHECK_EQ(mlockall(MCL_CURRENT | MCL_FUTURE), 0);
	CALL(0);
	CHECK_EQ(locked_kib(), 0);
	check_private(1);
	CHECK_EQ(locked_kib(), 0);
}

/* --- advice ---------------------------------------------------------------------------------------------------------- */

static void forget(void)
{
	char *p = check_private(1);

	*p = 'x';
	if (effect->word == MADV_DONTNEED_LOCKED)
		CHECK_EQ(mlock(p, PAGE), 0);
	CALL(p, PAGE, effect->word);
	CHECK(*p == 0 || (effect->word == MADV_FREE && *p == 'x'));
}

static void remove_pages(void)
{
	int fd = memfd_create("effects", 0);
	struct stat st;
	char *p;

	CHECK_EQ(ftruncate(fd, PAGE), 0);
	p = mmap(NULL, PAGE, DATA, MAP_SHARED, fd, 0);
	*p = 'x';
	CALL(p, PAGE, MADV_REMOVE);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_blocks, 0);
	CHECK_EQ(*p, 0);
}

static void find_x(void *at)
{
	CHECK_EQ(*(char *)at, 'x');
}

static void find_zero(void *at)
{
	CHECK_EQ(*(char *)at, 0);
}

/* What a child finds where the parent has an x: a zero, or no mapping. */
static void at_fork(void)
{
	char *p = check_private(1);
	bool wiped = effect->word == MADV_WIPEONFORK || effect->word == MADV_KEEPONFORK;
	int no = wiped ? MADV_WIPEONFORK : MADV_DONTFORK;

	*p = 'x';
	if (no != effect->word)
		CHECK_EQ(madvise(p, PAGE, no), 0);
	CALL(p, PAGE, effect->word);
	if (no == MADV_DONTFORK && no == effect->word)
		CHECK_SIGNAL(check_load, p, SIGSEGV);
	else
		CHECK_EQ(check_in_child(no == effect->word ? find_zero : find_x, p), 0);
}

static void populate(void)
{
	char *p = check_private(1);

	CALL(p, PAGE, effect->word);
	CHECK(resident(p));
}

/* The effect of such advice is not guaranteed; the contents are. */
static void advise(void)
{
	char *p = check_private(1);

	*p = 'x';
	CALL(p, PAGE, effect->word);
	CHECK_EQ(*p, 'x');
}

const struct effect memory_effects[] = {
	{ 45, "brk", move_break, 0 },
	{ 90, "mmap", map_old, 0 },
	{ 91, "munmap", unmap, 0 },
	{ 125, "mprotect", protect, 0 },
	{ 150, "mlock", lock_pages, 0 },
	{ 151, "munlock", unlock_pages, 0 },
	{ 152, "mlockall MCL_CURRENT", lock_all, MCL_CURRENT },
	{ 152, "mlockall MCL_FUTURE", lock_all, MCL_FUTURE },
	{ 152, "mlockall MCL_ONFAULT", lock_all, MCL_FUTURE | MCL_ONFAULT },
	{ 153, "munlockall", unlock_all, 0 },
	{ 163, "mremap MREMAP_MAYMOVE", enlarge, 0 },
	{ 163, "mremap MREMAP_FIXED", move_there, 0 },
	{ 163, "mremap MREMAP_DONTUNMAP", move_pages, 0 },
	{ 192, "mmap2 MAP_PRIVATE", map_file, 0 },
	{ 192, "mmap2 MAP_SHARED", map_shared, MAP_SHARED },
	{ 192, "mmap2 MAP_SHARED_VALIDATE", map_shared, MAP_SHARED_VALIDATE },
	{ 192, "mmap2 MAP_ANONYMOUS", map_anonymous, 0 },
	{ 192, "mmap2 MAP_FIXED", map_there, 0 },
	{ 192, "mmap2 MAP_FIXED_NOREPLACE", map_free_place, 0 },
	{ 192, "mmap2 MAP_GROWSDOWN", map_stack, 0 },
	{ 192, "mmap2 MAP_LOCKED", map_anonymous, MAP_LOCKED },
	{ 192, "mmap2 MAP_POPULATE", map_anonymous, MAP_POPULATE },
	{ 192, "mmap2 MAP_NORESERVE", map_anonymous, MAP_NORESERVE },
	{ 219, "madvise MADV_NORMAL", advise, MADV_NORMAL },
	{ 219, "madvise MADV_WILLNEED", advise, MADV_WILLNEED },
	{ 219, "madvise MADV_HUGEPAGE", advise, MADV_HUGEPAGE },
	{ 219, "madvise MADV_COLD", advise, MADV_COLD },
	{ 219, "madvise MADV_PAGEOUT", advise, MADV_PAGEOUT },
	{ 219, "madvise MADV_DONTNEED", forget, MADV_DONTNEED },
	{ 219, "madvise MADV_DONTNEED_LOCKED", forget, MADV_DONTNEED_LOCKED },
	{ 219, "madvise MADV_FREE", forget, MADV_FREE },
	{ 219, "madvise MADV_REMOVE", remove_pages, 0 },
	{ 219, "madvise MADV_DONTFORK", at_fork, MADV_DONTFORK },
	{ 219, "madvise MADV_DOFORK", at_fork, MADV_DOFORK },
	{ 219, "madvise MADV_WIPEONFORK", at_fork, MADV_WIPEONFORK },
	{ 219, "madvise MADV_KEEPONFORK", at_fork, MADV_KEEPONFORK },
	{ 219, "madvise MADV_POPULATE_READ", populate, MADV_POPULATE_READ },
	{ 219, "madvise MADV_POPULATE_WRITE", populate, MADV_POPULATE_WRITE },
	{ 257, "remap_file_pages", move_window, 0 },
	{ 376, "mlock2", lock_pages, 0 },
	{ 376, "mlock2 MLOCK_ONFAULT", lock_pages, MLOCK_ONFAULT },
	{ 0 },
};
