/*
 * Failures on purpose: `fail=frame:N` on the command line (or in /proc/sys/vm/fail) makes every N-th allocation of a
 * frame fail, `slot:N` of swap slots, `heap:N` of kernel memory, `disk:N` every N-th disk request. Every path that
 * handles a failure is then taken sooner or later.
 */
#pragma once

#include "kernel/base/types.h"

enum inject_point { INJECT_FRAME, INJECT_SLOT, INJECT_HEAP, INJECT_DISK, INJECT_POINTS };

/* Nothing fails before the first program runs. */
void inject_start(void);

/* "frame:100"; "off" ends all. => false: not understood, nothing changed */
bool inject_set(const char *text) MUST_CHECK;

extern bool inject_armed; /* something may fail */
bool inject_decide(enum inject_point p);

/* => is this one to fail? */
static inline bool inject_now(enum inject_point p)
{
	return inject_armed && inject_decide(p);
}
