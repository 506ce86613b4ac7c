/*
 * segments - whatever a program loads into its segment registers, flags and stack pointer, and whatever changes before the
 * kernel restores them, the program continues or gets a signal, and no other program is affected. Each attempt is a child.
 * The expected results are those of a 32-bit Linux.
 */
#include "segments.h"

#include <sys/syscall.h>

/* --- an entry is changed by a call that is made while a register holds it ------------------------------------------- */

static const struct kind {
	const char *name;
	unsigned int base, limit, flags;
	bool refused;			/* by the call */
	bool no_data, no_stack;		/* the data registers, or SS, cannot hold it then */
} kinds[] = {
	{ .name = "flat", .limit = 0xfffff, .flags = BITS_32 | IN_PAGES },
	{ .name = "empty", .no_data = true, .no_stack = true },
	{ .name = "empty in the other way", .flags = READ_ONLY | NOT_PRESENT, .no_data = true, .no_stack = true },
	{ .name = "read-only", .limit = 0xfffff, .flags = BITS_32 | IN_PAGES | READ_ONLY, .no_stack = true },
	{ .name = "one byte", .flags = BITS_32 },
	{ .name = "expand-down", .limit = 0xfffff, .flags = BITS_32 | IN_PAGES | EXPAND_DOWN },
	{ .name = "expand-down, read-only", .flags = BITS_32 | IN_PAGES | EXPAND_DOWN | READ_ONLY, .no_stack = true },
	{ .name = "elsewhere", .base = 0xc0000000, .limit = 0xfffff, .flags = BITS_32 | IN_PAGES },
	{ .name = "16 bits", .limit = 0xffff, .refused = true },
	{ .name = "code", .limit = 0xfffff, .flags = BITS_32 | IN_PAGES | CODE, .refused = true },
	{ .name = "conforming code", .limit = 0xfffff, .flags = BITS_32 | IN_PAGES | CODE | EXPAND_DOWN, .refused = true },
	{ .name = "not present", .limit = 0xfffff, .flags = BITS_32 | IN_PAGES | NOT_PRESENT, .refused = true },
};

struct change {
	enum segment_register reg;
	const struct kind *kind;
};

static void change_below_itself(void *argument)
{
	const struct change *c = argument;
	const struct kind *k = c->kind;
	struct user_desc d = { FIRST_ENTRY, k->base, k->limit, k->flags };
	unsigned int after;
	long result;

	CHECK_EQ(set_flat(FIRST_ENTRY), 0);
	result = call_holding(c->reg, SELECTOR(FIRST_ENTRY), SYS_set_thread_area, (long)&d, 0, &after);
	CHECK_EQ(result, k->refused ? -EINVAL : 0);
	CHECK_EQ(after & ~3, k->no_data ? 0 : SELECTOR(FIRST_ENTRY) & ~3);
}

static void changed_below_itself(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (enum segment_register reg = DS; reg < SEGMENT_REGISTERS; reg++) {
			int got = check_signal_of(change_below_itself, &(struct change){ reg, &kinds[i] });

			if (got != (reg == SS && kinds[i].no_stack ? SIGILL : 0))
				check_fail(kinds[i].name, reg, "its end", got, -1);
		}
	}
}

/* --- main ---------------------------------------------------------------------------------------------------------- */

int main(int argc, char *argv[])
{
	unsigned int ss, fs;

	__asm__ volatile("movl %%ss, %0; movl %%fs, %1" : "=r"(ss), "=r"(fs));
	if (argc > 1)
		return ss == SELECTOR(FIRST_ENTRY) || fs; /* as held.c has started it */
	changed_below_itself();
	segments_held(argv[0]);
	segments_code();
	segments_random();
	return CHECK_OK();
}
