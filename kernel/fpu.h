/* Floating-point state: 512 bytes per task as FXSAVE writes them. [SDM2] "FXSAVE - Save x87 FPU, MMX, XMM Registers" */
#pragma once

#define FPU_BYTES 512

void fpu_init(void);           /* remembers the state of a fresh unit */
void fpu_reset(void *state);   /* a new program's; loads it if it is the current thread's */
void fpu_copy_current(void *state); /* the current thread's, as it is now */
