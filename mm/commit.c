/*
 * The sum of the promised pages. Regions and shared objects count themselves; their creator asks commit_allows() first.
 */
#include "mm/commit.h"

#include "kernel/base/div64.h"
#include "kernel/base/panic.h"
#include "mm/frame.h"
#include "mm/slot.h"

enum commit_mode commit_mode = COMMIT_GUESS;
u32 commit_ratio = 50;
static u32 promised;

u32 commit_limit(void)
{
	u32 memory = frame_total() - frame_count(FRAME_RESERVED);
	u32 rest;

	return (u32)div64((u64)memory * commit_ratio, 100, &rest) + slot_total();
}

u32 commit_promised(void)
{
	return promised;
}

bool commit_allows(u32 pages)
{
	switch (commit_mode) {
	case COMMIT_ALWAYS:
		return true;
	case COMMIT_STRICT:
		return promised + pages >= pages && promised + pages <= commit_limit();
	default:
		return pages <= frame_total() + slot_total();
	}
}

void commit_count(s32 pages)
{
	ASSERT(pages >= 0 || promised >= (u32)-pages);
	promised += pages;
}
