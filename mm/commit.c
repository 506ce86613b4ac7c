/*
 * The sum of the promised pages. Regions and shared objects count themselves; their creator asks commit_allows() first.
 */
#include "mm/commit.h"

#include "kernel/base/div64.h"
#include "mm/frame.h"
#include "mm/slot.h"

enum commit_mode commit_mode = COMMIT_GUESS;
u32 commit_ratio = 50;
u32 commit_pages;

u32 commit_limit(void)
{
	u32 memory = frame_total() - frame_count(FRAME_RESERVED);
	u32 rest;

	return (u32)div64((u64)memory * commit_ratio, 100, &rest) + slot_total();
}

u32 commit_promised(void)
{
	return commit_pages;
}

bool commit_decide(u32 pages)
{
	if (commit_mode == COMMIT_GUESS)
		return pages <= frame_total() + slot_total();
	return commit_mode == COMMIT_ALWAYS || (commit_pages + pages >= pages && commit_pages + pages <= commit_limit());
}
