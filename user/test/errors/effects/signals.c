/*
 * Signals and alarms.
 */
#include "effects.h"

#include <sys/time.h>

enum { QUEUED = 40 };

static struct {
	unsigned long low, high;
} const mask_of_usr1 = { 1 << (SIGUSR1 - 1), 0 }, mask_of_queued = { 0, 1 << (QUEUED - 33) };

static void have(int signal)
{
	CHECK_EQ(effect_signals, 1);
	CHECK_EQ(effect_last_signal, signal);
}

/* --- sending --------------------------------------------------------------------------------------------------------- */

static void send(void)
{
	effect_catch(SIGUSR1);
	CALL(getpid(), SIGUSR1);
	have(SIGUSR1);
}

static void send_to_thread(void)
{
	effect_catch(SIGUSR1);
	CALL(getpid(), getpid(), SIGUSR1);
	have(SIGUSR1);
}

static void send_queued(void)
{
	siginfo_t info = { .si_signo = QUEUED, .si_code = SI_QUEUE };

	effect_catch(QUEUED);
	if (effect->word)
		CALL(getpid(), getpid(), QUEUED, &info);
	else
		CALL(getpid(), QUEUED, &info);
	have(QUEUED);
}

/* --- taking ---------------------------------------------------------------------------------------------------------- */

static volatile int taken;

static void take(int signal) { taken = signal; }

static void set_handler(void)
{
	CALL(SIGUSR1, take);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(taken, SIGUSR1);
}

/* The library has the code that returns from a handler. */
static void set_action(void)
{
	struct sigaction action;

	effect_catch(SIGUSR1);
	CHECK_EQ(sigaction(SIGUSR1, NULL, &action), 0);
	CHECK_EQ(sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL), 0);
	if (effect->number == 67)
		CALL(SIGUSR1, ((long[]){ (long)take, 0, action.sa_flags, (long)action.sa_restorer }), NULL);
	else
		CALL(SIGUSR1, ((long[]){ (long)take, action.sa_flags, (long)action.sa_restorer, 0, 0 }), NULL, 8);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(taken, SIGUSR1);
}

static void block(void)
{
	sigset_t pending;

	effect_catch(SIGUSR1);
	CALL(effect->word, &mask_of_usr1, NULL, 8);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(effect_signals, 0);
	CHECK_EQ(sigpending(&pending), 0);
	CHECK(sigismember(&pending, SIGUSR1));
	CALL(effect->word == SIG_BLOCK ? SIG_UNBLOCK : SIG_SETMASK,
	     effect->word == SIG_BLOCK ? (const void *)&mask_of_usr1 : (long[]){ 0, 0 },
	     NULL, 8);
	have(SIGUSR1);
}

static void take_waiting(void)
{
	siginfo_t info;

	CHECK_EQ(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask_of_queued, NULL, 8), 0);
	CHECK_EQ(kill(getpid(), QUEUED), 0);
	CHECK_EQ(CALL(&mask_of_queued, &info, ((long[]){ 1, 0, 0, 0 }), 8), QUEUED);
	CHECK_ERROR(syscall(effect->number, &mask_of_queued, &info, ((long[]){ 0, 0, 0, 0 }), 8), EAGAIN);
}

static char *handler_stack;

static void look_at_stack(int signal)
{
	char here;

	(void)signal;
	taken = &here > handler_stack && &here < handler_stack + SIGSTKSZ;
}

static void set_stack(void)
{
	struct sigaction action = { .sa_handler = look_at_stack, .sa_flags = SA_ONSTACK };

	handler_stack = check_private(SIGSTKSZ / PAGE);
	CALL(&(stack_t){ .ss_sp = handler_stack, .ss_size = SIGSTKSZ }, NULL);
	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(taken, 1);
}

/* --- alarms ---------------------------------------------------------------------------------------------------------- */

static void set_alarm(void)
{
	struct itimerval left;

	effect_catch(SIGALRM);
	CALL(100);
	CHECK_EQ(getitimer(ITIMER_REAL, &left), 0);
	CHECK(left.it_value.tv_sec >= 90);
	CHECK_EQ(CALL(1), 100);
	pause();
	have(SIGALRM);
}

static void set_timer(void)
{
	static const int signals[] = { SIGALRM, 26, 27 };
	struct itimerval timer = { .it_value = { 0, 50000 } };

	effect_catch(signals[effect->word]);
	CALL(effect->word, &timer, NULL);
	while (!effect_signals)
		;
	have(signals[effect->word]);
}

const struct effect signal_effects[] = {
	{ 27, "alarm", set_alarm, 0 },
	{ 37, "kill", send, 0 },
	{ 48, "signal", set_handler, 0 },
	{ 67, "sigaction", set_action, 0 },
	{ 104, "setitimer ITIMER_REAL", set_timer, 0 },
	{ 104, "setitimer ITIMER_VIRTUAL", set_timer, 1 },
	{ 104, "setitimer ITIMER_PROF", set_timer, 2 },
	{ 126, "sigprocmask SIG_BLOCK SIG_UNBLOCK", block, SIG_BLOCK },
	{ 126, "sigprocmask SIG_SETMASK", block, SIG_SETMASK },
	{ 174, "rt_sigaction", set_action, 0 },
	{ 175, "rt_sigprocmask SIG_BLOCK SIG_UNBLOCK", block, SIG_BLOCK },
	{ 175, "rt_sigprocmask SIG_SETMASK", block, SIG_SETMASK },
	{ 177, "rt_sigtimedwait", take_waiting, 0 },
	{ 178, "rt_sigqueueinfo", send_queued, 0 },
	{ 186, "sigaltstack", set_stack, 0 },
	{ 238, "tkill", send, 0 },
	{ 270, "tgkill", send_to_thread, 0 },
	{ 335, "rt_tgsigqueueinfo", send_queued, 1 },
	{ 421, "rt_sigtimedwait_time64", take_waiting, 0 },
	{ 0 },
};
