/* The arguments and the environment of a new program. */
#pragma once

#include "kernel/base/types.h"

struct arguments {
	struct frame *frames[16]; /* the strings one after another, each ended by NUL */
	u32 bytes, argc, envc;
};

void arguments_init(struct arguments *s);

/* Frees the frames; S is empty afterwards. Needed after an error of the functions below too. */
void arguments_free(struct arguments *s);

/* Appends a kernel string to the arguments. => 0, -E2BIG, -ENOMEM */
int arguments_add(struct arguments *s, const char *text) MUST_CHECK;

/* Appends all strings of OTHER, which has an argument, except the first. => 0, -E2BIG, -ENOMEM */
int arguments_add_rest(struct arguments *s, const struct arguments *other) MUST_CHECK;

/*
 * Copies the user's arrays of strings at ARGV and ENVP (0: none) to S, which is empty. => 0, -E2BIG, -ENOMEM, -EFAULT;
 * sleeps
 */
int arguments_collect(struct arguments *s, vaddr_t argv, vaddr_t envp) MUST_CHECK;

/* => the first string, which must exist and end within its page */
const char *arguments_first(const struct arguments *s);
