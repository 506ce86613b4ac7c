/*
 * What a task sets for itself: a name, a signal when its parent ends, a TLS segment, a robust list.
 */
#include "effects.h"

static void set_name(void)
{
	char name[20];

	CALL(effect->word, "somebody");
	CHECK_EQ(proc_text("/proc/self/comm", name, sizeof(name)), 9);
	CHECK_EQ(memcmp(name, "somebody\n", 9), 0);
}

/* The next command returns what it has set, in memory or as the result. */
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

/* Those keys are not pressed here: only Linux shows the setting. */
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

const struct effect setting_effects[] = {
	{ 88, "reboot LINUX_REBOOT_CMD_CAD_ON", set_reboot_keys, 0 },
	{ 172, "prctl PR_SET_PDEATHSIG", set_death_signal, 1 },
	{ 172, "prctl PR_SET_DUMPABLE", set_word, 4 },
	{ 172, "prctl PR_SET_NAME", set_name, 15 },
	{ 172, "prctl PR_SET_CHILD_SUBREAPER", set_word, 36 },
	{ 172, "prctl PR_SET_NO_NEW_PRIVS", set_word, 38 },
	{ 243, "set_thread_area", set_segment, 0 },
	{ 311, "set_robust_list", set_robust_list, 0 },
	{ 375, "membarrier global expedited", register_for_barriers, 4 },
	{ 375, "membarrier private expedited", register_for_barriers, 16 },
	{ 375, "membarrier private expedited sync core", register_for_barriers, 64 },
	{ 0 },
};
