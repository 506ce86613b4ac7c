/*
 * The state is saved and loaded at each switch between tasks that have one (thread.c): with two instructions there is
 * nothing to gain from doing it lazily.
 */
#include "kernel/fpu.h"

#include "kernel/base/string.h"
#include "kernel/base/thread.h"

#define MXCSR_DEFAULT 0x1F80u /* all SIMD exceptions masked. [SDM1] "MXCSR Control and Status Register" */
#define MXCSR_OFFSET 24

static u8 fresh[FPU_BYTES] __attribute__((aligned(16)));

void fpu_init(void)
{
	u32 mxcsr = MXCSR_DEFAULT;

	__asm__ volatile("fninit; fxsave %0" : "=m"(fresh));
	memcpy(fresh + MXCSR_OFFSET, &mxcsr, sizeof(mxcsr));
}

void fpu_reset(void *state)
{
	memcpy(state, fresh, FPU_BYTES);
	if (thread_current()->fpu == state)
		__asm__ volatile("fxrstor (%0)" : : "r"(state) : "memory");
}

void fpu_copy_current(void *state)
{
	__asm__ volatile("fxsave (%0)" : : "r"(state) : "memory");
}
