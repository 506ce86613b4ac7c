/* The stack that a program finds when it begins. */
#pragma once

#include "kernel/task/task.h"

struct addrspace;
struct elf_image;
struct arguments;

/*
 * Maps the stack and writes strings, auxiliary vector, envp, argv and argc as Linux lays them out.
 * => 0 and the stack pointer in *SP, in RANGES the environment's strings and the auxiliary vector, or -ENOMEM, -EINTR; may sleep
 */
int first_stack_build(struct addrspace *as, const struct arguments *s, const struct elf_image *image, vaddr_t *sp,
		struct user_range ranges[2]) MUST_CHECK;
