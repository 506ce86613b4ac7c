/* The arguments and the environment that a program is given. */
#pragma once

#include "kernel/base/types.h"

struct arguments {
	struct frame *frames[16]; /* the strings one after another, each ended by NUL */
	u32 bytes, argc, envc;
};

void arguments_init(struct arguments *s);
void arguments_free(struct arguments *s);
/* Appends a kernel string to the arguments. => 0, -E2BIG, -ENOMEM */
int arguments_add(struct arguments *s, const char *text) MUST_CHECK;
/* Appends what OTHER, which has an argument, holds behind its first. => 0, -E2BIG, -ENOMEM */
int arguments_add_rest(struct arguments *s, const struct arguments *other) MUST_CHECK;

/* Takes over the user's arrays of strings at ARGV and ENVP (0: none). => 0, -E2BIG, -ENOMEM, -EFAULT; may sleep */
int arguments_collect(struct arguments *s, vaddr_t argv, vaddr_t envp) MUST_CHECK;

/* => the first string, which is there and ends within its page */
const char *arguments_first(const struct arguments *s);
