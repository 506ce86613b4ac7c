/* Locks on whole files, which bind those who ask for them: flock(2). */
#pragma once

struct file;

/* F, whose last reference is gone, gives up its lock if it holds one. Never sleeps. */
void flock_release(struct file *f);
