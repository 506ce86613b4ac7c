/*
 * map-refuse - memory calls that make no sense are refused with Linux's error, and change nothing.
 */
#include "check.h"

enum { RW = PROT_READ | PROT_WRITE, ANON = MAP_PRIVATE | MAP_ANONYMOUS };

static void mappings(void)
{
	char *kernel = (char *)0xfffff000;

	CHECK_ERROR(mmap(NULL, 0, RW, ANON, -1, 0), EINVAL);
	CHECK_ERROR(mmap(NULL, (size_t)-4096 * 2, RW, ANON, -1, 0), ENOMEM);
	CHECK_ERROR(mmap(NULL, (size_t)-1, RW, ANON, -1, 0), ENOMEM);
	CHECK_ERROR(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERROR(mmap(NULL, PAGE, RW, MAP_ANONYMOUS | MAP_SHARED | MAP_PRIVATE, -1, 0), EINVAL);
	CHECK_ERROR(mmap(NULL, PAGE, RW, MAP_PRIVATE, -1, 0), EBADF);
	CHECK_ERROR(mmap(NULL, PAGE, RW, MAP_PRIVATE, 99, 0), EBADF);
	CHECK_ERROR(mmap((void *)0x10000001, PAGE, RW, ANON | MAP_FIXED, -1, 0), EINVAL);
	CHECK_ERROR(mmap(kernel, PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
	CHECK_ERROR(mmap(kernel, 16 * PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
	CHECK_AT(mmap((void *)PAGE, PAGE, RW, ANON, -1, 0), (void *)0x10000);
	CHECK(mmap((void *)(PAGE - 1), PAGE, RW, ANON, -1, 0) > (void *)0x10000);
	CHECK_EQ(munmap((void *)0x10000, PAGE), 0);
	CHECK_AT(mmap((void *)0x10000fff, PAGE, RW, ANON, -1, 0), (void *)0x10000000);
	CHECK_EQ(munmap((void *)0x10000000, PAGE), 0);
	CHECK_ERROR(mmap((void *)0xbffff000, 0x50000000, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
}

static void others(void)
{
	char *p = check_private(4);
	unsigned char resident[4];

	CHECK_ERROR(munmap(p + 1, PAGE), EINVAL);
	CHECK_ERROR(munmap(p, 0), EINVAL);
	CHECK_ERROR(munmap((void *)0xfffff000, 2 * PAGE), EINVAL);
	CHECK_ERROR(mprotect(p + 1, PAGE, PROT_READ), EINVAL);
	CHECK_ERROR(mprotect(p, PAGE, 0x100), EINVAL);
	CHECK_EQ(mprotect(p, 0, PROT_READ), 0);
	CHECK_EQ(mprotect(p, PAGE, RW | 8), 0);
	p[0] = 1;
	CHECK_ERROR(mincore(p + 1, PAGE, resident), EINVAL);
	CHECK_EQ(munmap(p + PAGE, PAGE), 0);
	CHECK_ERROR(mprotect(p, 3 * PAGE, PROT_READ), ENOMEM);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_SIGNAL(check_store, p + 2 * PAGE, 0);
	CHECK_ERROR(mprotect(p + PAGE, 2 * PAGE, PROT_READ), ENOMEM);
	CHECK_SIGNAL(check_store, p + 2 * PAGE, 0);
	CHECK_ERROR(mincore(p, 3 * PAGE, resident), ENOMEM);
	CHECK_ERROR(mlock(p, 3 * PAGE), ENOMEM);
	/* munmap accepts any range: what is mapped there goes. */
	CHECK_EQ(munmap(p, 4 * PAGE), 0);
	CHECK_EQ(munmap(p, 4 * PAGE), 0);
}

/* An address that is only a hint: used if it is free, otherwise another one. */
static void wishes(void)
{
	char *p = check_private(2), *q;

	p[0] = 'p';
	q = mmap(p, PAGE, RW, ANON, -1, 0);
	CHECK(q != MAP_FAILED && q != p && p[0] == 'p');
	CHECK_AT(mmap(p, PAGE, RW, ANON | MAP_FIXED, -1, 0), p);
	CHECK_EQ(p[0], 0);
	munmap(q, PAGE);
	munmap(p, 2 * PAGE);
}

int main(void)
{
	mappings();
	others();
	wishes();
	return CHECK_OK();
}
