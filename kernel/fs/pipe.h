/* The size of a pipe, for fcntl. */
#pragma once

#include "kernel/base/types.h"

struct file;

/* => the capacity of F's pipe in bytes; -EBADF: F is no pipe */
s32 pipe_size(const struct file *f);
/* Sets the capacity of F's pipe to BYTES. May sleep. => as pipe_ring_resize(), -EBADF; -EINTR: the task is killed */
s32 pipe_set_size(struct file *f, u32 bytes);
