/*
 * The floating-point unit. Its state is saved and loaded at each switch between threads that have one
 * (kernel/base/thread.c): with FXSAVE and FXRSTOR a lazy switch would save little, and it would cost a trap.
 */
#include "kernel/cpu/fpu.h"

#include "kernel/base/string.h"
#include "kernel/base/thread.h"

#define MXCSR_DEFAULT 0x1F80u /* all SIMD exceptions masked. [SDM1] "MXCSR Control and Status Register" */
#define MXCSR_OFFSET 24
#define MXCSR_MASK_OFFSET 28
#define MXCSR_MASK_DEFAULT 0xFFBFu /* the mask of a processor that stores 0 */
#define STATUS_OFFSET 4 /* in the area that FNSAVE writes */

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

/* --- signals ------------------------------------------------------------------------------------------------------- */

/*
 * FXSAVE does not write all of its area, so it is zeroed first: the rest must not leak to the program. FNSAVE resets
 * the unit.
 */
void fpu_to_frame(struct fpu_frame *f)
{
	memset(f, 0, sizeof(*f));
	__asm__ volatile("fxsave (%0); fnsave (%1); fxrstor (%0)" : : "r"(f->extended), "r"(f->legacy) : "memory");
	memcpy(&f->status, f->legacy + STATUS_OFFSET, sizeof(f->status));
}

/* FRSTOR would raise a pending exception, so the unit is reset before. */
void fpu_from_frame(struct fpu_frame *f)
{
	u32 mxcsr, mask;

	memcpy(&mask, fresh + MXCSR_MASK_OFFSET, sizeof(mask));
	memcpy(&mxcsr, f->extended + MXCSR_OFFSET, sizeof(mxcsr));
	mxcsr &= mask ? mask : MXCSR_MASK_DEFAULT;
	memcpy(f->extended + MXCSR_OFFSET, &mxcsr, sizeof(mxcsr));
	__asm__ volatile("fxrstor (%0); fninit; frstor (%1)" : : "r"(f->extended), "r"(f->legacy) : "memory");
}

u32 fpu_exceptions(bool simd)
{
	u16 control, status;
	u32 mxcsr;

	if (simd) {
		__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
		return mxcsr & ~(mxcsr >> 7);
	}
	__asm__ volatile("fnstcw %0; fnstsw %1" : "=m"(control), "=m"(status));
	return status & ~control;
}
