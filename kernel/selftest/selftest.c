/*
 * Self-checks at boot: what the host tests see of mm/ under sanitizers is seen here once more on the machine itself, with
 * its page tables, its TLB and its string instructions. Each part must give back what it took: frames and bytes of the heap
 * are counted before and after.
 */
#include "kernel/selftest/selftest.h"

#include "kernel/base/printk.h"
#include "mm/mm.h"

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "frames", selftest_frames },           { "heap", selftest_heap },
	{ "page tables", selftest_pagetable },   { "reverse map", selftest_rmap },
	{ "regions", selftest_regions },         { "user copies", selftest_usercopy },
	{ "slots", selftest_slots },             { "invariants", selftest_invariants },
};

static bool run_part(u32 i)
{
	u32 before = selftest_failures, free, bytes;

	selftest_part = parts[i].name;
	kmalloc_trim();
	free = frame_count(FRAME_FREE);
	bytes = kmalloc_bytes_used();
	parts[i].run();
	kmalloc_trim();
	EXPECT(frame_count(FRAME_FREE) == free);
	EXPECT(kmalloc_bytes_used() == bytes);
	printk("selftest: %s: %s\n", selftest_part, selftest_failures == before ? "ok" : "FAILED");
	return selftest_failures == before;
}

bool selftest_passes(void)
{
	bool ok = true;

	for (u32 i = 0; i < ARRAY_LEN(parts); i++)
		ok &= run_part(i);
	return ok;
}
