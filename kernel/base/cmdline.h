/* The kernel command line: words, `name` or `name=value`; after `--` the first program's arguments. */
#pragma once

#include "kernel/base/types.h"

void cmdline_init(const char *text);       /* keeps a copy */
const char *cmdline_text(void);
bool cmdline_flag(const char *name);       /* is the bare word there? */

/* The value of the last `name=value`, or NULL. Stays valid for ever. */
const char *cmdline_value(const char *name);
u32 cmdline_u32(const char *name, u32 otherwise); /* malformed: reported, OTHERWISE */
const char *cmdline_init_args(void);       /* the text after `--`, or "" */

/* Reports a line longer than the kernel keeps, unknown words, and unknown values of words with a fixed set of values. */
void cmdline_report(void);

/*
 * Cuts the text in BUF at blanks, in place; '...' and "..." keep blanks, a backslash outside '...' takes the next
 * character as it is.
 * => the number of words put into ARGV, at most MAX; they point into BUF
 */
u32 cmdline_split(char *buf, const char **argv, u32 max);
