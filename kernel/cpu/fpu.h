/* Floating-point state: 512 bytes per task as FXSAVE writes them. [SDM2] "FXSAVE - Save x87 FPU, MMX, XMM Registers" */
#pragma once

#include "kernel/base/types.h"

#define FPU_BYTES 512

/*
 * The state in a signal frame: what FNSAVE writes, for programs of before FXSAVE, then what FXSAVE writes. Where both tell
 * the same register, the first holds.
 */
struct fpu_frame {
	u8 legacy[108];
	u16 status;          /* the status word again */
	u16 magic;           /* 0: the extended part is there */
	u8 extended[FPU_BYTES];
} __attribute__((aligned(16)));
STATIC_ASSERT(sizeof(struct fpu_frame) == 624, "Linux's struct _fpstate of i386");
STATIC_ASSERT(offsetof(struct fpu_frame, extended) % 16 == 0, "FXSAVE wants it");

void fpu_init(void);           /* remembers the state of a fresh unit */
void fpu_reset(void *state);   /* a new program's; loads it if it is the current thread's */
void fpu_copy_current(void *state); /* the current thread's, as it is now */

void fpu_to_frame(struct fpu_frame *f); /* the current thread's */
/* The current thread gets the state in F, which may be anything: bits that the processor would refuse are cleared. */
void fpu_from_frame(struct fpu_frame *f);

/* Bits of both status words. [SDM1] "x87 FPU Status Register", "MXCSR Control and Status Register" */
enum { FPU_INVALID = 1, FPU_DENORMAL = 2, FPU_ZERO_DIVIDE = 4, FPU_OVERFLOW = 8, FPU_UNDERFLOW = 16, FPU_PRECISION = 32 };

/* => the exceptions that are raised and not masked, and other bits of the status word; SIMD: those of SSE */
u32 fpu_exceptions(bool simd);
