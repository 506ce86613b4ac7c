/*
 * tasks.c - segments and the tasks that have them attached: fork, exec and exit.
 */
#include "tasks.h"

#include "sysv-shm.h"

static int to_child[2], to_parent[2];

static void tell(int fd)
{
	CHECK_EQ(write(fd, "x", 1), 1);
}

static void hear(int fd)
{
	char byte;

	CHECK_EQ(read(fd, &byte, 1), 1);
}

/* fork, with a pipe in each direction, so that the parent sees the end of a child that has died. */
static pid_t start(void)
{
	pid_t pid;

	CHECK_EQ(pipe(to_child), 0);
	CHECK_EQ(pipe(to_parent), 0);
	pid = fork();
	CHECK(pid >= 0);
	close(pid ? to_child[0] : to_child[1]);
	close(pid ? to_parent[1] : to_parent[0]);
	return pid;
}

static int end_of(pid_t pid)
{
	close(to_child[1]);
	close(to_parent[0]);
	return check_wait(pid);
}

static void child_execs(const char *self, int *p)
{
	char *const again[] = { (char *)self, "wait", NULL }, *const nothing[] = { NULL };

	CHECK_EQ(p[0], 0);
	p[0] = getpid();
	tell(to_parent[1]);
	hear(to_child[0]);
	dup2(to_child[0], 10);
	dup2(to_parent[1], 11);
	execve(self, again, nothing);
	_exit(1);
}

/* fork attaches once more, exec and exit detach; the parent sees the stores of its child. */
void test_tasks(const char *self)
{
	int id = make(2);
	int *p = attach(id);
	pid_t pid = start();

	if (pid == 0)
		child_execs(self, p);
	hear(to_parent[0]);
	CHECK_EQ(p[0], pid);
	CHECK_EQ(stat_of(id).nattch, 2);
	CHECK_EQ(stat_of(id).dtime, 0);
	tell(to_child[1]);
	hear(to_parent[0]);
	CHECK_EQ(stat_of(id).nattch, 1);
	CHECK_EQ(stat_of(id).lpid, pid);
	CHECK(stat_of(id).dtime != 0);
	tell(to_child[1]);
	CHECK_EQ(end_of(pid), 0);
	CHECK_EQ(shmdt(p), 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

/* A fork counts as an attach by the parent, an exit as a detach by the child: lpid is the pid of either. */
void test_last_task(void)
{
	int id = make(1);
	int *p = attach(id);
	pid_t pid = start();

	if (pid == 0) {
		CHECK_EQ(shmdt(p), 0);
		p = attach(id);
		tell(to_parent[1]);
		hear(to_child[0]);
		_exit(0);
	}
	hear(to_parent[0]);
	CHECK_EQ(stat_of(id).lpid, pid);
	CHECK_EQ(check_in_child(check_load, p), 0);
	CHECK(stat_of(id).lpid != (uint32_t)pid && stat_of(id).lpid != (uint32_t)getpid());
	tell(to_child[1]);
	CHECK_EQ(end_of(pid), 0);
	CHECK_EQ(stat_of(id).lpid, pid);
	pid = start();
	if (pid == 0) {
		hear(to_child[0]);
		_exit(0);
	}
	CHECK_EQ(stat_of(id).lpid, getpid());
	CHECK_EQ(stat_of(id).nattch, 2);
	tell(to_child[1]);
	CHECK_EQ(end_of(pid), 0);
	CHECK_EQ(stat_of(id).lpid, pid);
	CHECK_EQ(shmdt(p), 0);
	CHECK_EQ(stat_of(id).lpid, getpid());
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

/* The last task that has it attached is a child, and it is killed. */
void test_killed(void)
{
	int id = make(2);
	int *p = attach(id);
	pid_t pid = start();

	if (pid == 0) {
		tell(to_parent[1]);
		for (;;)
			pause();
	}
	hear(to_parent[0]);
	CHECK_EQ(shmdt(p), 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_EQ(stat_of(id).nattch, 1);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(end_of(pid), SIGKILL);
	CHECK_ERROR(shmctl(id, IPC_RMID, NULL), EINVAL);
}

/* After exec: reports that it runs, and ends when the parent says so. */
int wait_here(void)
{
	char byte;

	return write(11, "x", 1) == 1 && read(10, &byte, 1) == 1 ? 0 : 1;
}
