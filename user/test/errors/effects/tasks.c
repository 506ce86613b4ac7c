/*
 * Tasks: how they begin and end, and their identities.
 */
#include "effects.h"

/* --- beginning and end ----------------------------------------------------------------------------------------------- */

static void fork_child(void)
{
	pid_t child = CALL(0);

	if (!child)
		_exit(5);
	CHECK_EQ(check_wait(child), 5 << 8);
}

enum { CLONE_VM = 0x100, CLONE_VFORK = 0x4000, PARENT_SETTID = 0x100000, CHILD_CLEARTID = 0x200000, CHILD_SETTID = 0x1000000 };

static void clone_fork(void)
{
	int told = 0, own = 0;
	pid_t child = CALL(SIGCHLD | effect->word, 0, &told, 0, &own);

	if (!child)
		_exit(own == (effect->word == CHILD_SETTID ? getpid() : 0) ? 5 : 6);
	CHECK_EQ(check_wait(child), 5 << 8);
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

/* The word of a task that shares its memory is cleared when it ends. */
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

/* It ends with the signal of the row, or none, and an ordinary wait does not find it. */
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

/* --- identities ----------------------------------------------------------------------------------------------------- */

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

/* These calls return the old id, whether it is changed or not. */
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

const struct effect task_effects[] = {
	{ 2, "fork", fork_child, 0 },
	{ 7, "waitpid", wait_for, 0 },
	{ 23, "setuid16", become_user, 0 },
	{ 46, "setgid16", become_group, 0 },
	{ 57, "setpgid", set_group, 0 },
	{ 66, "setsid", set_session, 0 },
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
	{ 258, "set_tid_address", clear_word, 0 },
	{ 284, "waitid", wait_id, 0 },
	{ 0 },
};
