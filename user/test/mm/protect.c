/*
 * protect - mprotect removes permissions and restores them, page by page.
 */
#include "check.h"

static void rights(void)
{
	char *p = check_private(3);

	memset(p, 'm', 3 * PAGE);
	CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_READ), 0);
	CHECK_SIGNAL(check_store, p, 0);
	CHECK_SIGNAL(check_store, p + PAGE, SIGSEGV);
	CHECK_SIGNAL(check_load, p + PAGE, 0);
	CHECK_SIGNAL(check_store, p + 2 * PAGE, 0);
	CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_NONE), 0);
	CHECK_SIGNAL(check_load, p + PAGE, SIGSEGV);
	CHECK_EQ(mprotect(p, 3 * PAGE, PROT_READ | PROT_WRITE), 0);
	CHECK_EQ(p[PAGE], 'm');
	p[PAGE] = 'n';
	CHECK_EQ(p[PAGE], 'n');
	munmap(p, 3 * PAGE);
}

/* Permissions of pages that were never touched hold when they are touched. */
static void untouched(void)
{
	char *p = check_private(2);

	CHECK_EQ(mprotect(p, PAGE, PROT_READ), 0);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_SIGNAL(check_store, p + PAGE, 0);
	CHECK_EQ(*(volatile char *)p, 0);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0);
	CHECK_SIGNAL(check_store, p, 0);
	munmap(p, 2 * PAGE);
}

/* Writable again after fork is still copy on write: the frame is shared. */
static void child_writes(void *p)
{
	CHECK_EQ(mprotect(p, PAGE, PROT_READ), 0);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_EQ(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0);
	*(char *)p = 'c';
}

static void copy_on_write(void)
{
	char *p = check_private(1);

	*p = 'p';
	CHECK_SIGNAL(child_writes, p, 0);
	CHECK_EQ(*p, 'p');
	munmap(p, PAGE);
}

/* The kernel respects them too where it stores on behalf of the task. */
static void calls(void)
{
	char *p = check_private(2);
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(write(fd[1], "0123456789", 10), 10);
	CHECK_EQ(mprotect(p + PAGE, PAGE, PROT_READ), 0);
	CHECK_ERROR(read(fd[0], p + PAGE, 4), EFAULT);
	CHECK_EQ(p[PAGE], 0);
	CHECK_EQ(read(fd[0], p, 1), 1);
	close(fd[0]);
	close(fd[1]);
	munmap(p, 2 * PAGE);
}

int main(void)
{
	rights();
	untouched();
	copy_on_write();
	calls();
	return CHECK_OK();
}
