/*
 * job-calls - a task is stopped in the middle of a call and continued: the call continues too, for the time that was left, as if
 * nothing had happened. Only sigtimedwait is interrupted. A stopped task reads nothing from a pipe.
 */
#include "job.h"

#include <sys/msg.h>

enum { MS = 1000000, WHOLE = 500 };

static int fd[2];
static int *word;		/* shared */

static void sleeping(void *unused)
{
	(void)unused;
	CHECK_EQ(nanosleep(&(struct timespec){ 0, WHOLE * MS }, NULL), 0);
}

static void sleeping_by_clock(void *unused)
{
	(void)unused;
	CHECK_EQ(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &(struct timespec){ 0, WHOLE * MS }, NULL), 0);
}

static void sleeping_until(void *unused)
{
	struct timespec time;

	(void)unused;
	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_nsec += WHOLE * MS;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	CHECK_EQ(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 1, &time, NULL), 0);
}

static void polling(void *unused)
{
	struct {
		int fd;
		short events, revents;
	} wanted = { fd[0], 1, 0 };

	(void)unused;
	CHECK_EQ(syscall(SYS_poll, &wanted, 1, WHOLE), 0);
}

static void selecting(void *unused)
{
	struct { long sec, usec; } time = { 0, WHOLE * 1000 };
	unsigned long set[32] = { 1ul << fd[0] };

	(void)unused;
	CHECK_EQ(syscall(SYS__newselect, fd[0] + 1, set, NULL, NULL, &time), 0);
}

static void on_a_word(void *unused)
{
	(void)unused;
	CHECK_ERROR(syscall(SYS_futex, word, 0, 0, &(struct timespec){ 0, WHOLE * MS }), ETIMEDOUT);
}

static void until_it_waits(pid_t pid)
{
	while (task_state(pid) != 'S' && task_state(pid) != 'Z')
		job_nap(1);
}

/* => was it stopped? Otherwise its time was over, and it had ended */
static bool stopped_in_time(pid_t pid, int signal)
{
	int status;

	CHECK_EQ(kill(pid, signal), 0);
	status = job_wait(pid, WUNTRACED);
	if (WIFSTOPPED(status))
		return true;
	CHECK_EQ(status, 0);
	return false;
}

/* Stopped twice, it ends neither too early nor with an error. */
static void timed(void (*call)(void *))
{
	long long begin = job_ms();
	pid_t pid = job_start(call, NULL);
	bool ended = false;

	until_it_waits(pid);
	for (int i = 0; i < 2 && !ended; i++) {
		ended = !stopped_in_time(pid, i ? SIGSTOP : SIGTSTP);
		if (!ended)
			CHECK_EQ(kill(pid, SIGCONT), 0);
	}
	if (!ended)
		CHECK_EQ(job_wait(pid, 0), 0);
	CHECK(job_ms() - begin >= WHOLE);
}

/* Time passes while it is stopped, too; then no time is left to wait. */
static void time_passes(void (*call)(void *))
{
	pid_t pid = job_start(call, NULL);

	until_it_waits(pid);
	if (!stopped_in_time(pid, SIGSTOP))
		return;
	job_nap(WHOLE + 20);
	CHECK_EQ(task_state(pid), 'T');
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	JOB_CHECK_END(pid, 0);
}

static void reading(void *unused)
{
	char byte;

	(void)unused;
	CHECK_EQ(read(fd[0], &byte, 1), 1);
	CHECK_EQ(byte, 'b');
}

static void from_a_pipe(void)
{
	pid_t pid = job_start(reading, NULL);
	char byte;

	job_until(pid, 'S');
	job_stop(pid, SIGSTOP);
	CHECK_EQ(write(fd[1], "a", 1), 1);
	CHECK_EQ(read(fd[0], &byte, 1), 1);	/* read by us: a stopped task does not read */
	CHECK_EQ(byte, 'a');
	job_continue(pid);
	job_until(pid, 'S');
	CHECK_EQ(write(fd[1], "b", 1), 1);
	CHECK_EQ(job_wait(pid, 0), 0);
}

static void writing(void *unused)
{
	(void)unused;
	CHECK_EQ(write(fd[1], "y", 1), 1);
}

static void into_a_pipe(void)
{
	static char full[65536];
	pid_t pid;

	CHECK_EQ(write(fd[1], full, sizeof(full)), sizeof(full));
	pid = job_start(writing, NULL);
	job_until(pid, 'S');
	job_stop(pid, SIGTSTP);
	CHECK_EQ(read(fd[0], full, sizeof(full)), sizeof(full));
	CHECK_EQ(task_state(pid), 'T');
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(read(fd[0], full, 1), 1);
	CHECK_EQ(full[0], 'y');
	CHECK_EQ(job_wait(pid, 0), 0);
}

static void waiting_for_a_word(void *unused)
{
	(void)unused;
	if (syscall(SYS_futex, word, 0, 0, NULL) < 0)
		CHECK_EQ(errno, EAGAIN);	/* the word had changed by the time it was continued */
}

static void waiting_long_for_a_word(void *unused)
{
	(void)unused;
	if (syscall(SYS_futex, word, 0, 0, &(struct timespec){ 100, 0 }) < 0)
		CHECK_EQ(errno, EAGAIN);
}

/* While it is stopped it consumes no wake-up meant for another task. */
static void for_a_word(void (*call)(void *))
{
	pid_t pid = job_start(call, NULL);

	job_until(pid, 'S');
	job_stop(pid, SIGSTOP);
	CHECK_EQ(syscall(SYS_futex, word, 1, 1), 0);
	job_continue(pid);
	job_until(pid, 'S');
	*word = 1;
	syscall(SYS_futex, word, 1, 1);
	CHECK_EQ(job_wait(pid, 0), 0);
	*word = 0;
}

struct message {
	long type;
	char text[8];
};

static void receiving(void *queue)
{
	struct message m;

	CHECK_EQ(msgrcv((int)queue, &m, sizeof(m.text), 0, 0), 3);
}

static void for_messages(void)
{
	struct message m = { 1, "abc" };
	int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	pid_t pid = job_start(receiving, (void *)queue);

	job_until(pid, 'S');
	job_stop(pid, SIGSTOP);
	job_continue(pid);
	CHECK_EQ(msgsnd(queue, &m, 3, 0), 0);
	CHECK_EQ(job_wait(pid, 0), 0);
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
}

static void waiting(void *unused)
{
	pid_t pid = fork();
	char byte;

	(void)unused;
	if (pid == 0)
		_exit(read(fd[0], &byte, 1) == 1 ? 5 : 6);
	CHECK_EQ(job_wait(pid, 0), 5 << 8);
}

static void for_a_child(void)
{
	pid_t pid = job_start(waiting, NULL);

	job_until(pid, 'S');
	job_stop(pid, SIGSTOP);			/* only the child is continued */
	CHECK_EQ(write(fd[1], "z", 1), 1);
	JOB_CHECK_END(pid, 0);
}

static void pausing(void *unused)
{
	(void)unused;
	pause();
}

static void suspended(void *unused)
{
	sigset_t none = { { 0 } };

	(void)unused;
	sigsuspend(&none);
}

/* A wait for signals does not end with a stop. */
static void for_signals(void (*call)(void *))
{
	pid_t pid = job_start(call, NULL);

	job_until(pid, 'S');
	job_stop(pid, SIGTTOU);
	job_continue(pid);
	job_until(pid, 'S');
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	job_kill(pid);
}

static void awaiting(void *unused)
{
	sigset_t set = { { 0 } };

	(void)unused;
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	CHECK_ERROR(sigtimedwait(&set, NULL, NULL), EINTR);
}

static void is_interrupted(void)
{
	pid_t pid = job_start(awaiting, NULL);

	job_until(pid, 'S');
	job_stop(pid, SIGSTOP);
	JOB_CHECK_END(pid, 0);
}

static void nothing(int signal)
{
	(void)signal;
}

/* A handler that runs when it is continued does interrupt. */
static void with_handler(void *unused)
{
	(void)unused;
	signal(SIGCONT, nothing);
	CHECK_ERROR(nanosleep(&(struct timespec){ 9, 0 }, NULL), EINTR);
}

static void a_handler_interrupts(void)
{
	pid_t pid = job_start(with_handler, NULL);

	job_until(pid, 'S');
	job_stop(pid, SIGSTOP);
	JOB_CHECK_END(pid, 0);
}

int main(void)
{
	static void (*const all[])(void *) = {
		sleeping, sleeping_by_clock, sleeping_until, polling, selecting, on_a_word,
	};

	word = (int *)check_shared(1);
	CHECK_EQ(pipe(fd), 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		timed(all[i]);
	time_passes(sleeping);
	time_passes(polling);
	time_passes(on_a_word);
	from_a_pipe();
	into_a_pipe();
	for_a_word(waiting_for_a_word);
	for_a_word(waiting_long_for_a_word);
	for_messages();
	for_a_child();
	for_signals(pausing);
	for_signals(suspended);
	is_interrupted();
	a_handler_interrupts();
	return CHECK_OK();
}
