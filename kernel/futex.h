/* Sleeping on a word in memory. */
#pragma once

#include "kernel/base/types.h"
#include "mm/mapcall.h"

/* How often a task slept on a word, and was woken by another, since boot. */
extern u32 futex_sleeps, futex_wakes;

/*
 * In *PLACE where WORD of the current task really is. PRIVATE: no other space is concerned, so the word need not be there.
 * => 1; 0: nothing is mapped there, so nobody sleeps; -EFAULT; may sleep before it looks
 */
s32 futex_find(vaddr_t word, bool private, struct mapcall_place *place);

/* Wakes at most MOST waiters (at least one) at WORD that have one of BITS. => how many, -EFAULT, -EINVAL; sleeps */
s32 futex_wake(vaddr_t word, bool private, s32 most, u32 bits);

/* The current task's word at WORD becomes NEW if it is OLD. => 0, -EAGAIN: it is not, -EFAULT; sleeps before it looks */
int futex_exchange(vaddr_t word, u32 old, u32 new);

/* FUTEX_WAKE_OP with the call's arguments. => how many were woken, or an error; sleeps */
s32 futex_wake_op(const u32 *arg, bool private);
