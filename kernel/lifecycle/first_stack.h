/* The initial stack of a program. */
#pragma once

#include "kernel/task/task.h"

struct addrspace;
struct elf_image;
struct arguments;

/*
 * Maps the stack in AS, and writes strings, auxiliary vector, envp, argv and argc in Linux's layout.
 * => 0, the stack pointer in *SP, and in RANGES where the environment's strings and the auxiliary vector are; -ENOMEM,
 * -EINTR; sleeps
 */
int first_stack_build(struct addrspace *as, const struct arguments *s, const struct elf_image *image, vaddr_t *sp,
		struct user_range ranges[2]) MUST_CHECK;
