/*
 * Backtraces with names.
 *
 * The table is sorted by address. A chain of frames is followed only while it leads upwards through
 * mapped kernel memory, since a broken stack may be the reason for the backtrace. The kernel is
 * compiled with frame pointers, and cpu/trap.S pushes a frame of the same form between a trap and
 * the code that it interrupted.
 */
#include "kernel/base/symbols.h"

#include "kernel/base/pagewalk.h"
#include "kernel/base/printk.h"
#include "mm/layout.h"

#define FRAMES_MAX 32u

struct symbol {
	u32 address;
	u32 name; /* offset in symbol_names */
};

extern const struct symbol symbol_table[];
extern const char symbol_names[];
extern const u32 symbol_count;
extern const char kernel_start[], kernel_text_end[];

const char *symbol_find(u32 address, u32 *offset)
{
	u32 low = 0, high = symbol_count;

	if (address < (u32)(uintptr_t)kernel_start || address >= (u32)(uintptr_t)kernel_text_end)
		return NULL;
	while (low < high) { /* LOW becomes the first symbol above ADDRESS */
		u32 middle = (low + high) / 2;

		if (symbol_table[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	*offset = address - symbol_table[low - 1].address;
	return symbol_names + symbol_table[low - 1].name;
}

static void print_one(u32 address)
{
	u32 offset;
	const char *name = symbol_find(address, &offset);

	if (name)
		printk("  %08x  %s+%#x\n", address, name, offset);
	else
		printk("  %08x  %s\n", address,
		       address < KERNEL_BASE ? "(user code)" : "(no function)");
}

void symbol_backtrace(u32 eip, u32 ebp)
{
	printk("backtrace:\n");
	print_one(eip);
	for (u32 depth = 0; depth < FRAMES_MAX; depth++) {
		const u32 *frame = (const u32 *)(uintptr_t)ebp;

		if (ebp < KERNEL_BASE || ebp % 4 || !pagewalk_present(ebp) ||
		    !pagewalk_present(ebp + 4))
			return;
		if (!frame[1])
			return;
		print_one(frame[1]);
		if (frame[0] <= ebp)
			return;
		ebp = frame[0];
	}
}
