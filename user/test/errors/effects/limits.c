/*
 * What a task may use: the processor, and everything that setrlimit bounds.
 */
#include "effects.h"

#include <sys/resource.h>

/* --- the processor --------------------------------------------------------------------------------------------------- */

enum { GETPRIORITY = 96, GETPARAM = 155, SETSCHEDULER, GETSCHEDULER, RESET_ON_FORK = 0x40000000 };

static void be_nice(void)
{
	CALL(3);
	CHECK_EQ(syscall(GETPRIORITY, 0, 0), 17);
}

static void set_nice(void)
{
	CALL(0, 0, 5);
	CHECK_EQ(syscall(GETPRIORITY, 0, 0), 15);
}

static void set_policy(void)
{
	int priority = (effect->word & 3) == 1 || (effect->word & 3) == 2 ? 5 : 0, told = -1;

	if (effect->word == 5)
		priority = 0;
	if (!effect->word)
		CHECK_EQ(syscall(SETSCHEDULER, 0, 1, &(int){ 1 }), 0);
	CALL(0, effect->word, &priority);
	CHECK_EQ(syscall(GETSCHEDULER, 0), effect->word);
	CHECK_EQ(syscall(GETPARAM, 0, &told), 0);
	CHECK_EQ(told, priority);
}

static void is_ordinary(void *unused)
{
	(void)unused;
	CHECK_EQ(syscall(GETSCHEDULER, 0), 0);
}

static void reset_on_fork(void)
{
	CALL(0, 1 | RESET_ON_FORK, &(int){ 1 });
	CHECK_EQ(syscall(GETSCHEDULER, 0), 1 | RESET_ON_FORK);
	CHECK_EQ(check_in_child(is_ordinary, NULL), 0);
}

static void set_parameter(void)
{
	int told = -1;

	CHECK_EQ(syscall(SETSCHEDULER, 0, 2, &(int){ 1 }), 0);
	CALL(0, &(int){ 7 });
	CHECK_EQ(syscall(GETPARAM, 0, &told), 0);
	CHECK_EQ(told, 7);
}

static void set_processors(void)
{
	unsigned mask = 1;

	CALL(0, sizeof(mask), &mask);
	mask = 0;
	CHECK(syscall(242, 0, sizeof(mask), &mask) > 0);
	CHECK_EQ(mask, 1);
}

/* --- limits ---------------------------------------------------------------------------------------------------------- */

enum { RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_CORE = 4, RLIMIT_NPROC = 6, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS,
       RLIMIT_LOCKS, RLIMIT_SIGPENDING, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_RTPRIO, RLIMIT_RTTIME };
enum { SIG_CPU = 24, SIG_FILE = 25 };

static void limit(unsigned long soft)
{
	struct rlimit wanted = { soft, RLIM_INFINITY }, now;

	CHECK_EQ(getrlimit(effect->word, &now), 0);
	wanted.rlim_max = now.rlim_max > soft ? now.rlim_max : soft;
	CALL(effect->word, &wanted);
	CHECK_EQ(getrlimit(effect->word, &now), 0);
	CHECK_EQ(now.rlim_cur, soft);
}

/* Limits that are only stored: they do not bind root, or concern features that do not exist here. */
static void limit_is_told(void) { limit(1 << 20); }

static void use_time(void)
{
	while (!effect_signals)
		;
}

/* The soft limit sends a signal, the hard one kills. */
static void use_all_time(void *unused)
{
	(void)unused;
	effect_catch(SIG_CPU);
	use_time();
	CHECK_EQ(setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 1 }), 0);
	for (;;)
		;
}

static void limit_time(void)
{
	limit(1);
	CHECK_SIGNAL(use_all_time, NULL, SIGKILL);
}

static void limit_real_time(void)
{
	effect_catch(SIG_CPU);
	limit(100000);
	CHECK_EQ(syscall(SETSCHEDULER, 0, 1, &(int){ 1 }), 0);
	use_time();
}

static void limit_file(void)
{
	effect_catch(SIG_FILE);
	limit(12);
	CHECK_ERROR(pwrite(open("file", O_RDWR), "x", 1, 12), EFBIG);
	CHECK_EQ(effect_signals, 1);
	limit(RLIM_INFINITY); /* the output may go to a file */
}

static void limit_memory(void)
{
	limit(PAGE);
	CHECK_AT(mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED);
	CHECK_EQ(errno, ENOMEM);
}

static void use_stack(void *pages)
{
	volatile char here[PAGE];
	long left = (long)pages;

	here[0] = 'x';
	if (left)
		use_stack((void *)(left - 1));
	here[1] = here[0];
}

static void limit_stack(void)
{
	CHECK_EQ(check_in_child(use_stack, (void *)60), 0);
	limit(16 * PAGE);
	CHECK_SIGNAL(use_stack, (void *)60, SIGSEGV);
}

static void limit_files(void)
{
	limit(10);
	while (dup(1) >= 0)
		;
	CHECK_EQ(errno, EMFILE);
	CHECK_ERROR(dup2(1, 10), EBADF);
}

static void limit_signals(void)
{
	enum { SIG_QUEUED = 40 };
	siginfo_t info = { .si_signo = SIG_QUEUED, .si_code = SI_QUEUE };
	sigset_t set;
	int sent = 0;

	sigemptyset(&set);
	sigaddset(&set, SIG_QUEUED);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	limit(3);
	while (sent < 10 && syscall(SYS_rt_sigqueueinfo, getpid(), SIG_QUEUED, &info) == 0)
		sent++;
	CHECK(sent <= 3);
	CHECK_EQ(errno, EAGAIN);
}

static void limit_wide(void)
{
	unsigned long long wanted[2] = { 10, 20 }, old[2], now[2];

	CALL(0, RLIMIT_NOFILE, wanted, old);
	CHECK_EQ(syscall(effect->number, 0, RLIMIT_NOFILE, NULL, now), 0);
	CHECK(now[0] == 10 && now[1] == 20);
	CHECK_ERROR(dup2(1, 10), EBADF);
}

const struct effect limit_effects[] = {
	{ 34, "nice", be_nice, 0 },
	{ 75, "setrlimit RLIMIT_CPU", limit_time, RLIMIT_CPU },
	{ 75, "setrlimit RLIMIT_FSIZE", limit_file, RLIMIT_FSIZE },
	{ 75, "setrlimit RLIMIT_DATA", limit_memory, RLIMIT_DATA },
	{ 75, "setrlimit RLIMIT_STACK", limit_stack, RLIMIT_STACK },
	{ 75, "setrlimit RLIMIT_CORE", limit_is_told, RLIMIT_CORE },
	{ 75, "setrlimit RLIMIT_RSS", limit_is_told, RLIMIT_RSS },
	{ 75, "setrlimit RLIMIT_NPROC", limit_is_told, RLIMIT_NPROC },
	{ 75, "setrlimit RLIMIT_NOFILE", limit_files, RLIMIT_NOFILE },
	{ 75, "setrlimit RLIMIT_MEMLOCK", limit_is_told, RLIMIT_MEMLOCK },
	{ 75, "setrlimit RLIMIT_AS", limit_memory, RLIMIT_AS },
	{ 75, "setrlimit RLIMIT_LOCKS", limit_is_told, RLIMIT_LOCKS },
	{ 75, "setrlimit RLIMIT_SIGPENDING", limit_signals, RLIMIT_SIGPENDING },
	{ 75, "setrlimit RLIMIT_MSGQUEUE", limit_is_told, RLIMIT_MSGQUEUE },
	{ 75, "setrlimit RLIMIT_NICE", limit_is_told, RLIMIT_NICE },
	{ 75, "setrlimit RLIMIT_RTPRIO", limit_is_told, RLIMIT_RTPRIO },
	{ 75, "setrlimit RLIMIT_RTTIME", limit_real_time, RLIMIT_RTTIME },
	{ 97, "setpriority", set_nice, 0 },
	{ 154, "sched_setparam", set_parameter, 0 },
	{ 156, "sched_setscheduler SCHED_OTHER", set_policy, 0 },
	{ 156, "sched_setscheduler SCHED_FIFO", set_policy, 1 },
	{ 156, "sched_setscheduler SCHED_RR", set_policy, 2 },
	{ 156, "sched_setscheduler SCHED_BATCH", set_policy, 3 },
	{ 156, "sched_setscheduler SCHED_IDLE", set_policy, 5 },
	{ 156, "sched_setscheduler SCHED_RESET_ON_FORK", reset_on_fork, 0 },
	{ 241, "sched_setaffinity", set_processors, 0 },
	{ 340, "prlimit64", limit_wide, 0 },
	{ 0 },
};
