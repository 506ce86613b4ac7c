/* Locks on whole files, which bind those that ask for them: flock(2). */
#pragma once

#include "kernel/fs/file.h"

/* F gives up its lock if it holds one. Never sleeps. */
void flock_release(struct file *f);

/* F gets a lock of that kind, in place of one that it holds. => 0; -EAGAIN: it would have to WAIT; -ERESTART; may sleep */
int flock_take(struct file *f, enum file_lock wanted, bool wait);
