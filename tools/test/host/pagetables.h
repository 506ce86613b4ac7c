/* What the tests of page tables and of the reverse map share: two page tables, and a program's accesses through the loaded one. */
#pragma once

#include "host.h"
#include "kernel/base/cpu.h"
#include "mm/pagetable.h"

#define VA 0x10000000u

static struct pagetable a, b;

static inline void start(void)
{
	host_boot(2048, 0);
	CHECK(pagetable_create(&a) && pagetable_create(&b));
	cpu_set_cr3(a.cr3);
}

static inline struct frame *new_frame(u32 value)
{
	struct frame *f = frame_alloc_zeroed(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);

	CHECK(f);
	*(u32 *)frame_ptr(f) = value;
	return f;
}

/* => what a program reads at VA; 0: it faults */
static inline u32 load(vaddr_t va)
{
	u32 error, *word = host_access(va, false, true, &error);

	return word ? *word : 0;
}

static inline bool store(vaddr_t va, u32 value)
{
	u32 error, *word = host_access(va, true, true, &error);

	if (word)
		*word = value;
	return word;
}
