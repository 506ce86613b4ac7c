/*
 * Fault injection: `fail=frame:N` on the command line (or in /proc/sys/vm/fail) makes allocations of frames fail,
 * `slot:N` those of swap slots, `heap:N` those of kernel memory, `disk:N` disk requests. So every error path is taken
 * sooner or later.
 *
 * A failed operation is often retried as a whole. If it makes N requests and every N-th request failed, no retry would
 * ever succeed. So the distances between failures are N times 1, 1, 2, 1, 1, 2, 4, 1, 1, 2, ...: mostly short, but now
 * and then longer than any given length, so that every retried operation succeeds in the end.
 *
 * Source: Luby, Sinclair, Zuckerman, "Optimal Speedup of Las Vegas Algorithms", 1993; the counting method is Knuth's.
 */
#pragma once

#include "kernel/base/types.h"

enum inject_point { INJECT_FRAME, INJECT_SLOT, INJECT_HEAP, INJECT_DISK, INJECT_POINTS };

struct thread;

/* Requests may fail from now on, except those of FIRST, the first program: the machine powers off when it ends. */
void inject_start(const struct thread *first);

/*
 * TEXT: "frame:100", or several such words with a space between them; "off" ends all. => false: not understood, nothing
 * changed
 */
bool inject_set(const char *text) MUST_CHECK;

const char *inject_name(enum inject_point p);
/* => the N that was set for P; 0: its requests never fail */
u32 inject_every(enum inject_point p);

extern bool inject_armed; /* some request may fail */
bool inject_decide(enum inject_point p);

/* Asked by each request of kind P. => true: this request must fail */
static inline bool inject_now(enum inject_point p)
{
	return inject_armed && inject_decide(p);
}
