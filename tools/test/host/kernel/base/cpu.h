/*
 * The processor as the host tests have it: it stands in front of the kernel's own kernel/base/cpu.h. CR3 is a variable and
 * the TLB a table (mmu.c), so that an entry that was changed and not flushed is still used, as on hardware.
 */
#pragma once

#include "kernel/base/types.h"

u32 cpu_cr3(void);
void cpu_set_cr3(u32 v);
void cpu_invlpg(vaddr_t va);

/* The host tests measure no time. */
static inline u64 cpu_tsc(void)
{
	return 0;
}
