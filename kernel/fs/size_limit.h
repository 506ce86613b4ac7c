/* RLIMIT_FSIZE: how long the current task may make a file. */
#pragma once

#include "kernel/base/types.h"

/* => 0 if the current task may make a file SIZE bytes long; else -EFBIG, and it gets SIGXFSZ */
int size_limit_check(u64 size);

/* Reduces *N > 0 bytes, to be written at POS of a regular file, to what the limit permits. => 0; -EFBIG as above: none */
int size_limit_cut(u64 pos, u32 *n);
