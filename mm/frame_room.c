/*
 * How many frames may be given out: reserves for each allocation class, the limit of `frames=N`, and the watermarks between
 * which the page-out daemon works.
 */
#include "mm/frame_room.h"

#define RESERVE_LEAST 8 /* frames */

struct frame_limits frame_room_limits;
static u32 high, min_pageable;
static u32 wanted_reserve; /* for faults; 0: by the size of memory */

u32 frame_limit(void) { return frame_room_limits.limit; }
u32 frame_usable(void) { return frame_limit() ? MIN(frame_limit(), frame_total()) : frame_total(); }
u32 frame_low(void) { return frame_room_limits.low; }
u32 frame_high(void) { return high; }
u32 frame_min_pageable(void) { return min_pageable; }

static u32 watermark(u32 frames)
{
	return MIN(MAX(frames / 32, 6), 512);
}

/* The daemon keeps up to `high` frames free, and the pages of tasks need at least as many again: `min_pageable`. */
void frame_room_update(void)
{
	u32 usable = frame_total() - frame_count(FRAME_RESERVED);
	u32 pageable = frame_limit() ? MIN(frame_limit(), usable) : usable;
	u32 *reserve = frame_room_limits.reserve;

	reserve[FRAME_FOR_DAEMON] = 0;
	reserve[FRAME_FOR_FAULT] = wanted_reserve ? wanted_reserve : MIN(MAX(usable / 128, RESERVE_LEAST), 128);
	reserve[FRAME_FOR_KERNEL] = 2 * reserve[FRAME_FOR_FAULT];
	frame_room_limits.low = watermark(pageable);
	frame_room_limits.plenty = frame_limit() ? ~0u : reserve[FRAME_FOR_KERNEL] + frame_room_limits.low;
	high = 2 * frame_room_limits.low;
	min_pageable = 4 * watermark(usable);
}

void frame_set_limit(u32 n)
{
	frame_room_limits.limit = n;
	frame_room_update();
}

u32 frame_reserve(void)
{
	return frame_room_limits.reserve[FRAME_FOR_FAULT];
}

bool frame_set_reserve(u32 frames)
{
	u32 usable = frame_total() - frame_count(FRAME_RESERVED);

	if (frames < RESERVE_LEAST || frames > usable / 16)
		return false;
	wanted_reserve = frames;
	frame_room_update();
	return true;
}

u32 frame_room_for(enum frame_class class)
{
	return MIN(frame_room_above_reserve(class), frame_room_below_limit());
}

u32 frame_room(void)
{
	return frame_room_for(FRAME_FOR_FAULT);
}
