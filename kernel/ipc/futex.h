/* Sleeping on a word in memory. */
#pragma once

#include "kernel/base/types.h"
#include "mm/mapcall.h"

/* How often a task slept on a word, and was woken by another, since boot. */
extern u32 futex_sleeps, futex_wakes;

/*
 * Finds what identifies the current task's WORD to all tasks that share it. PRIVATE: no other space shares it, so nothing need
 * be mapped. => 1 and *PLACE; 0: nothing is mapped there, so there are no waiters; -EFAULT; may sleep before it looks
 */
s32 futex_find(vaddr_t word, bool private, struct mapcall_place *place);

/* Wakes at most MOST waiters (at least one) at WORD that have one of BITS. => how many, -EFAULT, -EINVAL; sleeps */
s32 futex_wake(vaddr_t word, bool private, s32 most, u32 bits);

/* Atomically replaces the current task's word at WORD by NEW if it is OLD. => 0, -EAGAIN: it is not, -EFAULT; sleeps first */
int futex_exchange(vaddr_t word, u32 old, u32 new);

/* FUTEX_WAKE_OP with the call's arguments. => how many were woken, or an error; sleeps */
s32 futex_wake_op(const u32 *arg, bool private);
