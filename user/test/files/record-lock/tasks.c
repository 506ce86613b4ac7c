/*
 * tasks.c - locks of two tasks: refusing, waiting, release at the end, deadlock, interruption.
 */
#include "record-lock.h"

#include "task.h"

static void refused(void *unused)
{
	int other = opened(O_RDWR);

	(void)unused;
	CHECK_ERROR(ask(other, SET, READ, 0, 1), EAGAIN);
	CHECK_ERROR(ask(other, SET, WRITE, 5, 1), EAGAIN);
	CHECK_EQ(ask(other, SET, READ, 5, 1), 0);
	CHECK_ERROR(ask(fd, SET, WRITE, 0, 10), EAGAIN); /* the descriptor was inherited by fork, the locks were not */
}

/* Locks are released by the close of any descriptor of the file, dup2 over one, the task's end; not by exec or fork. */
void test_ends(char *program)
{
	char *const argv[] = { program, (char *)"5", NULL };
	int other, ends[2];
	char byte;
	pid_t child;

	LOCK(WRITE, 0, 1);
	LOCK(READ, 5, 1);
	CHECK_EQ(check_in_child(refused, NULL), 0);
	CHECK_LOCKS("w....r");
	other = open("record.tmp", PLACE);
	CHECK(other >= 0);
	close(other);
	CHECK_LOCKS("w....r");
	close(opened(O_RDONLY));
	CHECK_LOCKS("......");
	LOCK(WRITE, 0, 2);
	other = dup(fd);
	CHECK_EQ(dup2(STDIN_FILENO, other), other);
	CHECK_LOCKS("......");
	CHECK_EQ(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		LOCK(WRITE, 3, 2);
		dup2(ends[1], 1);
		execve(program, argv, argv + 2);
		_exit(1);
	}
	CHECK_EQ(read(ends[0], &byte, 1), 1); /* it has executed the program, and waits for a signal */
	CHECK_ERROR(ask(fd, SET, WRITE, 4, 1), EAGAIN);
	CHECK_EQ(kill(child, SIGKILL), 0);
	CHECK_EQ(check_wait(child), SIGKILL);
	CHECK_EQ(ask(fd, SET, WRITE, 4, 1), 0);
	LOCK(FREE, 0, 0);
	close(other);
	close(ends[0]);
	close(ends[1]);
}

/* Child N locks START, waits for WAIT_AT and keeps both until ready[13] is set. */
static pid_t holder(int n, int type, int start, int wait_at)
{
	pid_t child;

	ready[n] = 0;
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		if (type != FREE)
			LOCK(type, start, 1);
		ready[n] = 1;
		CHECK_EQ(ask(fd, SET_WAIT, WRITE, wait_at, 1), 0);
		ready[n] = ++ready[15] + 10; /* whose turn it was */
		while (!ready[13])
			sched_yield();
		_exit(0);
	}
	task_until_asleep(child, &ready[n]);
	return child;
}

static void end_children(int n)
{
	int status;

	for (int i = 0; i < n; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
}

/* Waiters get the lock in order, and before they run: no task overtakes them. (On Linux one may.) */
void test_order(void)
{
	ready[13] = ready[15] = 0;
	LOCK(WRITE, 0, 1);
	for (int i = 0; i < 3; i++)
		holder(i, FREE, 0, 0);
	LOCK(FREE, 0, 1);
	if (check_counter("zero_fill") != PROC_ABSENT)
		CHECK_ERROR(ask(fd, SET, WRITE, 0, 1), EAGAIN);
	ready[13] = 1;
	end_children(3);
	CHECK_EQ(ready[0] * 10000 + ready[1] * 100 + ready[2], 111213);
}

/* 1 waits for 2, 2 for 3, and 3 would wait for 1. */
void test_deadlock(void)
{
	pid_t first;

	ready[15] = 0;
	LOCK(READ, 2, 1);
	first = holder(0, READ, 3, 2); /* holds 3, waits for 2, which this task has */
	CHECK(first > 0);
	CHECK_ERROR(ask(fd, SET_WAIT, WRITE, 3, 1), DEADLOCK);
	holder(1, READ, 4, 3);
	CHECK_ERROR(ask(fd, SET_WAIT, WRITE, 4, 1), DEADLOCK);
	CHECK_ERROR(ask(fd, SET, WRITE, 4, 1), EAGAIN);
	CHECK_EQ(kill(first, SIGKILL), 0);
	CHECK_EQ(waitpid(first, NULL, 0), first);
	end_children(1);
	LOCK(FREE, 0, 0);
}

static void note(int number)
{
	(void)number;
	ready[14]++;
}

static void interrupted(void *flags)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = *(int *)flags };

	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	ready[0] = 1;
	CHECK_ERROR(ask(fd, SET_WAIT, WRITE, 0, 1), EINTR);
	CHECK_ERROR(ask(fd, SET, WRITE, 0, 1), EAGAIN);
}

static void restarted(void *flags)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = *(int *)flags };

	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	ready[0] = 1;
	CHECK_EQ(ask(fd, SET_WAIT, WRITE, 0, 1), 0);
}

static void test_signal(void (*f)(void *), int flags)
{
	pid_t child;

	LOCK(WRITE, 0, 1);
	ready[0] = ready[14] = 0;
	child = fork();
	if (child == 0) {
		f(&flags);
		_exit(0);
	}
	task_until_asleep(child, &ready[0]);
	CHECK_EQ(kill(child, SIGUSR1), 0);
	while (!ready[14])
		sched_yield();
	if (f == interrupted)
		end_children(1);
	LOCK(FREE, 0, 1);
	if (f == restarted)
		end_children(1);
}

void test_signals(void)
{
	test_signal(interrupted, 0);
	test_signal(restarted, SA_RESTART);
}
