/* Blocks of free frames, for frame.c. */
#pragma once

#include "mm/frame.h"

extern u32 frame_buddy_counts[FRAME_STATES]; /* frames in each state; read by frame_count() */

/* The table at STORAGE describes COUNT frames, all RESERVED. */
void frame_buddy_init(struct frame *storage, u32 count);

/* Takes a block of 2^ORDER frames, which get state S. => its first frame; NULL: no free block is that large */
struct frame *frame_buddy_take(enum frame_state s, u32 order);

/* Frees the block that begins with F, or a single RESERVED frame. */
void frame_buddy_put(struct frame *f);

/* Joins the single frames that were freed with their buddies. */
void frame_buddy_join(void);
