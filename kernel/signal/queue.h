/*
 * Signals from SIGRTMIN on that were sent and not yet taken: each by itself, in the order in which they came.
 */
#pragma once

#include "kernel/signal/signal.h"

/* => 0; -EAGAIN (too many wait), -ENOMEM: nothing has changed */
int signal_queue_add(struct list *queue, u32 signal, const struct signal_info *info, u32 most) MUST_CHECK;

/* The first with that number leaves; without one it was kill(2) that found no room. => true: another one waits */
bool signal_queue_take(struct list *queue, u32 signal, struct signal_info *info);

/* Takes all out whose bits are in SIGNALS. */
void signal_queue_forget(struct list *queue, u64 signals);

/* => how many wait, all tasks' together */
u32 signal_queue_length(void);
