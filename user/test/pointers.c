/*
 * pointers - system calls that are given any address at all: -EFAULT or a partial result as on
 * Linux, never a signal, never a harm to anybody.
 */
#include "check.h"

#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>

static char *page;			/* one page, nothing mapped on either side */
static int full[2], root;

/* Each call that takes an address, with this one in its place. */
static void every_call(void *bad)
{
	CHECK_ERROR(read(full[0], bad, 8), EFAULT);
	CHECK_ERROR(write(full[1], bad, 8), EFAULT);
	CHECK_ERROR(open(bad, O_RDONLY), EFAULT);
	CHECK_ERROR(unlink(bad), EFAULT);
	CHECK_ERROR(chdir(bad), EFAULT);
	CHECK_ERROR(execve(bad, environ, environ), EFAULT);
	CHECK_ERROR(stat(bad, (struct stat *)page), EFAULT);
	CHECK_ERROR(stat("/", bad), EFAULT);
	CHECK_ERROR(fstat(root, bad), EFAULT);
	CHECK_ERROR(getdents64(root, bad, 2048), EFAULT);
	CHECK_ERROR(pipe(bad), EFAULT);
	CHECK_ERROR(uname(bad), EFAULT);
	CHECK_ERROR(sysinfo(bad), EFAULT);
	CHECK_ERROR(getrusage(RUSAGE_SELF, bad), EFAULT);
	CHECK_ERROR(setrlimit(RLIMIT_RSS, bad), EFAULT);
	CHECK_ERROR(clock_gettime(CLOCK_MONOTONIC, bad), EFAULT);
	CHECK_ERROR(nanosleep(bad, NULL), EFAULT);
	CHECK_ERROR(syscall(SYS_getcwd, bad, 100), EFAULT);
	CHECK_ERROR(mincore(page, PAGE, bad), EFAULT);
}

static void every_signal_call(void *bad)
{
	sigset_t set = { { 1 << (SIGUSR1 - 1) } };
	struct timespec no_time = { 0, 0 };

	CHECK_ERROR(syscall(SYS_rt_sigaction, SIGUSR1, bad, NULL, 8), EFAULT);
	CHECK_ERROR(syscall(SYS_rt_sigaction, SIGUSR1, NULL, bad, 8), EFAULT);
	CHECK_ERROR(syscall(SYS_sigaction, SIGUSR1, bad, NULL), EFAULT);
	CHECK_ERROR(syscall(SYS_sigaction, SIGUSR1, NULL, bad), EFAULT);
	CHECK_ERROR(sigprocmask(SIG_BLOCK, bad, NULL), EFAULT);
	CHECK_ERROR(sigprocmask(SIG_BLOCK, NULL, bad), EFAULT);
	CHECK_ERROR(syscall(SYS_sigprocmask, SIG_BLOCK, bad, NULL), EFAULT);
	CHECK_ERROR(syscall(SYS_sigprocmask, SIG_BLOCK, NULL, bad), EFAULT);
	CHECK_ERROR(sigpending(bad), EFAULT);
	CHECK_ERROR(syscall(SYS_sigpending, bad), EFAULT);
	CHECK_ERROR(sigsuspend(bad), EFAULT);
	CHECK_ERROR(sigtimedwait(bad, NULL, &no_time), EFAULT);
	CHECK_ERROR(sigtimedwait(&set, NULL, bad), EFAULT);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	raise(SIGUSR1);
	CHECK_ERROR(sigtimedwait(&set, bad, &no_time), EFAULT);
	CHECK_EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	CHECK_ERROR(sigaltstack(bad, NULL), EFAULT);
	CHECK_ERROR(sigaltstack(NULL, bad), EFAULT);
	CHECK_ERROR(setitimer(ITIMER_REAL, bad, NULL), EFAULT);
	CHECK_ERROR(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, bad), EFAULT);
	CHECK_ERROR(getitimer(ITIMER_REAL, bad), EFAULT);
}

/* A buffer whose second half is not there. */
static void straddling(void)
{
	char *edge = page + PAGE - 4;

	CHECK_EQ(write(full[1], "12345678", 8), 8);
	errno = 0;
	ssize_t n = read(full[0], edge, 8);

	/* What cannot be delivered stays in the pipe, with what could be or without. */
	CHECK(n == 4 || (n == -1 && errno == EFAULT));
	if (n == 4)
		CHECK_EQ(memcmp(edge, "1234", 4), 0);
	n = write(full[1], edge, 8);
	CHECK(n == 4 || (n == -1 && errno == EFAULT));
	/* A string that ends before the edge is fine, one that runs over it is not. */
	memset(page, 'x', PAGE);
	CHECK_ERROR(open(page + PAGE - 10, O_RDONLY), EFAULT);
	strcpy(edge, "/");
	CHECK_EQ(chdir(edge), 0);
	strcpy(page + PAGE - 2, "/");
	CHECK_EQ(chdir(page + PAGE - 2), 0);
	CHECK_ERROR(uname((struct utsname *)(page + PAGE - 10)), EFAULT);
	CHECK_ERROR(fstat(root, (struct stat *)(page + PAGE - 50)), EFAULT);
	CHECK_ERROR(pipe((int *)edge), EFAULT);
}

static void absurd_lengths(void)
{
	CHECK_ERROR(write(full[1], (char *)0xbffff000, 0xffffffff), EFAULT);
	CHECK(write(full[1], page, 0) == 0);
	CHECK_EQ(read(full[0], NULL, 0), 0);
}

/* Registers full of rubbish for numbers that do not exist. */
static void unknown_calls(void)
{
	static const int numbers[] = { -1, 5000, 100000, 0x7fffffff, (int)0x80000000 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		CHECK_ERROR(syscall(numbers[i], -1, -1, -1, -1, -1, -1), ENOSYS);
}

int main(void)
{
	static void *const bad[] = {
		(void *)1, (void *)0xfff, (void *)0xc0000000, (void *)0xc0100000,
		(void *)0xfffffff0, (void *)0xffffffff, (void *)0xbfffffff,
	};
	char *area = check_private(3);

	page = area + PAGE;
	CHECK_EQ(munmap(area, PAGE), 0);
	CHECK_EQ(munmap(area + 2 * PAGE, PAGE), 0);
	root = open("/", O_RDONLY | O_DIRECTORY);
	CHECK(root >= 0);
	CHECK_EQ(pipe(full), 0);
	CHECK_EQ(write(full[1], "a text that waits to be read", 28), 28);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]) - 1; i++)
		every_call(bad[i]);
	every_call(area);
	every_call(page + PAGE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		every_signal_call(bad[i]);
	every_signal_call(area);
	every_signal_call(page + PAGE);
	every_signal_call(page + PAGE - 2);
	CHECK_EQ(read(full[0], page, 100), 28);
	CHECK_EQ(memcmp(page, "a text that waits to be read", 28), 0);
	straddling();
	absurd_lengths();
	unknown_calls();
	return CHECK_OK();
}
