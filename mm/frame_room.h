/* What frame.c needs of frame_room.c besides the functions in frame.h; inline, since each allocation asks. */
#pragma once

#include "mm/frame_buddy.h"

/* For the functions below. */
struct frame_limits {
	u32 reserve[FRAME_FOR_DAEMON + 1];
	u32 limit, low;
	u32 plenty; /* with so many free frames none is refused, and the daemon need not work; never so with a limit */
};
extern struct frame_limits frame_room_limits;

/* Computes reserves and watermarks anew: the number of frames has changed. */
void frame_room_update(void);

/* => free frames that CLASS may have */
static inline u32 frame_room_above_reserve(enum frame_class class)
{
	u32 free = frame_buddy_counts[FRAME_FREE], reserve = frame_room_limits.reserve[class];

	return free > reserve ? free - reserve : 0;
}

/* => frames that may become pages under `frames=N` */
static inline u32 frame_room_below_limit(void)
{
	u32 pages = frame_buddy_counts[FRAME_ANON] + frame_buddy_counts[FRAME_FILE];

	if (!frame_room_limits.limit)
		return frame_table_length;
	return pages < frame_room_limits.limit ? frame_room_limits.limit - pages : 0;
}

/* => are there so many free frames that the functions above need not be asked about one? */
static inline bool frame_room_is_plentiful(void)
{
	return frame_buddy_counts[FRAME_FREE] >= frame_room_limits.plenty;
}

/* => is there less room than frame_low()? */
static inline bool frame_room_is_low(void)
{
	return MIN(frame_room_above_reserve(FRAME_FOR_FAULT), frame_room_below_limit()) < frame_room_limits.low;
}
