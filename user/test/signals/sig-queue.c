/*
 * sig-queue - signals from SIGRTMIN on arrive as often as they were sent, each with its value, the lowest number first, and
 * those of one number in order; those below arrive once. There is a limit.
 */
#include "check.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

enum { MOST = 64, LIMIT_QUEUED = 11 };

static struct arrival {
	int signal, code, value;
	pid_t from;
} came[MOST];
static volatile int calls;

static void note(int signal, siginfo_t *info, void *context)
{
	(void)context;
	CHECK_EQ(info->si_signo, signal);
	if (calls < MOST)
		came[calls] = (struct arrival){ signal, info->si_code, info->si_int, info->si_pid };
	calls++;
}

static long queue(pid_t pid, int signal, int code, int value)
{
	siginfo_t info = { .si_signo = signal, .si_code = code, .si_pid = getpid(), .si_int = value };

	return syscall(SYS_rt_sigqueueinfo, pid, signal, &info);
}

static void send(int signal, int value)
{
	CHECK_EQ(queue(getpid(), signal, SI_QUEUE, value), 0);
}

static void block_all(int how)
{
	sigset_t all;

	sigfillset(&all);
	CHECK_EQ(sigprocmask(how, &all, NULL), 0);
}

static void catch(int signal)
{
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };

	sigfillset(&action.sa_mask);		/* one after the other, not one on top of the other */
	CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

static void expect(int i, int signal, int code, int value)
{
	CHECK_EQ(came[i].signal, signal);
	CHECK_EQ(came[i].code, code);
	CHECK_EQ(came[i].value, value);
	CHECK_EQ(came[i].from, getpid());
}

static void in_order(void)
{
	block_all(SIG_BLOCK);
	for (int i = 0; i < 3; i++) {
		send(40, i);
		send(64, 10 + i);
		send(34, 20 + i);
		send(SIGUSR1, 30 + i);
		CHECK_EQ(kill(getpid(), 33), 0);
	}
	calls = 0;
	block_all(SIG_UNBLOCK);
	CHECK_EQ(calls, 13);
	expect(0, SIGUSR1, SI_QUEUE, 30);	/* the first one's value counts */
	for (int i = 0; i < 3; i++) {
		expect(1 + i, 33, SI_USER, 0);
		expect(4 + i, 34, SI_QUEUE, 20 + i);
		expect(7 + i, 40, SI_QUEUE, i);
		expect(10 + i, 64, SI_QUEUE, 10 + i);
	}
}

/* While the handler runs its signal is blocked; further ones are delivered after it. */
static volatile int depth, deepest;

static void send_more(int signal, siginfo_t *info, void *context)
{
	(void)context;
	calls++;
	if (++depth > deepest)
		deepest = depth;
	if (info->si_int > 0) {
		send(signal, info->si_int - 1);
		send(signal, 0);
	}
	depth--;
}

static void from_the_handler(void)
{
	struct sigaction action = { .sa_sigaction = send_more, .sa_flags = SA_SIGINFO };

	CHECK_EQ(sigaction(50, &action, NULL), 0);
	calls = 0;
	send(50, 4);
	CHECK_EQ(calls, 9);
	CHECK_EQ(deepest, 1);
}

static bool waits(int signal)
{
	sigset_t set;

	CHECK_EQ(sigpending(&set), 0);
	return sigismember(&set, signal);
}

static void taken_one_by_one(void)
{
	sigset_t set = { { 0 } };
	struct timespec none = { 0, 0 };
	long long wide_none[2] = { 0, 0 };
	siginfo_t info;

	sigaddset(&set, 41);
	sigaddset(&set, 42);
	block_all(SIG_BLOCK);
	send(42, 1);
	send(41, 2);
	send(41, 3);
	send(43, 4);
	CHECK_EQ(sigtimedwait(&set, &info, &none), 41);
	CHECK(info.si_int == 2 && info.si_code == SI_QUEUE && waits(41));
	CHECK_EQ(syscall(SYS_rt_sigtimedwait_time64, &set, &info, wide_none, 8), 41);
	CHECK(info.si_int == 3 && !waits(41) && waits(42));
	CHECK_EQ(sigtimedwait(&set, NULL, NULL), 42);
	CHECK_ERROR(sigtimedwait(&set, &info, &none), EAGAIN);
	CHECK_ERROR(syscall(SYS_rt_sigtimedwait_time64, &set, &info, wide_none, 8), EAGAIN);
	wide_none[1] = 1000000000;
	CHECK_ERROR(syscall(SYS_rt_sigtimedwait_time64, &set, &info, wide_none, 8), EINVAL);
	CHECK(waits(43));
	signal(43, SIG_IGN);			/* ignoring it discards them all */
	CHECK(!waits(43));
	signal(43, SIG_DFL);
	block_all(SIG_UNBLOCK);
}

/* Pending signals are not inherited by fork but kept by exec. */
static void inherited(char *self)
{
	pid_t pid;

	block_all(SIG_BLOCK);
	send(44, 7);
	send(44, 8);
	pid = fork();
	if (pid == 0) {
		CHECK(!waits(44));
		send(44, 70);
		send(44, 80);
		execvp(self, (char *[]){ self, "again", NULL });
		_exit(9);
	}
	CHECK_EQ(check_wait(pid), 0);
	signal(44, SIG_IGN);
	block_all(SIG_UNBLOCK);
	CHECK(!waits(44));
}

static int after_exec(void)
{
	sigset_t set = { { 0 } };
	siginfo_t info;

	sigaddset(&set, 44);
	CHECK_EQ(sigtimedwait(&set, &info, NULL), 44);
	CHECK_EQ(info.si_int, 70);
	CHECK_EQ(sigtimedwait(&set, &info, NULL), 44);
	CHECK_EQ(info.si_int, 80);
	return waits(44);
}

/* kill(2) succeeds even without memory or room in the queue, though the information may be lost. */
static void limited(void)
{
	unsigned long limit[2];
	int sent = 0, again = 0;

	CHECK_EQ(syscall(SYS_ugetrlimit, LIMIT_QUEUED, limit), 0);
	catch(40);
	block_all(SIG_BLOCK);
	while (queue(getpid(), 40, SI_QUEUE, sent) == 0)
		sent++;
	CHECK_EQ(errno, EAGAIN);
	CHECK(sent > 0 && (unsigned long)sent <= limit[0] && (unsigned long)sent + 64 > limit[0]);
	CHECK_ERROR(queue(getpid(), 41, SI_QUEUE, 0), EAGAIN);
	CHECK(!waits(41));
	CHECK_ERROR(syscall(SYS_tkill, getpid(), 41), EAGAIN);
	CHECK_EQ(queue(getpid(), SIGUSR2, SI_QUEUE, 0), 0);
	signal(SIGUSR2, SIG_IGN);
	CHECK_EQ(kill(getpid(), 41), 0);
	CHECK(waits(41));
	signal(41, SIG_IGN);
	calls = 0;
	block_all(SIG_UNBLOCK);
	CHECK_EQ(calls, sent);
	block_all(SIG_BLOCK);
	while (queue(getpid(), 40, SI_QUEUE, again) == 0)
		again++;
	CHECK(again > sent - 64);		/* delivered ones make room */
	signal(40, SIG_IGN);
	block_all(SIG_UNBLOCK);
}

static void refused(void)
{
	pid_t child = fork();
	siginfo_t info = { .si_code = SI_QUEUE };

	if (child == 0)
		for (;;)
			pause();
	CHECK_ERROR(queue(child, SIGUSR1, SI_USER, 0), EPERM);
	CHECK_ERROR(queue(child, SIGUSR1, SI_KERNEL, 0), EPERM);
	CHECK_ERROR(queue(child, SIGUSR1, SI_TKILL, 0), EPERM);
	CHECK_EQ(queue(getpid(), 0, SI_USER, 0), 0);
	CHECK_EQ(queue(child, 0, SI_QUEUE, 0), 0);
	CHECK_ERROR(queue(child, 65, SI_QUEUE, 0), EINVAL);
	CHECK_ERROR(queue(99999999, SIGUSR1, SI_QUEUE, 0), ESRCH);
	CHECK_ERROR(syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, (void *)16), EFAULT);
	CHECK_ERROR(syscall(SYS_rt_tgsigqueueinfo, child, getpid(), SIGUSR1, &info), ESRCH);
	CHECK_ERROR(syscall(SYS_rt_tgsigqueueinfo, 0, child, SIGUSR1, &info), EINVAL);
	CHECK_EQ(syscall(SYS_rt_tgsigqueueinfo, child, child, 35, &info), 0);
	CHECK_EQ(check_wait(child), 35);			/* killed by it */
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return after_exec();
	catch(SIGUSR1);
	catch(33);
	catch(34);
	catch(40);
	catch(64);
	in_order();
	from_the_handler();
	taken_one_by_one();
	inherited(argv[0]);
	limited();
	refused();
	return CHECK_OK();
}
