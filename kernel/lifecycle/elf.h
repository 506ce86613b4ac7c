/* ELF programs: checking the headers of a file and mapping its segments. */
#pragma once

#include "kernel/base/types.h"

struct addrspace;
struct memobj;

struct elf_image {
	vaddr_t entry;
	vaddr_t headers;      /* address of the program headers in memory; 0: they are not mapped */
	u32 header_count;
	vaddr_t end;          /* the end of the last segment, where the heap begins */
	bool wants_linker;    /* with -ENOEXEC: because the program is dynamically linked */
};

/*
 * Maps the program in OBJ, a file of SIZE bytes, into the empty space AS, and describes it in *IMAGE.
 * => 0; -ENOEXEC: no ELF program for this machine, or an invalid one, -ENOMEM, -EIO, -EINTR: AS contains a part of the
 * program and must be destroyed; sleeps
 */
int elf_load(struct addrspace *as, struct memobj *obj, u64 size, struct elf_image *image) MUST_CHECK;
