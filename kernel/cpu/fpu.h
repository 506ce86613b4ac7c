/*
 * Floating-point state: 512 bytes per task, in the format of FXSAVE.
 *
 * Source: [SDM2] "FXSAVE - Save x87 FPU, MMX Technology, and SSE State".
 */
#pragma once

#include "kernel/base/types.h"

#define FPU_BYTES 512

/*
 * The state in a signal frame: in the format of FNSAVE, for programs older than FXSAVE, and again in that of FXSAVE.
 * For registers that are in both, the first counts.
 */
struct fpu_frame {
	u8 legacy[108];
	u16 status;          /* the status word once more */
	u16 magic;           /* 0: there is an extended part */
	u8 extended[FPU_BYTES];
} __attribute__((aligned(16)));
STATIC_ASSERT(sizeof(struct fpu_frame) == 624, "Linux's struct _fpstate of i386");
STATIC_ASSERT(offsetof(struct fpu_frame, extended) % 16 == 0, "FXSAVE requires it");

void fpu_init(void);                /* stores the initial state of the unit, for fpu_reset() */
void fpu_reset(void *state);        /* writes the initial state to STATE; loads it if STATE is the current thread's */
void fpu_copy_current(void *state); /* writes the current thread's registers to STATE */

/* Writes the current thread's state to F. */
void fpu_to_frame(struct fpu_frame *f);
/*
 * Loads the current thread's state from F, which may contain anything: bits that the processor would refuse are
 * cleared.
 */
void fpu_from_frame(struct fpu_frame *f);

/* Bits of both status words. [SDM1] "x87 FPU Status Register", "MXCSR Control and Status Register" */
enum { FPU_INVALID = 1, FPU_DENORMAL = 2, FPU_ZERO_DIVIDE = 4, FPU_OVERFLOW = 8, FPU_UNDERFLOW = 16, FPU_PRECISION = 32 };

/*
 * => exceptions that are raised and unmasked, among other bits of the status word; SIMD: those of SSE, else of the x87
 */
u32 fpu_exceptions(bool simd);
