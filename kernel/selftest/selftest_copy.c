/*
 * Self-checks of user copies at every size edge of regions of one and of two pages, with holes around them: the answer is
 * exact to the byte, and no byte outside what was asked for changes.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/selftest/selftest.h"
#include "kernel/task/task.h"
#include "mm/mm.h"

#define ONE 0x20001000u  /* a hole, one page, a hole, */
#define TWO 0x20003000u  /* two pages, a hole, */
#define READ_ONLY 0x20006000u
#define BYTES (2 * PAGE_SIZE + 64)

static const u32 lengths[] = {
	0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 4079, 4080, 4081, 4091, 4092, 4093, 4094, 4095, 4096, 4097, 4098,
	4099, 4100, 4101, 8187, 8188, 8189, 8190, 8191, 8192, 8193, 8194, 8195, 8200,
};
static const s32 offsets[] = { -9, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 8, 9, 17 };

static u8 *source, *target; /* BYTES each */

/* => how many of the N bytes at VA can be copied: those up to the first byte that is not in [START, END) */
static u32 possible(vaddr_t va, u32 n, vaddr_t start, vaddr_t end)
{
	return va >= start && va < end ? MIN(n, end - va) : 0;
}

static void check_in(vaddr_t va, u32 n, u32 can)
{
	memset(target, 0xEE, BYTES);
	EXPECT(usercopy_in_partial(target, va, n) == n - can);
	EXPECT(memcmp(target, (const void *)(uintptr_t)va, can) == 0);
	EXPECT(target[n] == 0xEE && target[MIN(can, BYTES - 1)] == 0xEE);
	EXPECT(usercopy_in(target, va, n) == (can == n ? 0 : -EFAULT));
}

/* What was stored is there, and the byte behind it and the one before it are as they were. */
static void check_out(vaddr_t va, u32 n, u32 can, vaddr_t start, vaddr_t end)
{
	u8 *user = (u8 *)(uintptr_t)va;

	memset((void *)(uintptr_t)start, 0x77, end - start);
	EXPECT(usercopy_out_partial(va, source, n) == n - can);
	EXPECT(memcmp(user, source, can) == 0);
	if (can && va > start)
		EXPECT(user[-1] == 0x77);
	if (can && va + can < end)
		EXPECT(user[can] == 0x77);
	EXPECT(usercopy_out(va, source, n) == (can == n ? 0 : -EFAULT));
	EXPECT(usercopy_zero_partial(va, n) == n - can);
	for (u32 i = 0; i < can; i += MAX(1, can - 1))
		EXPECT(user[i] == 0);
}

static void check_region(vaddr_t start, vaddr_t end)
{
	memset((void *)(uintptr_t)start, 0x77, end - start);
	for (u32 o = 0; o < 2 * ARRAY_LEN(offsets); o++) {
		vaddr_t va = (o % 2 ? start : end) + offsets[o / 2];

		for (u32 i = 0; i < ARRAY_LEN(lengths); i++) {
			u32 can = possible(va, lengths[i], start, end);

			check_in(va, lengths[i], can);
			check_out(va, lengths[i], can, start, end);
		}
	}
}

static void check_strings(void)
{
	char *end = (char *)(uintptr_t)(TWO + 2 * PAGE_SIZE), *text = (char *)target;

	memset(end - 2 * PAGE_SIZE, 'x', 2 * PAGE_SIZE);
	EXPECT(usercopy_string(text, TWO + 2 * PAGE_SIZE - 5, 100) == -EFAULT);
	EXPECT(usercopy_string(text, TWO + 2 * PAGE_SIZE - 5, 5) == -ENAMETOOLONG);
	EXPECT(usercopy_string(text, TWO, PAGE_SIZE + 1) == -ENAMETOOLONG);
	end[-1] = '\0';
	EXPECT(usercopy_string(text, TWO + 2 * PAGE_SIZE - 5, 100) == 4 && strcmp(text, "xxxx") == 0);
	EXPECT(usercopy_string(text, TWO + 2 * PAGE_SIZE - 5, 5) == 4);
	EXPECT(usercopy_string(text, TWO + 2 * PAGE_SIZE - 5, 4) == -ENAMETOOLONG);
	EXPECT(usercopy_string(text, TWO + 2 * PAGE_SIZE - 1, 1) == 0);
	EXPECT(usercopy_string(text, TWO, BYTES) == 2 * PAGE_SIZE - 1);
	EXPECT(usercopy_string(text, TWO - 1, 10) == -EFAULT);
	EXPECT(usercopy_string(text, USER_END, 10) == -EFAULT);
}

/* Nothing of the kernel's, nothing that wraps round, nothing at 0; and no store where only reading is allowed. */
static void check_refused(void)
{
	static const struct {
		vaddr_t va;
		u32 n;
	} bad[] = {
		{ 0, 1 }, { 0, 4096 }, { USER_END, 1 }, { USER_END - 1, 1 }, { USER_END - 1, 2 }, { USER_END, 0x40000000 },
		{ KERNEL_BASE + KERNEL_LOAD, 4 }, { 0xFFFFFFFF, 1 }, { 0xFFFFFFFF, 2 }, { 0xFFFFF000, 8192 },
		{ KSTACK_BASE, 4 }, { DIRECT_END, 4 }, { 1, 0xFFFFFFFF }, { ONE - 1, 2 },
	};

	for (u32 i = 0; i < ARRAY_LEN(bad); i++) {
		u32 n = MIN(bad[i].n, BYTES);

		EXPECT(usercopy_in(target, bad[i].va, n) == -EFAULT);
		EXPECT(usercopy_out(bad[i].va, source, n) == -EFAULT);
		EXPECT(usercopy_zero_partial(bad[i].va, bad[i].n) == bad[i].n);
	}
	EXPECT(usercopy_in(target, READ_ONLY, PAGE_SIZE) == 0);
	EXPECT(usercopy_out(READ_ONLY, source, 1) == -EFAULT);
	EXPECT(usercopy_out_partial(READ_ONLY + 100, source, 100) == 100);
	EXPECT(*(volatile u8 *)(uintptr_t)READ_ONLY == 0);
}

static bool selftest_copy_map(struct addrspace *as, vaddr_t start, u32 pages, u32 prot)
{
	return EXPECT(addrspace_map(as, start, pages * PAGE_SIZE, prot, prot, 0, NULL, 0) == 0);
}

void selftest_usercopy(void)
{
	struct addrspace *as = addrspace_create(1);

	source = kmalloc(BYTES);
	target = kmalloc(BYTES);
	if (EXPECT(as && source && target) && selftest_copy_map(as, ONE, 1, REGION_READ | REGION_WRITE) &&
	    selftest_copy_map(as, TWO, 2, REGION_READ | REGION_WRITE) && selftest_copy_map(as, READ_ONLY, 1, REGION_READ)) {
		for (u32 i = 0; i < BYTES; i++)
			source[i] = (u8)(1 + i % 101);
		task_enter_space(task_current(), as);
		/* the first touch comes from the kernel */
		EXPECT(usercopy_out(ONE, source, PAGE_SIZE) == 0 && usercopy_out(TWO, source, 2 * PAGE_SIZE) == 0);
		check_region(ONE, ONE + PAGE_SIZE);
		check_region(TWO, TWO + 2 * PAGE_SIZE);
		check_strings();
		check_refused();
		task_enter_space(task_current(), NULL);
	}
	if (as)
		addrspace_destroy(as);
	kfree(source);
	kfree(target);
}
