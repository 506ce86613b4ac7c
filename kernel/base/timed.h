/* The threads that sleep until a deadline. For thread.c. */
#pragma once

#include "kernel/base/thread.h"

/* Adds T, which has a deadline and is not in the heap. */
void timed_add(struct thread *t);

/* Removes T, which is in the heap. */
void timed_remove(struct thread *t);

/* => the thread with the nearest deadline; NULL: none has one */
struct thread *timed_first(void);
