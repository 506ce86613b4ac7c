/*
 * calls_signal.c - the system calls about signals and alarms.
 *
 * Handlers return through the kernel's own few instructions: no restorer is given.
 *
 * Source: the Linux manual, section 2; POSIX, <signal.h>.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int kill(pid_t pid, int signal)
{
	return syscall(SYS_kill, pid, signal);
}

int raise(int signal)
{
	return kill(getpid(), signal);
}

int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	return syscall(SYS_rt_sigaction, signal, action, old, sizeof(sigset_t));
}

sighandler_t signal(int signal, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	return sigaction(signal, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int sigaltstack(const stack_t *stack, stack_t *old)
{
	return syscall(SYS_sigaltstack, stack, old);
}

/* Masks */

int sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	return 0;
}

int sigfillset(sigset_t *set)
{
	memset(set, 0xff, sizeof(*set));
	return 0;
}

/* The word of the set with this signal's bit, or NULL for what is no signal. */
static unsigned long *word_of(const sigset_t *set, int signal)
{
	if (signal < 1 || signal >= NSIG) {
		errno = EINVAL;
		return NULL;
	}
	return (unsigned long *)&set->bits[(signal - 1) / 32];
}

static unsigned long bit_of(int signal)
{
	return 1ul << (signal - 1) % 32;
}

int sigaddset(sigset_t *set, int signal)
{
	unsigned long *word = word_of(set, signal);

	if (word)
		*word |= bit_of(signal);
	return word ? 0 : -1;
}

int sigdelset(sigset_t *set, int signal)
{
	unsigned long *word = word_of(set, signal);

	if (word)
		*word &= ~bit_of(signal);
	return word ? 0 : -1;
}

int sigismember(const sigset_t *set, int signal)
{
	unsigned long *word = word_of(set, signal);

	return word ? (*word & bit_of(signal)) != 0 : -1;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return syscall(SYS_rt_sigprocmask, how, set, old, sizeof(sigset_t));
}

int sigpending(sigset_t *set)
{
	return syscall(SYS_rt_sigpending, set, sizeof(*set));
}

int sigsuspend(const sigset_t *set)
{
	return syscall(SYS_rt_sigsuspend, set, sizeof(*set));
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	return syscall(SYS_rt_sigtimedwait, set, info, timeout, sizeof(*set));
}

void siglongjmp(sigjmp_buf place, int value)
{
	if (place->has_mask)
		sigprocmask(SIG_SETMASK, &place->mask, NULL);
	longjmp(place, value);
}

/* Waiting and alarms */

int pause(void)
{
	return syscall(SYS_pause);
}

unsigned int alarm(unsigned int seconds)
{
	return syscall(SYS_alarm, seconds);
}

int setitimer(int which, const struct itimerval *timer, struct itimerval *old)
{
	return syscall(SYS_setitimer, which, timer, old);
}

int getitimer(int which, struct itimerval *timer)
{
	return syscall(SYS_getitimer, which, timer);
}
