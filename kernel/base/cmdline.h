/* The kernel command line: words, `name` or `name=value`; after `--` the first program's arguments. */
#pragma once

#include "kernel/base/types.h"

void cmdline_init(const char *text);       /* keeps a copy */
const char *cmdline_text(void);
bool cmdline_flag(const char *name);       /* => does the command line contain the bare word NAME? */

/* => the value of the last `name=value`, valid forever; NULL: there is none */
const char *cmdline_value(const char *name);

/* => the same as a number; OTHERWISE if there is none, or if it is malformed, which is reported */
u32 cmdline_u32(const char *name, u32 otherwise);

const char *cmdline_init_args(void);       /* => the text after `--`, or "" */

/* Reports a truncated command line, unknown words, and unknown values of settings with a fixed set of values. */
void cmdline_report(void);

/*
 * Cuts the text in BUF into words at blanks, in place. '...' and "..." quote blanks; a backslash outside '...' quotes
 * the next character.
 * => the number of words stored in ARGV, at most MAX; they point into BUF
 */
u32 cmdline_split(char *buf, const char **argv, u32 max);
