/* The size of a pipe, for fcntl. */
#pragma once

#include "kernel/base/types.h"

struct file;

/* => bytes that F's pipe takes; -EBADF: F is no pipe */
s32 pipe_size(const struct file *f);
/* F's pipe takes BYTES. May sleep. => as pipe_ring_resize(), -EBADF, -EINTR: the task is to die */
s32 pipe_set_size(struct file *f, u32 bytes);
