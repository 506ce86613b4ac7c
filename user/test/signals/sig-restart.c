/*
 * sig-restart - a signal with a handler arrives during a call that waits: -EINTR, or the call is restarted if the handler has
 * SA_RESTART and the call is restartable. A handler must never cut short a wait for memory.
 */
#include "check.h"

#include <futex.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

/* Shared with the child, which acts when a call has been restarted after the third signal. */
static volatile struct {
	int calls;	/* of the handler */
	int restarts;	/* the handler has SA_RESTART */
} *seen;
static int fd[2];

static void count(int signal)
{
	(void)signal;
	seen->calls++;
}

/* SIGALRM comes in 20 ms, and again each 20 ms, up to three times. */
static void count_three(int signal)
{
	(void)signal;
	if (++seen->calls == 3)
		setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL);
}

static void alarms(unsigned long flags)
{
	struct sigaction action = { .sa_handler = count_three, .sa_flags = flags };
	struct itimerval often = { { 0, 20000 }, { 0, 20000 } };

	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	seen->restarts = 0;
	seen->calls = 0;
	seen->restarts = flags == SA_RESTART;
	CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
}

static void no_alarms(void)
{
	CHECK_EQ(setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 0 }, { 0, 0 } }, NULL), 0);
}

/* Starts a child that calls f after the third signal to come once alarms(SA_RESTART) has been called. */
static pid_t later(void (*f)(void))
{
	pid_t pid;

	seen->restarts = 0;
	pid = fork();
	CHECK(pid >= 0);
	if (pid)
		return pid;
	signal(SIGALRM, SIG_IGN);
	while (!seen->restarts || seen->calls < 3)
		nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
	f();
	_exit(7);
}

static void nothing(void)
{
}

static void give_byte(void)
{
	CHECK_EQ(write(fd[1], "x", 1), 1);
}

static void take_all(void)
{
	static char room[65536];

	CHECK_EQ(read(fd[0], room, sizeof(room)), sizeof(room));
}

static void reading(void)
{
	char byte;

	alarms(0);
	CHECK_ERROR(read(fd[0], &byte, 1), EINTR);
	CHECK(seen->calls >= 1);	/* more, if the machine was slow to come here */
	no_alarms();
	later(give_byte);
	alarms(SA_RESTART);
	CHECK_EQ(read(fd[0], &byte, 1), 1);
	CHECK_EQ(byte, 'x');
	CHECK_EQ(seen->calls, 3);
	CHECK(wait(NULL) > 0);
}

static void writing(void)
{
	static char full[65536];

	CHECK_EQ(write(fd[1], full, sizeof(full)), sizeof(full));
	alarms(0);
	CHECK_ERROR(write(fd[1], full, 1), EINTR);
	no_alarms();
	later(take_all);
	alarms(SA_RESTART);
	CHECK_EQ(write(fd[1], "x", 1), 1);
	CHECK_EQ(seen->calls, 3);
	CHECK_EQ(read(fd[0], full, sizeof(full)), 1);
	CHECK(wait(NULL) > 0);
	/* If some bytes were written, their number is returned instead. */
	CHECK_EQ(write(fd[1], full, 60000), 60000);
	alarms(0);
	ssize_t some = write(fd[1], full, 10000);
	no_alarms();
	CHECK(some > 0 && some < 10000);
	CHECK_EQ(read(fd[0], full, 65536), 60000 + some);
}

static void waiting(void)
{
	pid_t pid = later(nothing);
	int status;

	alarms(0);
	CHECK_ERROR(waitpid(pid, &status, 0), EINTR);
	no_alarms();
	alarms(SA_RESTART);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(WEXITSTATUS(status), 7);
	CHECK_EQ(seen->calls, 3);
}

static long long ms_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/* A time in words of 32 bits or 64. */
union span {
	struct timespec narrow;
	long long wide[2];
};

static long sleep_plain(union span *time, union span *rest)
{
	return syscall(SYS_nanosleep, time, rest);
}

static long sleep_by_clock(union span *time, union span *rest)
{
	return syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, time, rest);
}

static long sleep_by_clock_wide(union span *time, union span *rest)
{
	return syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, time, rest);
}

/* A sleep is never restarted: it would last too long. */
static void sleeping(unsigned long flags, long (*call)(union span *time, union span *rest), bool wide)
{
	union span time = { .wide = { 0, 300000000 } }, rest = { .wide = { -1, -1 } };
	struct timespec left;
	long long before = ms_now();

	if (!wide)
		time.narrow = (struct timespec){ 0, 300000000 };
	alarms(flags);
	CHECK_ERROR(call(&time, &rest), EINTR);
	left = wide ? (struct timespec){ rest.wide[0], rest.wide[1] } : rest.narrow;
	CHECK_EQ(left.tv_sec, 0);
	CHECK(left.tv_nsec > 1000000 && left.tv_nsec < 295000000);
	CHECK(ms_now() - before >= 20);
	no_alarms();
	while (nanosleep(&left, &left) < 0)
		CHECK_EQ(errno, EINTR);
	CHECK(ms_now() - before >= 300);
}

/* With an absolute time no remaining time is returned. */
static void sleeping_until(unsigned long flags)
{
	struct timespec time, rest = { -1, -1 };

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec++;
	alarms(flags);
	CHECK_ERROR(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 1, &time, &rest), EINTR);
	no_alarms();
	CHECK_EQ(rest.tv_sec, -1);
	CHECK_EQ(rest.tv_nsec, -1);
}

static int *shared_word;

static void wake_word(void)
{
	while (syscall(SYS_futex, shared_word, 1, 1) == 0)
		nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
}

static void on_a_word(void)
{
	static int word = 1;
	struct timespec second = { 1, 0 };
	pid_t pid;

	shared_word = (int *)check_shared(1);

	alarms(0);
	CHECK_ERROR(syscall(SYS_futex, &word, 0, 1, NULL), EINTR);
	no_alarms();
	alarms(SA_RESTART);
	CHECK_ERROR(syscall(SYS_futex, &word, 0, 1, &second), EINTR);
	no_alarms();
	pid = later(wake_word);
	alarms(SA_RESTART);
	CHECK_EQ(syscall(SYS_futex, shared_word, 0, 0, NULL), 0);
	CHECK_EQ(seen->calls, 3);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

/* Calls of message queues are never restarted, whatever the handler's flags. */
static void for_messages(unsigned long flags)
{
	struct {
		long type;
		char text[4096];
	} message = { 1, "" };
	int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

	CHECK(queue >= 0);
	alarms(flags);
	CHECK_ERROR(msgrcv(queue, &message, sizeof(message.text), 0, 0), EINTR);
	no_alarms();
	while (msgsnd(queue, &message, sizeof(message.text), IPC_NOWAIT) == 0)
		continue;
	alarms(flags);
	CHECK_ERROR(msgsnd(queue, &message, sizeof(message.text), 0), EINTR);
	no_alarms();
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
}

static void for_anything(unsigned long flags)
{
	sigset_t none = { { 0 } };

	alarms(flags);
	CHECK_ERROR(pause(), EINTR);
	CHECK(seen->calls >= 1);
	alarms(flags);
	CHECK_ERROR(sigsuspend(&none), EINTR);
	CHECK(seen->calls >= 1);
	no_alarms();
}

/* The child's own end may be the signal that comes: the wait still returns it, and the handler has run. */
static void child_and_signal(void)
{
	struct sigaction action = { .sa_handler = count };
	int status;
	pid_t pid;

	CHECK_EQ(sigaction(SIGCHLD, &action, NULL), 0);
	for (int i = 0; i < 20; i++) {
		seen->calls = 0;
		pid = fork();
		if (pid == 0)
			_exit(i);
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		CHECK_EQ(WEXITSTATUS(status), i);
		CHECK_EQ(seen->calls, 1);
	}
	signal(SIGCHLD, SIG_DFL);
}

/* Copies from memory that is not present yet, under many signals. */
static void memory_is_waited_for(void)
{
	struct sigaction action = { .sa_handler = count };
	struct itimerval hail = { { 0, 1000 }, { 0, 1000 } };
	int file = memfd_create("hail", 0);
	char *area = check_private(256);

	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &hail, NULL), 0);
	for (int i = 0; i < 200; i++) {
		CHECK_EQ(pwrite(file, area, 256 * PAGE, 0), 256 * PAGE);
		CHECK_EQ(pread(file, area, 256 * PAGE, 0), 256 * PAGE);
		if (i % 8 == 0)
			CHECK_EQ(madvise(area, 256 * PAGE, 4), 0);
		if (seen->calls > 20 && i > 20)
			break;
	}
	no_alarms();
	CHECK(seen->calls > 0);
	close(file);
}

int main(void)
{
	seen = (void *)check_shared(1);
	CHECK_EQ(pipe(fd), 0);
	reading();
	writing();
	waiting();
	sleeping(0, sleep_plain, false);
	sleeping(SA_RESTART, sleep_plain, false);
	sleeping(SA_RESTART, sleep_by_clock, false);
	sleeping(SA_RESTART, sleep_by_clock_wide, true);
	sleeping_until(SA_RESTART);
	on_a_word();
	for_messages(0);
	for_messages(SA_RESTART);
	for_anything(0);
	for_anything(SA_RESTART);
	child_and_signal();
	memory_is_waited_for();
	return CHECK_OK();
}
