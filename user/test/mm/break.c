/*
 * break - growing and shrinking the break: exact values, zeroed pages, faults behind the end.
 */
#include "check.h"

#include <sys/syscall.h>

static char *raw_brk(char *to)
{
	return (char *)syscall(SYS_brk, to);
}

static void exact_values(char *start)
{
	CHECK_AT(raw_brk(start + 5 * PAGE), start + 5 * PAGE);
	CHECK_AT(raw_brk(NULL), start + 5 * PAGE);
	CHECK_AT(raw_brk(start + 1), start + 1);
	CHECK_AT(raw_brk(start + 123), start + 123);
	CHECK_AT(raw_brk(start), start);
	CHECK_AT(sbrk(PAGE), start);
	CHECK_AT(sbrk(0), start + PAGE);
	CHECK_AT(sbrk(-PAGE), start + PAGE);
	CHECK_AT(sbrk(0), start);
}

static void given_back_and_taken_again_is_zero(char *start)
{
	raw_brk(start + 3 * PAGE);
	memset(start, 0xaa, 3 * PAGE);
	raw_brk(start);
	raw_brk(start + 3 * PAGE);
	for (int i = 0; i < 3 * PAGE; i++)
		CHECK_EQ(start[i], 0);
	raw_brk(start);
}

static void break_in_mid_page(char *start)
{
	raw_brk(start + 3 * PAGE);
	memset(start, 0x55, 3 * PAGE);
	raw_brk(start + PAGE + 100);
	CHECK_EQ(start[2 * PAGE - 1], 0x55);
	CHECK_SIGNAL(check_load, start + 2 * PAGE, SIGSEGV);
	CHECK_SIGNAL(check_store, start + 2 * PAGE, SIGSEGV);
	CHECK_SIGNAL(check_store, start + 2 * PAGE - 1, 0);
	raw_brk(start);
	CHECK_SIGNAL(check_load, start, SIGSEGV);
}

static void absurd_changes_nothing(char *start)
{
	raw_brk(start + PAGE);
	start[5] = 77;
	CHECK_AT(raw_brk((char *)1), start + PAGE);
	CHECK_AT(raw_brk(start - 1), start + PAGE);
	CHECK_AT(raw_brk((char *)0xfffffff0), start + PAGE);
	CHECK_AT(raw_brk((char *)0xffffffff), start + PAGE);
	CHECK_ERROR(sbrk((intptr_t)0x80000000), ENOMEM);
	CHECK_EQ(start[5], 77);
	raw_brk(start);
}

static void not_over_a_mapping(char *start)
{
	char *wall = start + 16 * PAGE;

	CHECK_AT(mmap(wall, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), wall);
	CHECK_AT(raw_brk(wall + PAGE), start);
	CHECK_AT(raw_brk(wall + 8 * PAGE), start);
	munmap(wall, PAGE);
	CHECK_AT(raw_brk(wall + PAGE), wall + PAGE);
	raw_brk(start);
}

/* System calls must not reach the memory given back either. */
static void kernel_refuses_too(char *start)
{
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	raw_brk(start + PAGE);
	CHECK_EQ(write(fd[1], start, 10), 10);
	raw_brk(start);
	CHECK_ERROR(write(fd[1], start, 10), EFAULT);
	CHECK_ERROR(read(fd[0], start, 10), EFAULT);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	/* From a page boundary on, whatever is in the heap already. */
	char *start = raw_brk(NULL);

	start += -(uintptr_t)start & (PAGE - 1);
	CHECK_EQ(brk(start), 0);
	exact_values(start);
	given_back_and_taken_again_is_zero(start);
	break_in_mid_page(start);
	absurd_changes_nothing(start);
	not_over_a_mapping(start);
	kernel_refuses_too(start);
	return CHECK_OK();
}
