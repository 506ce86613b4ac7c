/* Sleeping on a word in memory. futex_call.c uses futex_op.c and futex.c, futex_op.c uses futex.c. */
#pragma once

#include "kernel/base/types.h"
#include "mm/mapcall.h"

/* How often a task slept on a word, and was woken by another, since boot. */
extern u32 futex_sleeps, futex_wakes;

/*
 * Finds what identifies the current task's WORD to all tasks that share it. PRIVATE: no other address space shares it, so
 * nothing need be mapped.
 * => 1 and *PLACE; 0: nothing is mapped there, so there are no waiters; -EFAULT; may sleep before it looks
 */
s32 futex_find(vaddr_t word, bool private, struct mapcall_place *place);

/*
 * Sleeps until a wakeup of WORD that has one of BITS, or DEADLINE, if WORD is EXPECTED. => 0; -EAGAIN: it is not; -EFAULT;
 * -EINVAL: no bits; -ETIMEDOUT; RESTART: interrupted (an error that says whether the call may be restarted)
 */
s32 futex_wait(vaddr_t word, u32 expected, u32 bits, u64 deadline, s32 restart);

/* Wakes at most MOST waiters (at least one) at WORD that have one of BITS. => how many, -EFAULT, -EINVAL; sleeps */
s32 futex_wake(vaddr_t word, bool private, s32 most, u32 bits);

/* Atomically replaces the current task's word at WORD by NEW if it is OLD. => 0, -EAGAIN: it is not, -EFAULT; sleeps first */
int futex_exchange(vaddr_t word, u32 old, u32 new);

/*
 * FUTEX_REQUEUE with the call's arguments: wakes some waiters and moves others to another word; if COMPARE, only if the word
 * has the expected value. => how many both are, or an error; sleeps
 */
s32 futex_requeue(const u32 *arg, bool private, bool compare);

/* FUTEX_WAKE_OP with the call's arguments. => how many were woken, or an error; sleeps */
s32 futex_wake_op(const u32 *arg, bool private);
