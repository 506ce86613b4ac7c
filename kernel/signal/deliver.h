/* Delivery of signals before the return to user mode: see deliver.c. */
#pragma once

struct trapframe;

/*
 * The current task is about to return to user mode with TF: delivers its pending unblocked signals, and fails or
 * restarts an interrupted call. May sleep. thread_work_pending is set afterwards if the task has been killed.
 */
void signal_deliver(struct trapframe *tf);

/* The system call of TF, whose number is still in EAX, has returned -ERESTART or -ERESTART_NO_HANDLER. */
void signal_call_interrupted(struct trapframe *tf);
