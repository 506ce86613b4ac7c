/*
 * calls.c - the system calls as C functions: tasks, memory, terminal and machine. A line each, for
 * syscall() does the work.
 *
 * Source: the Linux manual, section 2.
 */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

int errno;

/* Tasks */

void _exit(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}

pid_t fork(void)
{
	return syscall(SYS_fork);
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	return syscall(SYS_execve, path, argv, envp);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return syscall(SYS_waitpid, pid, status, options);
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return syscall(SYS_wait4, pid, status, options, usage);
}

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}

pid_t getpid(void)
{
	return syscall(SYS_getpid);
}

pid_t getppid(void)
{
	return syscall(SYS_getppid);
}

int setpgid(pid_t pid, pid_t group)
{
	return syscall(SYS_setpgid, pid, group);
}

pid_t getpgrp(void)
{
	return syscall(SYS_getpgrp);
}

int sched_yield(void)
{
	return syscall(SYS_sched_yield);
}

int nanosleep(const struct timespec *time, struct timespec *rest)
{
	return syscall(SYS_nanosleep, time, rest);
}

unsigned int sleep(unsigned int seconds)
{
	struct timespec time = { seconds, 0 }, rest = { 0, 0 };

	return nanosleep(&time, &rest) < 0 ? rest.tv_sec : 0;
}

int clock_gettime(int clock, struct timespec *now)
{
	return syscall(SYS_clock_gettime, clock, now);
}

int getrlimit(int what, struct rlimit *limit)
{
	return syscall(SYS_ugetrlimit, what, limit);
}

int setrlimit(int what, const struct rlimit *limit)
{
	return syscall(SYS_setrlimit, what, limit);
}

int getrusage(int who, struct rusage *usage)
{
	return syscall(SYS_getrusage, who, usage);
}

/* Memory */

static char *current_break;

/*
 * The kernel's brk returns no error: it returns the current break, which is the old one if the change
 * failed.
 */
int brk(void *end)
{
	current_break = (char *)syscall(SYS_brk, end);
	if (current_break == end)
		return 0;
	errno = ENOMEM;
	return -1;
}

void *sbrk(intptr_t change)
{
	char *old;

	if (!current_break)
		brk(NULL);
	old = current_break;
	if (change == 0)
		return old;
	/* A sum that wraps around would request a break on the wrong side of the old one. */
	if ((change > 0) != ((uintptr_t)old + change > (uintptr_t)old)) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return brk(old + change) < 0 ? (void *)-1 : old;
}

void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset)
{
	/* mmap2 takes the offset in pages. */
	if (offset & 4095) {
		errno = EINVAL;
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap2, address, length, prot, flags, fd,
			       (unsigned long)offset >> 12);
}

int munmap(void *address, size_t length)
{
	return syscall(SYS_munmap, address, length);
}

int mprotect(void *address, size_t length, int prot)
{
	return syscall(SYS_mprotect, address, length, prot);
}

int msync(void *address, size_t length, int flags)
{
	return syscall(SYS_msync, address, length, flags);
}

int mlock(const void *address, size_t length)
{
	return syscall(SYS_mlock, address, length);
}

int munlock(const void *address, size_t length)
{
	return syscall(SYS_munlock, address, length);
}

int mincore(void *address, size_t length, unsigned char *resident)
{
	return syscall(SYS_mincore, address, length, resident);
}

void *mremap(void *address, size_t length, size_t new_length, int flags, ...)
{
	va_list args;
	void *to;

	va_start(args, flags);
	to = flags & MREMAP_FIXED ? va_arg(args, void *) : NULL;
	va_end(args);
	return (void *)syscall(SYS_mremap, address, length, new_length, flags, to);
}

int mlock2(const void *address, size_t length, int flags)
{
	return syscall(SYS_mlock2, address, length, flags);
}

int mlockall(int flags)
{
	return syscall(SYS_mlockall, flags);
}

int munlockall(void)
{
	return syscall(SYS_munlockall);
}

int memfd_create(const char *name, unsigned int flags)
{
	return syscall(SYS_memfd_create, name, flags);
}

int madvise(void *address, size_t length, int advice)
{
	return syscall(SYS_madvise, address, length, advice);
}

/* Terminal and machine */

int ioctl(int fd, unsigned long request, void *argument)
{
	return syscall(SYS_ioctl, fd, request, argument);
}

int tcgetattr(int fd, struct termios *mode)
{
	return ioctl(fd, TCGETS, mode);
}

int tcsetattr(int fd, int when, const struct termios *mode)
{
	return ioctl(fd, TCSETS + when, (void *)mode);
}

int isatty(int fd)
{
	struct termios mode;

	return tcgetattr(fd, &mode) == 0;
}

int tcsetpgrp(int fd, pid_t group)
{
	return ioctl(fd, TIOCSPGRP, &group);
}

pid_t tcgetpgrp(int fd)
{
	pid_t group;

	return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

void sync(void)
{
	syscall(SYS_sync);
}

int uname(struct utsname *to)
{
	return syscall(SYS_uname, to);
}

int sysinfo(struct sysinfo *info)
{
	return syscall(SYS_sysinfo, info);
}

/* The kernel requires two magic numbers, so that no stray call stops the machine. */
int reboot(int command)
{
	return syscall(SYS_reboot, 0xfee1dead, 672274793, command);
}
