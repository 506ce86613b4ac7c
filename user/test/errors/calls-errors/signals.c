/*
 * calls-errors: signals and timers.
 */
#include "calls-errors.h"

#include <sys/time.h>
#include <time.h>

enum { NOBODY = 4000000, BLOCK = 0, SETMASK = 2, MASK = 8 };

static void nothing(int signal)
{
	(void)signal;
}

static void cases_of_sending(void)
{
	CASE("kill oneself with nothing", 0, kill(getpid(), 0));
	CASE("kill nobody", -ESRCH, kill(NOBODY, 0));
	CASE("kill unknown", -EINVAL, kill(getpid(), 65));
	CASE("kill negative", -EINVAL, kill(getpid(), -1));
	CASE("kill no group", -ESRCH, kill(-NOBODY, 0));
	CASE("tkill", 0, syscall(SYS_tkill, getpid(), 0));
	CASE("tkill nobody", -ESRCH, syscall(SYS_tkill, NOBODY, 0));
	CASE("tkill no number", -EINVAL, syscall(SYS_tkill, 0, 0));
	CASE("tkill unknown", -EINVAL, syscall(SYS_tkill, getpid(), 65));
	CASE("tgkill", 0, syscall(SYS_tgkill, getpid(), getpid(), 0));
	CASE("tgkill nobody", -ESRCH, syscall(SYS_tgkill, NOBODY, NOBODY, 0));
	CASE("tgkill of another", -ESRCH, syscall(SYS_tgkill, getpid() == 1 ? 2 : 1, getpid(), 0));
	CASE("tgkill no number", -EINVAL, syscall(SYS_tgkill, 0, getpid(), 0));
	CASE("tgkill unknown", -EINVAL, syscall(SYS_tgkill, getpid(), getpid(), 65));
}

static void cases_of_actions(void)
{
	struct sigaction action = { .sa_handler = nothing };

	CASE("rt_sigaction", 0, syscall(SYS_rt_sigaction, SIGUSR1, NULL, buffer, MASK));
	CASE("rt_sigaction none", -EINVAL, syscall(SYS_rt_sigaction, 0, NULL, NULL, MASK));
	CASE("rt_sigaction unknown", -EINVAL, syscall(SYS_rt_sigaction, 65, NULL, NULL, MASK));
	CASE("rt_sigaction SIGKILL", -EINVAL, sigaction(SIGKILL, &action, NULL));
	CASE("rt_sigaction SIGSTOP", -EINVAL, sigaction(SIGSTOP, &action, NULL));
	CASE("rt_sigaction asks for SIGKILL", 0, syscall(SYS_rt_sigaction, SIGKILL, NULL, buffer, MASK));
	CASE("rt_sigaction size", -EINVAL, syscall(SYS_rt_sigaction, SIGUSR1, NULL, buffer, 4));
	CASE("sigaction", 0, syscall(SYS_sigaction, SIGUSR1, NULL, buffer));
	CASE("sigaction unknown", -EINVAL, syscall(SYS_sigaction, 65, NULL, NULL));
	CASE("signal", 0, syscall(SYS_signal, SIGUSR2, 1));
	CASE("signal tells", 1, syscall(SYS_signal, SIGUSR2, 0));
	CASE("signal SIGKILL", -EINVAL, syscall(SYS_signal, SIGKILL, 1));
	CASE("signal unknown", -EINVAL, syscall(SYS_signal, 65, 1));
}

static void cases_of_masks(void)
{
	unsigned long usr1[2] = { 1ul << (SIGUSR1 - 1), 0 }, none[2] = { 0 }, kill_and_stop[2] = { 0x40100, 0 }, got[2];
	struct timespec now = { 0, 0 }, bad = { 0, 1000000000 };

	CASE("rt_sigprocmask", 0, syscall(SYS_rt_sigprocmask, BLOCK, usr1, NULL, MASK));
	CASE("rt_sigprocmask how", -EINVAL, syscall(SYS_rt_sigprocmask, 7, usr1, NULL, MASK));
	CASE("rt_sigprocmask how of nothing", 0, syscall(SYS_rt_sigprocmask, 7, NULL, got, MASK));
	CASE("rt_sigprocmask size", -EINVAL, syscall(SYS_rt_sigprocmask, BLOCK, usr1, NULL, 4));
	CASE("rt_sigprocmask of what cannot be", 0, syscall(SYS_rt_sigprocmask, SETMASK, kill_and_stop, NULL, MASK));
	CASE("rt_sigprocmask tells", 0, syscall(SYS_rt_sigprocmask, BLOCK, NULL, got, MASK));
	CASE("rt_sigprocmask has blocked", 0, got[0]);
	CASE("sigprocmask", 0, syscall(SYS_sigprocmask, SETMASK, usr1, NULL));
	CASE("sigprocmask how", -EINVAL, syscall(SYS_sigprocmask, 7, usr1, NULL));
	CASE("rt_sigpending", 0, syscall(SYS_rt_sigpending, got, MASK));
	CASE("rt_sigpending size", -EINVAL, syscall(SYS_rt_sigpending, got, 16));
	CASE("rt_sigtimedwait nothing", -EAGAIN, syscall(SYS_rt_sigtimedwait, usr1, NULL, &now, MASK));
	CASE("rt_sigtimedwait ns", -EINVAL, syscall(SYS_rt_sigtimedwait, usr1, NULL, &bad, MASK));
	CASE("rt_sigtimedwait size", -EINVAL, syscall(SYS_rt_sigtimedwait, usr1, NULL, &now, 4));
	kill(getpid(), SIGUSR1);
	CASE("rt_sigtimedwait", SIGUSR1, syscall(SYS_rt_sigtimedwait, usr1, NULL, &now, MASK));
	CASE("rt_sigsuspend size", -EINVAL, syscall(SYS_rt_sigsuspend, none, 4));
	signal(SIGUSR1, nothing);
	kill(getpid(), SIGUSR1);
	CASE("rt_sigsuspend", -EINTR, syscall(SYS_rt_sigsuspend, none, MASK));
	CASE("rt_sigprocmask back", 0, syscall(SYS_rt_sigprocmask, SETMASK, none, NULL, MASK));
}

static void cases_of_stacks(void)
{
	struct {
		void *sp;
		int flags;
		unsigned size;
	} stack = { check_private(4), 0, 4 * PAGE }, small = { stack.sp, 0, 100 }, odd = { stack.sp, 9, 4 * PAGE };

	CASE("sigaltstack", 0, syscall(SYS_sigaltstack, &stack, NULL));
	CASE("sigaltstack small", -ENOMEM, syscall(SYS_sigaltstack, &small, NULL));
	CASE("sigaltstack flags", -EINVAL, syscall(SYS_sigaltstack, &odd, NULL));
	stack.flags = 2;
	CASE("sigaltstack off", 0, syscall(SYS_sigaltstack, &stack, NULL));
}

static void cases_of_timers(void)
{
	struct itimerval timer, bad = { { 0, 0 }, { 0, 1000000 } }, negative = { { 0, 0 }, { -1, 0 } };
	struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, never = { { 0, 0 }, { 0, 0 } };

	CASE("alarm", 0, syscall(SYS_alarm, 100));
	CASE("alarm tells", 100, syscall(SYS_alarm, 0));
	CASE("getitimer", 0, getitimer(ITIMER_REAL, &timer));
	CASE("getitimer unknown", -EINVAL, getitimer(9, &timer));
	CASE("setitimer", 0, setitimer(ITIMER_REAL, &never, &timer));
	CASE("setitimer unknown", -EINVAL, setitimer(9, &never, NULL));
	CASE("setitimer us", -EINVAL, setitimer(ITIMER_REAL, &bad, NULL));
	CASE("setitimer negative", -EINVAL, setitimer(ITIMER_REAL, &negative, NULL));
	signal(SIGALRM, nothing);
	setitimer(ITIMER_REAL, &often, NULL); /* once more, should it come before pause() waits */
	CASE("pause", -EINTR, pause());
	setitimer(ITIMER_REAL, &never, NULL);
}

void cases_of_signals(void)
{
	cases_of_sending();
	cases_of_actions();
	cases_of_masks();
	cases_of_stacks();
	cases_of_timers();
}
