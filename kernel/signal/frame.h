/* The frame on the user's stack in which a handler finds what it interrupted: see frame.c. */
#pragma once

#include "kernel/signal/signal.h"

struct trapframe;

/* siginfo_t of sigaction(2). */
struct siginfo {
	s32 signal, error, code;
	union {
		struct {
			u32 pid, uid, status, user_ticks, system_ticks; /* times are not told */
		};
		u32 address;
		u32 words[29];
	};
};
STATIC_ASSERT(sizeof(struct siginfo) == 128, "Linux's layout");

/* INFO in Linux's layout. */
void signal_frame_tell(struct siginfo *to, u32 signal, const struct signal_info *info);

/*
 * Writes the state TF of the current task, to which a handler of ACTION will return with MASK blocked, onto its stack, and
 * makes TF the start of the handler. Sleeps. => false: it cannot be written; TF is as it was
 */
bool signal_frame_push(struct trapframe *tf, u32 signal, const struct signal_action *action,
		       const struct signal_info *info, u64 mask) MUST_CHECK;

/*
 * The handler has returned, and TF is its sigreturn (EXTENDED: rt_sigreturn): TF, floating-point state, mask and alternate
 * stack become what the frame says, as far as a program may have them. Sleeps. => false: there is no such frame
 */
bool signal_frame_pop(struct trapframe *tf, bool extended) MUST_CHECK;
