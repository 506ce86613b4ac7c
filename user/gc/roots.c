/*
 * roots.c - the roots: registers, stack, data and bss.
 *
 * The caller has put the registers on the stack. /proc/self/maps tells where the stack ends, the linker where data begins and
 * bss ends. On another stack, for instance a signal's, it is not known how much of the first one is in use.
 */
#include "inside.h"

#include "lib/heap.h"

#include <proc.h>
#include <string.h>
#include <unistd.h>

extern char __data_start[], _end[];

static uint32_t low, high;			/* the stack as it was when it was last looked up */

/* Not every environment names the first stack, valgrind does not; but the environment strings are there. */
static void find_stack(const struct proc_region *region, uint32_t stack)
{
	if (stack - region->start >= region->end - region->start)
		return;
	if (strcmp(region->name, "[stack]") != 0 && (uint32_t)environ - region->start >= region->end - region->start)
		return;
	low = region->start;
	high = region->end;
}

bool roots_find(uint32_t stack)
{
	if (stack - low >= high - low)
		regions_each(find_stack, stack);
	return stack - low < high - low;
}

void roots_scan(uint32_t stack)
{
	gc_collector->scan(stack, high);
	gc_collector->scan((uint32_t)__data_start, (uint32_t)&gc_counts);
	gc_collector->scan((uint32_t)(&gc_counts + 1), (uint32_t)_end);
}
