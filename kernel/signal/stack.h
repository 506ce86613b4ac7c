/* The alternate signal stack: sigaltstack(2). */
#pragma once

#include "kernel/signal/signal.h"

enum { SS_ONSTACK = 1, SS_DISABLE = 2 };
#define SS_AUTODISARM 0x80000000u

/* => true: the stack pointer SP is on S; never with SS_AUTODISARM */
bool signal_stack_holds(const struct signal_stack *s, u32 sp);

/* => S as sigaltstack(2) reports it while the stack pointer is SP */
struct signal_stack signal_stack_state(const struct signal_stack *s, u32 sp);

/* Replaces *S by WANTED. => 0; -EPERM: SP is on *S, -EINVAL, -ENOMEM: WANTED is too small; nothing has changed */
int signal_stack_set(struct signal_stack *s, const struct signal_stack *wanted, u32 sp);
