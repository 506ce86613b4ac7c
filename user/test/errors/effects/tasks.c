/*
 * Tasks: how they begin, what they are, what they may use, what they have asked for themselves.
 */
#include "effects.h"

#include <sys/resource.h>

/* --- beginning and end ----------------------------------------------------------------------------------------------- */

static void fork_child(void)
{
	int status;
	pid_t child = CALL(0);

	if (!child)
		_exit(5);
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 5 << 8);
}

enum { CLONE_VM = 0x100, CLONE_VFORK = 0x4000, PARENT_SETTID = 0x100000, CHILD_CLEARTID = 0x200000, CHILD_SETTID = 0x1000000 };

static void clone_fork(void)
{
	int told = 0, own = 0, status;
	pid_t child = CALL(SIGCHLD | effect->word, 0, &told, 0, &own);

	if (!child)
		_exit(own == (effect->word == CHILD_SETTID ? getpid() : 0) ? 5 : 6);
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 5 << 8);
	CHECK_EQ(told, effect->word == PARENT_SETTID ? child : 0);
}

/* The child borrows the memory and the stack: it may do nothing but exit. */
static inline __attribute__((always_inline)) long clone_lent(long flags, int *told, volatile int *own)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result)
			 : "0"(120), "b"(flags | CLONE_VM | CLONE_VFORK), "c"(0), "d"(told), "S"(0), "D"(own) : "memory");
	return result;
}

static void clone_borrower(void)
{
	int told = 0, status;
	volatile int own = 77;
	pid_t child = clone_lent(SIGCHLD | effect->word, &told, &own);

	if (!child)
		_exit(5);
	if (child < 0) {
		errno = -child;
		effect_done(-1);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(told, effect->word == PARENT_SETTID ? child : 0);
	CHECK_EQ(own, effect->word == CHILD_SETTID ? child : effect->word == CHILD_CLEARTID ? 0 : 77);
}

static void vfork_child(void)
{
	static volatile int ran;
	long child;

	__asm__ volatile("int $0x80" : "=a"(child) : "0"(effect->number) : "memory");
	if (!child) {
		ran = 1;
		_exit(5);
	}
	CHECK(child > 0);
	CHECK_EQ(ran, 1);
}

/* A word of a task whose memory others have is cleared when it ends. */
static void clear_word(void)
{
	static volatile int word = 77;
	long child;

	__asm__ volatile("int $0x80" : "=a"(child) : "0"(SYS_vfork) : "memory");
	if (!child) {
		syscall(effect->number, &word);
		_exit(0);
	}
	CHECK_EQ(CALL(&word), getpid());
	CHECK_EQ(word, 0);
}

enum { WCLONE = (int)0x80000000 };

/* It ends with the signal of the row, or none, and is not waited for as others are. */
static void clone_with_signal(void)
{
	int status;
	pid_t child;

	effect_catch(SIGUSR1);
	effect_catch(SIGCHLD);
	child = CALL(effect->word, 0, 0, 0, 0);
	if (!child)
		_exit(5);
	CHECK_ERROR(waitpid(child, &status, 0), ECHILD);
	CHECK_EQ(waitpid(child, &status, WCLONE), child);
	CHECK_EQ(status, 5 << 8);
	CHECK_EQ(effect_signals, effect->word != 0);
	CHECK_EQ(effect_last_signal, effect->word);
}

static pid_t ended_child(void)
{
	pid_t child = fork();

	if (!child)
		_exit(5);
	CHECK(child > 0);
	return child;
}

static void wait_for(void)
{
	int status = 0;
	pid_t child = ended_child();

	CHECK_EQ(CALL(child, &status, 0, NULL), child);
	CHECK_EQ(status, 5 << 8);
	CHECK_ERROR(syscall(effect->number, child, &status, 0, NULL), ECHILD);
}

static void wait_for_clone(void)
{
	int status = 0;
	pid_t child = ended_child();

	CHECK_ERROR(syscall(effect->number, child, &status, WCLONE, NULL), ECHILD);
	CHECK_EQ(CALL(child, &status, 0x40000000, NULL), child);
}

static void wait_id(void)
{
	enum { P_PID = 1, EXITED = 4, NO_WAIT = 0x01000000 };
	siginfo_t info = { 0 };
	pid_t child = ended_child();

	CALL(P_PID, child, &info, EXITED | NO_WAIT, NULL);
	CHECK_EQ(info.si_status, 5);
	CALL(P_PID, child, &info, EXITED, NULL);
	CHECK_ERROR(syscall(effect->number, P_PID, child, &info, EXITED, NULL), ECHILD);
}

/* --- who it is ------------------------------------------------------------------------------------------------------- */

enum { GETUID = 199, GETGID, GETGROUPS = 205, SOMEBODY = 1000 };

static void become_user(void)
{
	CALL(SOMEBODY, SOMEBODY, SOMEBODY);
	CHECK_EQ(syscall(GETUID), SOMEBODY);
}

static void become_group(void)
{
	CALL(SOMEBODY, SOMEBODY, SOMEBODY);
	CHECK_EQ(syscall(GETGID), SOMEBODY);
}

/* They answer with the old one, whether it is changed or not. */
static void become_for_files(void)
{
	CALL(SOMEBODY);
	if (syscall(effect->number, -1) != SOMEBODY) {
		errno = EPERM;
		effect_done(-1);
	}
}

static void set_groups(void)
{
	unsigned groups[2] = { 77, 77 };

	CALL(1, ((unsigned[]){ effect->word }));
	CHECK_EQ(syscall(GETGROUPS, 2, groups), 1);
	CHECK_EQ(groups[0], effect->word);
}

struct capabilities {
	unsigned effective, permitted, inheritable;
};

static const unsigned header[2] = { 0x20080522, 0 };

static void set_capabilities(void)
{
	struct capabilities sets[2], now[2];

	CHECK_EQ(syscall(184, header, sets), 0);
	if (effect->word)
		sets[0].inheritable |= 1;
	else
		sets[0].effective &= ~1u;
	CALL(header, sets);
	CHECK_EQ(syscall(184, header, now), 0);
	CHECK_EQ(memcmp(sets, now, sizeof(sets)), 0);
}

static void set_persona(void)
{
	CALL(effect->word);
	CHECK_EQ(syscall(effect->number, -1), effect->word);
}

static void set_group(void)
{
	CALL(0, 0);
	CHECK_EQ(getpgrp(), getpid());
}

static void set_session(void)
{
	CHECK_EQ(CALL(0), getpid());
	CHECK_EQ(syscall(147, 0), getpid());
}

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

/* What is kept, and does not bind root or concerns what is not here. */
static void limit_is_told(void) { limit(1 << 20); }

static void use_time(void)
{
	while (!effect_signals)
		;
}

/* The soft limit comes with a signal, the hard one with the end. */
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
	limit(RLIM_INFINITY); /* the answer may go to a file */
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

/* --- what it asks for itself ----------------------------------------------------------------------------------------- */

static void set_name(void)
{
	char name[20];

	CALL(effect->word, "somebody");
	CHECK_EQ(proc_text("/proc/self/comm", name, sizeof(name)), 9);
	CHECK_EQ(memcmp(name, "somebody\n", 9), 0);
}

/* The word after it asks for what it has set, in memory or as the answer. */
static void set_word(void)
{
	int told = -1, answer;

	CALL(effect->word, effect->word == 4 ? 0 : 1, 0, 0, 0);
	answer = syscall(effect->number, effect->word == 4 ? 3 : effect->word + 1, effect->word == 38 ? 0 : (long)&told, 0, 0, 0);
	CHECK_EQ(told == -1 ? answer : told, effect->word == 4 ? 0 : 1);
}

/* A child whose parent ends. */
static void set_death_signal(void)
{
	enum { SET_SUBREAPER = 36 };
	int status;

	CHECK_EQ(syscall(effect->number, SET_SUBREAPER, 1, 0, 0, 0), 0);
	if (!fork()) {
		if (!fork()) {
			CALL(1, SIGUSR1);
			if (getppid() == 1)
				_exit(1);
			for (;;)
				pause();
		}
		nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 0);
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, SIGUSR1);
}

struct segment {
	unsigned entry, base, limit, flags;
};

static void set_segment(void)
{
	struct segment s = { -1, 0x12345678, 0xfffff, 0x51 }, now;

	CALL(&s);
	now = s;
	now.base = 0;
	CHECK_EQ(syscall(244, &now), 0);
	CHECK_EQ(now.base, 0x12345678);
}

/* A lock whose owner ends is marked. */
static void set_robust_list(void)
{
	static struct {
		void *first;
		long offset;
		void *pending;
	} head;
	struct {
		void *next;
		volatile unsigned word;
	} *lock = (void *)check_shared(1);
	int status;

	if (!fork()) {
		head.first = lock;
		head.offset = sizeof(void *);
		lock->next = &head;
		lock->word = getpid();
		CALL(&head, sizeof(head));
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK(lock->word & 0x40000000);
}

/* Nobody presses those keys here: the word is only told, by Linux. */
static void set_reboot_keys(void)
{
	char text[10] = "";
	long on = 0x89ABCDEF, before;

	before = proc_text("/proc/sys/kernel/ctrl-alt-del", text, sizeof(text)) > 0 ? text[0] : 0;
	CALL(0xFEE1DEAD, 672274793, before == '0' ? on : 0, 0);
	CHECK(proc_text("/proc/sys/kernel/ctrl-alt-del", text, sizeof(text)) > 0);
	CHECK(text[0] != before);
	CALL(0xFEE1DEAD, 672274793, before == '0' ? 0 : on, 0);
}

static void register_for_barriers(void)
{
	long barrier = effect->word / 2;
	bool always = barrier == 2; /* of all tasks: that needs no registration of the caller */

	CHECK(always || (syscall(effect->number, barrier, 0, 0) == -1 && errno == EPERM));
	CALL(effect->word, 0, 0);
	CHECK_EQ(syscall(effect->number, barrier, 0, 0), 0);
}

const struct effect task_effects[] = {
	{ 2, "fork", fork_child, 0 },
	{ 7, "waitpid", wait_for, 0 },
	{ 23, "setuid16", become_user, 0 },
	{ 34, "nice", be_nice, 0 },
	{ 46, "setgid16", become_group, 0 },
	{ 57, "setpgid", set_group, 0 },
	{ 66, "setsid", set_session, 0 },
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
	{ 88, "reboot LINUX_REBOOT_CMD_CAD_ON", set_reboot_keys, 0 },
	{ 97, "setpriority", set_nice, 0 },
	{ 114, "wait4", wait_for, 0 },
	{ 114, "wait4 __WCLONE", wait_for_clone, 0 },
	{ 120, "clone SIGCHLD", clone_fork, 0 },
	{ 120, "clone CLONE_PARENT_SETTID", clone_fork, PARENT_SETTID },
	{ 120, "clone CLONE_CHILD_SETTID", clone_fork, CHILD_SETTID },
	{ 120, "clone CLONE_VM CLONE_VFORK", clone_borrower, 0 },
	{ 120, "clone CLONE_VM CLONE_VFORK CLONE_PARENT_SETTID", clone_borrower, PARENT_SETTID },
	{ 120, "clone CLONE_VM CLONE_VFORK CLONE_CHILD_SETTID", clone_borrower, CHILD_SETTID },
	{ 120, "clone CLONE_VM CLONE_VFORK CLONE_CHILD_CLEARTID", clone_borrower, CHILD_CLEARTID },
	{ 120, "clone SIGUSR1", clone_with_signal, SIGUSR1 },
	{ 120, "clone without a signal", clone_with_signal, 0 },
	{ 136, "personality PER_LINUX", set_persona, 0 },
	{ 136, "personality PER_LINUX32", set_persona, 8 },
	{ 136, "personality ADDR_NO_RANDOMIZE", set_persona, 0x40000 },
	{ 154, "sched_setparam", set_parameter, 0 },
	{ 156, "sched_setscheduler SCHED_OTHER", set_policy, 0 },
	{ 156, "sched_setscheduler SCHED_FIFO", set_policy, 1 },
	{ 156, "sched_setscheduler SCHED_RR", set_policy, 2 },
	{ 156, "sched_setscheduler SCHED_BATCH", set_policy, 3 },
	{ 156, "sched_setscheduler SCHED_IDLE", set_policy, 5 },
	{ 156, "sched_setscheduler SCHED_RESET_ON_FORK", reset_on_fork, 0 },
	{ 172, "prctl PR_SET_PDEATHSIG", set_death_signal, 1 },
	{ 172, "prctl PR_SET_DUMPABLE", set_word, 4 },
	{ 172, "prctl PR_SET_NAME", set_name, 15 },
	{ 172, "prctl PR_SET_CHILD_SUBREAPER", set_word, 36 },
	{ 172, "prctl PR_SET_NO_NEW_PRIVS", set_word, 38 },
	{ 185, "capset", set_capabilities, 0 },
	{ 185, "capset inheritable", set_capabilities, 1 },
	{ 190, "vfork", vfork_child, 0 },
	{ 203, "setreuid", become_user, 0 },
	{ 204, "setregid", become_group, 0 },
	{ 206, "setgroups of group 0", set_groups, 0 },
	{ 206, "setgroups of another group", set_groups, SOMEBODY },
	{ 208, "setresuid", become_user, 0 },
	{ 210, "setresgid", become_group, 0 },
	{ 213, "setuid", become_user, 0 },
	{ 214, "setgid", become_group, 0 },
	{ 215, "setfsuid", become_for_files, 0 },
	{ 216, "setfsgid", become_for_files, 0 },
	{ 241, "sched_setaffinity", set_processors, 0 },
	{ 243, "set_thread_area", set_segment, 0 },
	{ 258, "set_tid_address", clear_word, 0 },
	{ 284, "waitid", wait_id, 0 },
	{ 311, "set_robust_list", set_robust_list, 0 },
	{ 340, "prlimit64", limit_wide, 0 },
	{ 375, "membarrier global expedited", register_for_barriers, 4 },
	{ 375, "membarrier private expedited", register_for_barriers, 16 },
	{ 375, "membarrier private expedited sync core", register_for_barriers, 64 },
	{ 0 },
};
