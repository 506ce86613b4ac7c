/*
 * The state is saved and loaded at each switch between tasks that have one (thread.c): with two instructions there is
 * nothing to gain from doing it lazily.
 */
#include "kernel/cpu/fpu.h"

#include "kernel/base/string.h"
#include "kernel/base/thread.h"

#define MXCSR_DEFAULT 0x1F80u /* all SIMD exceptions masked. [SDM1] "MXCSR Control and Status Register" */
#define MXCSR_OFFSET 24
#define MXCSR_MASK_OFFSET 28
#define MXCSR_MASK_DEFAULT 0xFFBFu /* where the processor says 0 */
#define STATUS_OFFSET 4 /* in what FNSAVE writes */

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

/* FXSAVE leaves some of its area as it is: it must not show what else was there. FNSAVE empties the unit. */
void fpu_to_frame(struct fpu_frame *f)
{
	memset(f, 0, sizeof(*f));
	__asm__ volatile("fxsave (%0); fnsave (%1); fxrstor (%0)" : : "r"(f->extended), "r"(f->legacy) : "memory");
	memcpy(&f->status, f->legacy + STATUS_OFFSET, sizeof(f->status));
}

/* FRSTOR would raise what is pending, so that the unit is emptied before. */
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
