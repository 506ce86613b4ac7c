/* The frame on the user's stack that holds the interrupted state while a handler runs: see frame.c. */
#pragma once

#include "kernel/signal/signal.h"

struct trapframe;

/* siginfo_t of sigaction(2). */
struct siginfo {
	s32 signal, error, code;
	union {
		struct {
			u32 pid, uid, status, user_ticks, system_ticks; /* the times are always 0 */
		};
		u32 address;
		u32 words[29];
	};
};
STATIC_ASSERT(sizeof(struct siginfo) == 128, "Linux's layout");

/* Converts SIGNAL and INFO to Linux's layout. */
void signal_frame_siginfo(struct siginfo *to, u32 signal, const struct signal_info *info);

/*
 * Pushes the current task's state TF and MASK, which sigreturn will restore, on the user's stack, and sets TF to the
 * start of ACTION's handler. Sleeps. => false: the frame cannot be written; TF is unchanged
 */
bool signal_frame_push(struct trapframe *tf, u32 signal, const struct signal_action *action,
		       const struct signal_info *info, u64 mask) MUST_CHECK;

/*
 * TF is a call of sigreturn (EXTENDED: rt_sigreturn): restores TF, the floating-point state, the mask and the alternate
 * stack from the frame, except for values that a program may not have. Sleeps. => false: the frame cannot be read
 */
bool signal_frame_pop(struct trapframe *tf, bool extended) MUST_CHECK;
