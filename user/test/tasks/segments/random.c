/* Random entries, selectors, flags and frames, a few in each child, which need only end. The seed is always the same. */
#include "segments.h"

enum { TRIES = 120, STEPS = 8, ALARM_SECONDS = 5 };

static uint32_t seed = 2463534242;

static uint32_t chance(uint32_t below)
{
	return check_random(&seed) % below;
}

/* More often than not a valid one. */
static unsigned int any_selector(void)
{
	return chance(4) ? SELECTOR(FIRST_ENTRY + chance(ENTRIES)) : check_random(&seed) >> chance(32);
}

static void any_entry(void)
{
	set_entry(FIRST_ENTRY + chance(ENTRIES), chance(2) ? 0 : check_random(&seed), check_random(&seed) >> chance(32),
		  chance(3) ? BITS_32 | (check_random(&seed) & (IN_PAGES | EXPAND_DOWN | READ_ONLY)) : chance(128));
}

static void scribble(int signal, siginfo_t *info, void *ucontext)
{
	static const int registers[] = { REG_GS, REG_FS, REG_ES, REG_DS, REG_CS, REG_SS, REG_EFL };
	ucontext_t *u = ucontext;

	(void)signal, (void)info;
	if (chance(2))
		any_entry();
	for (int i = chance(3); i >= 0; i--) {
		int reg = registers[chance(sizeof(registers) / sizeof(registers[0]))];

		if (reg != REG_CS || chance(8) == 0)
			u->uc_mcontext.gregs[reg] = reg == REG_EFL ? check_random(&seed) : any_selector();
	}
}

static void any_call(void)
{
	static const long calls[] = { SYS_getpid, SYS_fork, SYS_sched_yield, SYS_kill, SYS_set_thread_area };
	struct user_desc d = { FIRST_ENTRY + chance(ENTRIES), 0, chance(2) ? 0xfffff : 0, chance(64) };
	long number = calls[chance(sizeof(calls) / sizeof(calls[0]))];
	bool kills = number == SYS_kill;
	unsigned int after;
	long result = call_holding(chance(SEGMENT_REGISTERS), any_selector(), number, kills ? getpid() : (long)&d, SIGUSR1, &after);

	if (number == SYS_fork && result == 0)
		_exit(0);
}

static void steps(void *unused)
{
	struct sigaction action = { .sa_sigaction = scribble, .sa_flags = SA_SIGINFO };

	(void)unused;
	sigaction(SIGUSR1, &action, NULL);
	alarm(ALARM_SECONDS);
	for (int i = 0; i < STEPS; i++) {
		if (chance(2))
			any_entry();
		any_call();
	}
}

void segments_random(void)
{
	for (int i = 0; i < TRIES; i++) {
		CHECK(check_in_child(steps, NULL) != -1);
		seed += 2654435769u;
	}
}
