/* ELF programs: what a file says about itself, checked, and how it is mapped. */
#pragma once

#include "kernel/base/types.h"

struct addrspace;
struct memobj;

struct elf_image {
	vaddr_t entry;
	vaddr_t headers;      /* where the program headers lie in memory; 0: nowhere */
	u32 header_count;
	vaddr_t end;          /* behind the last segment: the heap begins there */
	bool wants_linker;    /* -ENOEXEC because it is dynamically linked */
};

/*
 * Maps the program in OBJ, a file of SIZE bytes, into the empty space AS.
 * => 0, -ENOEXEC (no ELF for this machine, or one that lies), -ENOMEM, -EIO, -EINTR; may sleep. After an error AS
 * holds a part of the program and is to be destroyed.
 */
int elf_load(struct addrspace *as, struct memobj *obj, u64 size, struct elf_image *image) MUST_CHECK;
