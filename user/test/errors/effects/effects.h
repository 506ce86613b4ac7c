/*
 * effects.h - the table of system calls that change something, with checks that they have.
 *
 * A row is a call by number and name, with the command or flag where one call does many things, and a function that makes
 * the call and then verifies its effect with other calls:
 *
 *	{ 60, "umask", umask_set, 0 },
 *	{ 221, "fcntl F_SETFD", set_descriptor_flags, 0 },
 *
 * The function calls CALL(...), which makes the call of the row. If it is refused, the row is refused, and the function does
 * not continue. If it succeeds, a CHECK must find the effect. Each row runs in a task of its own, in a folder
 * that holds `file`, of 10 bytes, `folder` and `link`, which points to `file`.
 *
 * To add a call to the kernel is to add a row here; tools/test/test_effects.py names the calls that need none, and why.
 */
#ifndef EFFECTS_H
#define EFFECTS_H

#include "check.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

struct effect {
	int number;
	const char *name;	/* of the call, and of the word of its argument */
	void (*ask)(void);
	long word;		/* 0, but for rows that share a function */
};

extern const struct effect name_effects[], content_effects[], descriptor_effects[], terminal_effects[], memory_effects[],
	segment_effects[], task_effects[], limit_effects[], setting_effects[], signal_effects[],
	message_effects[]; /* number 0 ends each */

extern const struct effect *effect; /* the current row */

/* => RESULT, or does not return: the call is refused */
long effect_done(long result);

#define CALL(...) effect_done(syscall(effect->number, __VA_ARGS__))

/* Deliveries of the signals passed to effect_catch(), and the number of the last one. */
extern volatile int effect_signals, effect_last_signal;
void effect_catch(int signal);

long long effect_now(void);	/* ns since boot */

#endif
