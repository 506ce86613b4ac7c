/*
 * prctl - settings of a task are stored, inherited and obeyed: a signal when the parent ends, orphans reparented to another task
 * than the first program; and kill of all tasks.
 */
#include "check.h"

#include <sys/syscall.h>
#include <time.h>

enum { PRCTL = 172 };
enum { SET_DEATH_SIGNAL = 1, GET_DEATH_SIGNAL, GET_DUMPABLE, SET_DUMPABLE, SET_NAME = 15, GET_NAME, CAPBSET_READ = 23 };
enum { SET_SUBREAPER = 36, GET_SUBREAPER, SET_NO_NEW_PRIVILEGES, GET_NO_NEW_PRIVILEGES };

#define prctl(what, value) syscall(PRCTL, what, value, 0, 0, 0)

static void names(void)
{
	char name[16], line[80];

	CHECK_EQ(prctl(SET_NAME, "a name of more than fifteen bytes"), 0);
	CHECK_EQ(prctl(GET_NAME, name), 0);
	CHECK_EQ(strcmp(name, "a name of more "), 0);
	CHECK(proc_text("/proc/self/comm", line, sizeof(line)) > 0);
	CHECK_EQ(strcmp(line, "a name of more \n"), 0);
	CHECK_ERROR(prctl(SET_NAME, 16), EFAULT);
	CHECK_ERROR(prctl(9999, 0), EINVAL);
}

static void has_privileges(void *wanted)
{
	CHECK_EQ(prctl(GET_NO_NEW_PRIVILEGES, 0), *(int *)wanted);
	CHECK_EQ(prctl(GET_DUMPABLE, 0), 0);
}

static void flags(void *unused)
{
	int one = 1;

	(void)unused;
	CHECK_EQ(prctl(GET_DUMPABLE, 0), 1);
	CHECK_EQ(prctl(SET_DUMPABLE, 0), 0);
	CHECK_ERROR(prctl(SET_DUMPABLE, 7), EINVAL);
	CHECK_EQ(prctl(GET_NO_NEW_PRIVILEGES, 0), 0);
	CHECK_ERROR(prctl(SET_NO_NEW_PRIVILEGES, 0), EINVAL);
	CHECK_EQ(prctl(SET_NO_NEW_PRIVILEGES, 1), 0);
	CHECK_EQ(check_in_child(has_privileges, &one), 0);
	CHECK_EQ(prctl(CAPBSET_READ, 0), 1);
	CHECK_ERROR(prctl(CAPBSET_READ, 999), EINVAL);
}

/* A child whose parent ends gets the signal that it asked for; its own child does not. */
static void death_signal(void)
{
	int signal = -1, status;
	int gate[2];
	char c;

	CHECK_EQ(pipe(gate), 0);
	if (fork() == 0) {
		if (fork() == 0) {
			CHECK_ERROR(prctl(SET_DEATH_SIGNAL, 999), EINVAL);
			CHECK_EQ(prctl(SET_DEATH_SIGNAL, SIGKILL), 0);
			CHECK_EQ(prctl(GET_DEATH_SIGNAL, &signal), 0);
			CHECK_EQ(signal, SIGKILL);
			CHECK_EQ(write(gate[1], "r", 1), 1);
			for (;;)
				pause();
		}
		CHECK_EQ(read(gate[0], &c, 1), 1);
		_exit(0);
	}
	close(gate[1]);
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(read(gate[0], &c, 1), 0); /* no other task has the other end open */
	close(gate[0]);
}

/* An orphan is reparented to the nearest ancestor that is a subreaper, which is informed of its end. */
static void subreaper(void)
{
	int set = -1, status;
	pid_t child;

	CHECK_EQ(prctl(GET_SUBREAPER, &set), 0);
	CHECK_EQ(set, 0);
	CHECK_EQ(prctl(SET_SUBREAPER, 1), 0);
	child = fork();
	if (!child) {
		pid_t parent = getpid();

		if (fork() == 0) {
			while (getppid() == parent)
				nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
			_exit(9);
		}
		_exit(0);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 9 << 8);
	CHECK_ERROR(wait(&status), ECHILD);
	CHECK_EQ(prctl(SET_SUBREAPER, 0), 0);
}

/* Only without other tasks: kill reaches all but the first program and the caller. */
static void everybody(void)
{
	pid_t child = fork();

	if (!child)
		for (;;)
			pause();
	CHECK_EQ(kill(-1, 0), 0);
	CHECK_EQ(kill(-1, SIGTERM), 0);
	CHECK_EQ(check_wait(child), SIGTERM);
	CHECK_ERROR(kill(-1, 99), EINVAL);
}

int main(void)
{
	names();
	CHECK_EQ(check_in_child(flags, NULL), 0);
	death_signal();
	subreaper();
	if (check_counter("syscalls") != PROC_ABSENT)
		everybody();
	return CHECK_OK();
}
