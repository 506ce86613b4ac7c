/*
 * Clearing and copying frames, most of what a page fault executes: 16 bytes at a time where the processor has SSE. A
 * `rep stosl` of a page is 1024 steps for an emulator, this loop 320 instructions. (Real processors make wide stores of both.)
 *
 * The register that is used belongs to the interrupted program: the state of the FPU is saved only when threads are switched.
 * So its contents are put back. Nothing comes in between, since interrupts are off in the kernel, and the moves cause no
 * exceptions.
 *
 * Sources: [SDM2] "MOVAPS"; [SDM3] "Control Registers": OSFXSR and OSXMMEXCPT, which boot.S sets if there is SSE.
 */
#include "mm/frame.h"

#include "kernel/base/cpu.h"
#include "kernel/base/string.h"

#define STEP 128 /* bytes in a round of a loop */
STATIC_ASSERT(PAGE_SIZE % STEP == 0, "whole rounds");

#if defined(__i386__)

struct xmm {
	u8 bytes[16];
};

static bool has_sse(void)
{
	return cpu_cr4() & CR4_OSXMMEXCPT;
}

#define ROUND(move) move(0) move(16) move(32) move(48) move(64) move(80) move(96) move(112)
#define STORE(at) "movaps %%xmm0, " #at "(%[to],%[i])\n\t"
#define MOVE(at) "movaps " #at "(%[from],%[i]), %%xmm0\n\tmovaps %%xmm0, " #at "(%[to],%[i])\n\t"
#define LOOP(move) "1:\n\t" ROUND(move) "sub $-128, %[i]\n\tjne 1b\n\t"

static void zero_wide(u8 *to)
{
	s32 i = -PAGE_SIZE;
	struct xmm program;

	__asm__ volatile("movups %%xmm0, %[program]\n\t"
			 "xorps %%xmm0, %%xmm0\n" LOOP(STORE)
			 "movups %[program], %%xmm0"
			 : [i] "+r"(i), [program] "=m"(program) : [to] "r"(to + PAGE_SIZE) : "memory", "cc");
}

static void copy_wide(u8 *to, const u8 *from)
{
	s32 i = -PAGE_SIZE;
	struct xmm program;

	__asm__ volatile("movups %%xmm0, %[program]\n" LOOP(MOVE)
			 "movups %[program], %%xmm0"
			 : [i] "+r"(i), [program] "=m"(program)
			 : [to] "r"(to + PAGE_SIZE), [from] "r"(from + PAGE_SIZE) : "memory", "cc");
}

#else

static bool has_sse(void) { return false; }
static void zero_wide(u8 *to) { (void)to; }
static void copy_wide(u8 *to, const u8 *from) { (void)to, (void)from; }

#endif

void frame_zero(struct frame *f)
{
	if (has_sse())
		zero_wide(frame_ptr(f));
	else
		memset_words(frame_ptr(f), 0, PAGE_SIZE / sizeof(u32));
}

void frame_copy(struct frame *to, const struct frame *from)
{
	if (has_sse())
		copy_wide(frame_ptr(to), frame_ptr(from));
	else
		memcpy_words(frame_ptr(to), frame_ptr(from), PAGE_SIZE / sizeof(u32));
}
