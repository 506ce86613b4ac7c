/*
 * flock - locks on whole files: when they are granted, when they block, and what releases them.
 */
#include "check.h"

#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>

enum { SYS_FLOCK = 143, SH = 1, EX = 2, NB = 4, UN = 8 };

static int flock(int fd, int operation)
{
	return syscall(SYS_FLOCK, fd, operation);
}

static int opened(void)
{
	int fd = open("flock.tmp", O_RDWR | O_CREAT, 0600);

	CHECK(fd >= 0);
	return fd;
}

static void shared_and_exclusive(void)
{
	int a = opened(), b = opened(), c = opened();

	CHECK_EQ(flock(a, SH), 0);
	CHECK_EQ(flock(b, SH | NB), 0);
	CHECK_ERROR(flock(c, EX | NB), EAGAIN);
	CHECK_EQ(flock(a, UN), 0);
	CHECK_ERROR(flock(c, EX | NB), EAGAIN);
	CHECK_EQ(flock(b, UN), 0);
	CHECK_EQ(flock(b, UN), 0);
	CHECK_EQ(flock(c, EX | NB), 0);
	CHECK_EQ(flock(c, EX | NB), 0);
	CHECK_ERROR(flock(a, SH | NB), EAGAIN);
	CHECK_EQ(flock(c, SH | NB), 0); /* the other kind, and now others may */
	CHECK_EQ(flock(a, SH | NB), 0);
	CHECK_ERROR(flock(c, EX | NB), EAGAIN);
	CHECK_EQ(flock(a, EX | NB), 0); /* the lock of c was released when it asked for the other kind */
	close(a);
	close(b);
	close(c);
}

static void errors(void)
{
	int fd = opened(), ends[2];

	CHECK_ERROR(flock(fd, 0), EINVAL);
	CHECK_ERROR(flock(fd, NB), EINVAL);
	CHECK_ERROR(flock(fd, SH | EX), EINVAL);
	CHECK_ERROR(flock(fd, 16 | EX), EINVAL);
	CHECK_ERROR(flock(-1, EX), EBADF);
	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(flock(ends[0], EX | NB), 0);
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

/* Duplicates of a descriptor are one holder, which holds the lock until the last of them is closed. */
static void copies(void)
{
	int a = opened(), b = opened(), copy = dup(a), status;
	pid_t child;

	CHECK_EQ(flock(a, EX), 0);
	CHECK_EQ(flock(copy, EX | NB), 0);
	close(a);
	CHECK_ERROR(flock(b, SH | NB), EAGAIN);
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		pause();
		_exit(0);
	}
	close(copy);
	CHECK_ERROR(flock(b, SH | NB), EAGAIN);
	CHECK_EQ(kill(child, SIGKILL), 0);
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(flock(b, SH | NB), 0);
	close(b);
}

/* Eight tasks increment the number in the file; the lock must exclude all others meanwhile. */
static void one_after_the_other(void)
{
	int number = 0, fd, status;

	fd = opened();
	CHECK_EQ(pwrite(fd, &number, sizeof(number), 0), sizeof(number));
	close(fd);
	for (int i = 0; i < 8; i++) {
		if (fork())
			continue;
		fd = opened();
		for (int n = 0; n < 50; n++) {
			CHECK_EQ(flock(fd, EX), 0);
			CHECK_EQ(pread(fd, &number, sizeof(number), 0), sizeof(number));
			sched_yield();
			number++;
			CHECK_EQ(pwrite(fd, &number, sizeof(number), 0), sizeof(number));
			CHECK_EQ(flock(fd, UN), 0);
		}
		_exit(0);
	}
	for (int i = 0; i < 8; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	fd = opened();
	CHECK_EQ(pread(fd, &number, sizeof(number), 0), sizeof(number));
	CHECK_EQ(number, 400);
	close(fd);
}

static void note(int number)
{
	(void)number;
}

static void interrupted(void)
{
	struct sigaction action = { .sa_handler = note };
	struct itimerval soon = { .it_interval = { 0, 20000 }, .it_value = { 0, 20000 } }, never = { { 0, 0 }, { 0, 0 } };
	int a = opened(), b = opened();

	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQ(flock(a, EX), 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
	CHECK_ERROR(flock(b, EX), EINTR);
	CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
	CHECK_EQ(flock(a, UN), 0);
	CHECK_EQ(flock(b, EX | NB), 0);
	close(a);
	close(b);
}

int main(void)
{
	shared_and_exclusive();
	errors();
	copies();
	one_after_the_other();
	interrupted();
	CHECK_EQ(unlink("flock.tmp"), 0);
	return CHECK_OK();
}
