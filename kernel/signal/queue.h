/* Pending signals from SIGRTMIN on: each is queued with its own information, in the order in which they were sent. */
#pragma once

#include "kernel/signal/signal.h"

/* Appends a signal. => 0; -EAGAIN: all queues together hold MOST already, -ENOMEM: nothing has changed */
int signal_queue_add(struct list *queue, u32 signal, const struct signal_info *info, u32 most) MUST_CHECK;

/*
 * Removes the first signal with that number; *INFO becomes its information, or that of a plain kill(2) if the signal
 * was sent when the queue was full. => true: another one with that number is queued
 */
bool signal_queue_take(struct list *queue, u32 signal, struct signal_info *info);

/* Removes all signals whose bits are in SIGNALS. */
void signal_queue_forget(struct list *queue, u64 signals);

/* => the number of queued signals of all tasks */
u32 signal_queue_length(void);
