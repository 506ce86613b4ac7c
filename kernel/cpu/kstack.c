/*
 * Kernel stacks. One that overflows reaches its unmapped guard page; the processor cannot push the frame of the page
 * fault there, and the double-fault task reports the overflow (gdt.c). Without the guard it would silently overwrite
 * the stack below it.
 */
#include "kernel/cpu/kstack.h"

#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/pagetable.h"

static u32 used_bits[(KSTACK_COUNT + 31) / 32];
static u32 used;

static vaddr_t bottom_of(u32 slot)
{
	return KSTACK_BASE + slot * KSTACK_SLOT + PAGE_SIZE;
}

static bool find_slot(u32 *slot)
{
	u32 word = 0;

	while (word < ARRAY_LEN(used_bits) && !~used_bits[word])
		word++;
	*slot = word * 32;
	if (word < ARRAY_LEN(used_bits))
		*slot += __builtin_ctz(~used_bits[word]);
	return *slot < KSTACK_COUNT;
}

void *kstack_alloc(u32 *slot)
{
	struct frame *low, *high;

	if (!find_slot(slot))
		return NULL;
	low = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);
	high = low ? frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL) : NULL;
	if (!high) {
		if (low)
			frame_free(low);
		return NULL;
	}
	pagetable_map_kernel(bottom_of(*slot), low);
	pagetable_map_kernel(bottom_of(*slot) + PAGE_SIZE, high);
	used_bits[*slot / 32] |= 1u << *slot % 32;
	used++;
	return (void *)(uintptr_t)(bottom_of(*slot) + KSTACK_SIZE);
}

void kstack_free(u32 slot)
{
	ASSERT(used_bits[slot / 32] & (1u << slot % 32));
	used_bits[slot / 32] &= ~(1u << slot % 32);
	used--;
	frame_free(pagetable_unmap_kernel(bottom_of(slot)));
	frame_free(pagetable_unmap_kernel(bottom_of(slot) + PAGE_SIZE));
}

u32 kstack_frames(void)
{
	return 2 * used;
}
