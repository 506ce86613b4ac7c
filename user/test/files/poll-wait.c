/*
 * poll-wait - poll and select: what they report of a file, that they sleep until it changes and no longer, that nothing else
 * wakes them, and what signals do to them. poll-wait [ROUNDS]: how often two tasks wait for each other.
 */
#include "task.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { NEWSELECT = 142, POLL = 168, PSELECT6 = 308, PPOLL = 309 };
enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 0x10, POLLNVAL = 0x20, NO_FD = 50 };

struct pollfd {
	int fd;
	short events, revents;
};

static int poll(struct pollfd *p, unsigned n, int ms)
{
	return syscall(POLL, p, n, ms);
}

/* => what poll reports of FD without waiting, asked for all events */
static int bits(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0x7000 };
	int found = poll(&p, 1, 0);

	CHECK_EQ(found, p.revents != 0);
	return p.revents;
}

static void put(int fd)
{
	CHECK_EQ(write(fd, "x", 1), 1);
}

static void take(int fd)
{
	char byte;

	CHECK_EQ(read(fd, &byte, 1), 1);
}

static void make_pipe(int ends[2])
{
	CHECK_EQ(pipe(ends), 0);
}

static void test_bits(void)
{
	static char page[PAGE];
	int ends[2], file;

	make_pipe(ends);
	CHECK_EQ(bits(ends[0]), 0);
	CHECK_EQ(bits(ends[1]), POLLOUT);
	put(ends[1]);
	CHECK_EQ(bits(ends[0]), POLLIN);
	for (int i = 0; i < 15; i++)
		CHECK_EQ(write(ends[1], page, PAGE), PAGE);
	CHECK_EQ(bits(ends[1]), 0);
	close(ends[1]);
	CHECK_EQ(bits(ends[0]), POLLIN | POLLHUP);
	close(ends[0]);
	make_pipe(ends);
	close(ends[1]);
	CHECK_EQ(bits(ends[0]), POLLHUP);
	close(ends[0]);
	make_pipe(ends);
	close(ends[0]);
	CHECK_EQ(bits(ends[1]), POLLOUT | POLLERR);
	close(ends[1]);
	CHECK_EQ(bits(NO_FD), POLLNVAL);
	CHECK_EQ(bits(-1), 0);
	file = open("/dev/zero", O_RDONLY);
	CHECK_EQ(bits(file), POLLIN | POLLOUT);
	close(file);
}

static void test_refused(void)
{
	struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 };
	unsigned long set = 1ul << 20 | 1, none[2] = { 0 };

	CHECK_ERROR(poll(NULL, 0x7FFFFFFF, 0), EINVAL);
	CHECK_ERROR(poll((void *)8, 1, 0), EFAULT);
	CHECK_EQ(poll(NULL, 0, 1), 0);
	CHECK_ERROR(syscall(PPOLL, NULL, 0, &bad, NULL, 8), EINVAL);
	CHECK_ERROR(syscall(PPOLL, NULL, 0, &negative, NULL, 8), EINVAL);
	CHECK_ERROR(syscall(PPOLL, NULL, 0, NULL, none, 4), EINVAL);
	CHECK_ERROR(syscall(NEWSELECT, -1, NULL, NULL, NULL, NULL), EINVAL);
	CHECK_ERROR(syscall(NEWSELECT, 21, &set, NULL, NULL, NULL), EBADF);
	CHECK_ERROR(syscall(NEWSELECT, 1, (void *)8, NULL, NULL, NULL), EFAULT);
	CHECK_ERROR(syscall(NEWSELECT, 0, NULL, NULL, NULL, &negative), EINVAL);
	CHECK_ERROR(syscall(PSELECT6, 0, NULL, NULL, NULL, &bad, NULL), EINVAL);
	CHECK_ERROR(syscall(PSELECT6, 0, NULL, NULL, NULL, NULL, 8), EFAULT);
	CHECK_ERROR(syscall(PSELECT6, 0, NULL, NULL, NULL, NULL, ((void *[]){ none, (void *)4 })), EINVAL);
}

static void test_select(void)
{
	struct timespec second = { 3, 5000 };
	struct timeval left = { 2, 0 };
	unsigned long to_read, to_write;
	int full[2], empty[2];

	make_pipe(full);
	make_pipe(empty);
	put(full[1]);
	to_read = 1ul << full[0] | 1ul << empty[0];
	to_write = 1ul << full[1];
	CHECK_EQ(syscall(NEWSELECT, 32, &to_read, &to_write, NULL, &left), 2);
	CHECK_EQ(to_read, 1ul << full[0]);
	CHECK_EQ(to_write, 1ul << full[1]);
	CHECK(left.tv_sec == 1 && left.tv_usec > 0);
	to_read = 1ul << empty[0];
	left = (struct timeval){ 0, 1000 };
	CHECK_EQ(syscall(NEWSELECT, 32, &to_read, NULL, NULL, &left), 0);
	CHECK(to_read == 0 && left.tv_sec == 0 && left.tv_usec == 0);
	to_read = 1ul << full[0];
	left = (struct timeval){ 1, 3500000 };		/* four seconds and a half */
	CHECK_EQ(syscall(NEWSELECT, 32, &to_read, NULL, NULL, &left), 1);
	CHECK(left.tv_sec == 4 && left.tv_usec <= 500000);
	CHECK_EQ(syscall(PSELECT6, 32, &to_read, NULL, NULL, &second, NULL), 1);
	CHECK(second.tv_sec == 3 || (second.tv_sec == 2 && second.tv_nsec > 0));
	/* When all writers have closed, a read would not block; when all readers have, a write. */
	close(empty[1]);
	to_read = 1ul << empty[0];
	CHECK_EQ(syscall(NEWSELECT, 32, &to_read, NULL, NULL, NULL), 1);
	close(full[0]);
	to_write = 1ul << full[1];
	CHECK_EQ(syscall(NEWSELECT, 32, NULL, &to_write, NULL, NULL), 1);
	close(full[1]);
	close(empty[0]);
}

/* --- sleeping ------------------------------------------------------------------------------------------------------ */

static long long sleeps_of(pid_t pid)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return proc_number(path, "voluntary_ctxt_switches");
}

static void rest(void)
{
	struct timespec t = { 0, 20000000 };

	nanosleep(&t, NULL);
}

/* Starts a child that polls FD for EVENTS, with another pipe beside it, and exits with the result. */
static pid_t start_poller(int fd, int events, const int beside[2], int close_first)
{
	struct pollfd p[] = { { beside[0], POLLIN, 0 }, { fd, events, 0 }, { -1, POLLIN, 0 }, { fd, events, 0 } };
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		close(close_first);
		_exit(poll(p, 4, -1) == 2 && p[1].revents == p[3].revents ? p[1].revents : 255);
	}
	while (task_state(pid) != 'S')
		rest();
	return pid;
}

/* It sleeps once, however long, whatever happens in other pipes, until CHANGE. */
static void check_poller(int fd, int events, int other, void (*change)(int fd), int change_fd, int found)
{
	int beside[2], elsewhere[2];
	long long before;
	pid_t pid;

	make_pipe(beside);
	make_pipe(elsewhere);
	pid = start_poller(fd, events, beside, other);
	before = sleeps_of(pid);
	for (int i = 0; i < 10; i++) {
		put(elsewhere[1]);
		take(elsewhere[0]);
		rest();
	}
	CHECK_EQ(task_state(pid), 'S');
	CHECK_EQ(sleeps_of(pid), before);
	change(change_fd);
	CHECK_EQ(check_wait(pid), found << 8);
	for (int i = 0; i < 2; i++) {
		close(beside[i]);
		close(elsewhere[i]);
	}
}

static void close_it(int fd)
{
	close(fd);
}

static void take_page(int fd)
{
	static char page[PAGE];

	CHECK_EQ(read(fd, page, PAGE), PAGE);
}

static void test_woken(void)
{
	static char much[16 * PAGE];
	int ends[2];

	make_pipe(ends);
	check_poller(ends[0], POLLIN, NO_FD, put, ends[1], POLLIN);
	take(ends[0]);
	check_poller(ends[0], POLLIN, ends[1], close_it, ends[1], POLLHUP);
	close(ends[0]);
	make_pipe(ends);
	CHECK_EQ(write(ends[1], much, sizeof(much)), sizeof(much));
	check_poller(ends[1], POLLOUT, NO_FD, take_page, ends[0], POLLOUT);
	CHECK_EQ(write(ends[1], much, PAGE), PAGE);
	check_poller(ends[1], POLLOUT, ends[0], close_it, ends[0], POLLERR);
	close(ends[1]);
}

/* Each waits for the other, in every order of looking, writing and sleeping: no wake-up is lost. */
static void test_ping_pong(int rounds)
{
	int there[2], back[2], quiet[2];
	pid_t pid;

	make_pipe(there);
	make_pipe(back);
	make_pipe(quiet);
	pid = fork();
	CHECK(pid >= 0);
	close(pid ? there[0] : there[1]); /* should one of them end, the other sees the end of the pipe */
	close(pid ? back[1] : back[0]);
	for (int i = 0; i < rounds; i++) {
		struct pollfd p[] = { { quiet[0], POLLIN, 0 }, { pid ? back[0] : there[0], POLLIN, 0 } };

		if (pid)
			put(there[1]);
		CHECK_EQ(poll(p, 2, -1), 1);
		take(p[1].fd);
		if (!pid)
			put(back[1]);
	}
	if (!pid)
		_exit(0);
	CHECK_EQ(check_wait(pid), 0);
	for (int i = 0; i < 2; i++) {
		close(there[i]);
		close(back[i]);
		close(quiet[i]);
	}
}

/* --- signals ------------------------------------------------------------------------------------------------------- */

static volatile int caught;

static void count(int signal)
{
	(void)signal;
	caught++;
}

/* A handler interrupts each of these calls, SA_RESTART or not; the mask holds during the call only. */
static void test_signals(void)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART };
	struct itimerval often = { { 0, 10000 }, { 0, 10000 } }, never = { { 0, 0 }, { 0, 0 } };
	struct timespec long_time = { 100, 0 };
	unsigned long none[2] = { 0 }, blocked[2] = { 1ul << (SIGUSR1 - 1), 0 }, set = 0, now[2];
	void *mask[2] = { none, (void *)8 };

	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	/* Again and again: on a busy host the first alarm may come before the call. */
	CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
	CHECK_ERROR(poll(NULL, 0, -1), EINTR);
	CHECK_ERROR(syscall(NEWSELECT, 0, &set, NULL, NULL, NULL), EINTR);
	CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
	CHECK(caught >= 2);
	caught = 0;
	CHECK_EQ(syscall(SYS_rt_sigprocmask, SIG_SETMASK, blocked, NULL, 8), 0);
	kill(getpid(), SIGUSR1);
	CHECK_EQ(poll(NULL, 0, 1), 0);
	CHECK_EQ(caught, 0);
	CHECK_ERROR(syscall(PPOLL, NULL, 0, &long_time, none, 8), EINTR);
	CHECK_EQ(caught, 1);
	CHECK(long_time.tv_sec == 99 || long_time.tv_sec == 100);
	kill(getpid(), SIGUSR1);
	CHECK_ERROR(syscall(PSELECT6, 0, NULL, NULL, NULL, NULL, mask), EINTR);
	CHECK_EQ(caught, 2);
	CHECK_EQ(syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, now, 8), 0);
	CHECK_EQ(now[0], blocked[0]);
	/* A ready file comes first: the signal stays pending, though the mask would admit it. */
	kill(getpid(), SIGUSR1);
	CHECK_EQ(syscall(PPOLL, &(struct pollfd){ NO_FD, POLLIN, 0 }, 1, NULL, none, 8), 1);
	CHECK_EQ(syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, now, 8), 0);
	CHECK_EQ(now[0], blocked[0]);
}

int main(int argc, char **argv)
{
	test_bits();
	test_refused();
	test_select();
	test_woken();
	test_ping_pong(argc > 1 ? atoi(argv[1]) : 2000);
	test_signals();
	return CHECK_OK();
}
