/*
 * wait - the end of a child is reported once, to its parent, with Linux's status.
 */
#include "check.h"

#include <sys/resource.h>
#include <time.h>

static pid_t exits(int status)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(status);
	CHECK(pid > 0);
	return pid;
}

static pid_t sleeps(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			sleep(1000);
	CHECK(pid > 0);
	return pid;
}

static void statuses(void)
{
	static const int values[] = { 0, 1, 127, 128, 255, 256, 0x1234, -1 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		pid_t pid = exits(values[i]);

		CHECK_EQ(check_wait(pid), (values[i] & 0xff) << 8);
	}
}

static void signals(void)
{
	static const int values[] = { SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGPIPE };
	int status;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		pid_t pid = sleeps();

		CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
		CHECK_EQ(kill(pid, values[i]), 0);
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		CHECK_EQ(status & 0x7f, values[i]);
		CHECK_ERROR(kill(pid, 0), ESRCH);
	}
}

static void which(void)
{
	pid_t first = exits(1), second = exits(2);
	struct rusage usage;
	int status;

	CHECK_EQ(wait4(second, &status, 0, &usage), second);
	CHECK_EQ(status, 2 << 8);
	CHECK_ERROR(waitpid(second, &status, 0), ECHILD);
	CHECK_EQ(waitpid(-1, NULL, 0), first);
	CHECK_ERROR(waitpid(-1, &status, 0), ECHILD);
	CHECK_ERROR(waitpid(-1, &status, WNOHANG), ECHILD);
	CHECK_ERROR(waitpid(getpid(), &status, 0), ECHILD);
	CHECK_ERROR(waitpid(-1, &status, 0x100), EINVAL);
	first = exits(3);
	CHECK_ERROR(waitpid(first, (int *)0xc0000000, 0), EFAULT);
}

/* A child whose parent has ended is reparented, and does not notice. */
static void orphans(void)
{
	int fd[2], status;
	pid_t pid, child, parents[2];

	CHECK_EQ(pipe(fd), 0);
	child = fork();
	if (child == 0) {
		pid = fork();
		if (pid != 0)
			_exit(0);
		parents[0] = getppid();
		for (int i = 0; i < 1000 && getppid() == parents[0]; i++)
			nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
		parents[1] = getppid();
		CHECK_EQ(write(fd[1], parents, sizeof(parents)), sizeof(parents));
		_exit(0);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(read(fd[0], parents, sizeof(parents)), sizeof(parents));
	CHECK(parents[1] != child && parents[1] > 0);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	statuses();
	signals();
	which();
	orphans();
	return CHECK_OK();
}
