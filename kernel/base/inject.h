/*
 * Failures on purpose: `fail=frame:N` on the command line (or in /proc/sys/vm/fail) makes allocations of frames fail,
 * `slot:N` of swap slots, `heap:N` of kernel memory, `disk:N` disk requests. Every path that handles a failure is then
 * taken sooner or later.
 *
 * A failed operation is often repeated as a whole. If it makes N requests and every N-th failed, no repetition would ever
 * succeed. So the distances between failures are N times 1, 1, 2, 1, 1, 2, 4, 1, 1, 2, ...: mostly short, but longer than
 * any given length now and then, so that every repeated operation succeeds in the end.
 *
 * Source: Luby, Sinclair, Zuckerman, "Optimal Speedup of Las Vegas Algorithms", 1993; the counting method is Knuth's.
 */
#pragma once

#include "kernel/base/types.h"

enum inject_point { INJECT_FRAME, INJECT_SLOT, INJECT_HEAP, INJECT_DISK, INJECT_POINTS };

struct thread;

/* Failures start here. Requests of FIRST, the first program, never fail: the machine stops when it ends. */
void inject_start(const struct thread *first);

/* "frame:100", or several with a space between them; "off" ends all. => false: not understood, nothing changed */
bool inject_set(const char *text) MUST_CHECK;

const char *inject_name(enum inject_point p);
/* => the N that was set for it; 0: it never fails */
u32 inject_every(enum inject_point p);

extern bool inject_armed; /* something may fail */
bool inject_decide(enum inject_point p);

/* => is this one to fail? */
static inline bool inject_now(enum inject_point p)
{
	return inject_armed && inject_decide(p);
}
