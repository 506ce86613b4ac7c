/* Blocks of free frames, for frame.c. What runs for each single frame is inline. */
#pragma once

#include "mm/frame.h"

extern u32 frame_buddy_counts[FRAME_STATES]; /* frames in each state; read by frame_count() */

/* The table at STORAGE describes COUNT frames, all RESERVED. */
void frame_buddy_init(struct frame *storage, u32 count);

/* Takes a block of 2^ORDER frames, which get state S. => its first frame; NULL: no free block is that large */
struct frame *frame_buddy_take(enum frame_state s, u32 order);

/* Frees the block that begins with F, or a single RESERVED frame. */
void frame_buddy_put(struct frame *f);

/* Makes F free, with ORDER, and all in it but its link as in a new frame. */
static inline void frame_buddy_clear(struct frame *f, u32 order)
{
	f->state = FRAME_FREE;
	f->flags = 0;
	f->order = order;
	f->wires = 0;
	f->owner = NULL;
	f->index = f->block = 0;
}

/* The order of a frame that is loose: free by itself, in the list of these (frame_buddy.c). */
#define FRAME_BUDDY_LOOSE 0xFE
extern struct list frame_buddy_loose;

/* => is there a loose frame, that frame_buddy_take_loose() may take? (Poison is checked by frame_buddy_take() alone.) */
static inline bool frame_buddy_has_loose(void)
{
	return !list_empty(&frame_buddy_loose) && !frame_poisoning;
}

/* As frame_buddy_take(S, 0). */
static inline struct frame *frame_buddy_take_loose(enum frame_state s)
{
	struct frame *f = list_first(&frame_buddy_loose, struct frame, link);

	ASSERT_CMP(f->state, ==, FRAME_FREE);
	list_remove(&f->link);
	f->state = s;
	f->order = 0;
	frame_buddy_counts[FRAME_FREE]--;
	frame_buddy_counts[s]++;
	return f;
}

/* As frame_buddy_put(), short for a single frame. */
static inline void frame_buddy_put_one(struct frame *f)
{
	if (f->order || frame_poisoning) {
		frame_buddy_put(f);
		return;
	}
	frame_buddy_counts[f->state]--;
	frame_buddy_counts[FRAME_FREE]++;
	frame_buddy_clear(f, FRAME_BUDDY_LOOSE);
	list_push_front(&frame_buddy_loose, &f->link);
}

/* Joins the single frames that were freed with their buddies. */
void frame_buddy_join(void);
