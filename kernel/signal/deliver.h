/* Signals on the way back to user mode: see deliver.c. */
#pragma once

struct trapframe;

/*
 * The current task is about to go on in user mode with TF: what it has been sent and does not block is acted on, and an
 * interrupted call is ended or begun anew. May sleep. Afterwards thread_work_pending is set if the task is to end.
 */
void signal_deliver(struct trapframe *tf);

/* The system call that TF came for (its number still in EAX) is to return ERESTART or ERESTART_NO_HANDLER. */
void signal_call_interrupted(struct trapframe *tf);
