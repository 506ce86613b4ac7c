/*
 * Allocating and freeing frames: may the thread have one, and which threads must be woken.
 *
 * The layers below: blocks of free frames (frame_buddy.c), how many may be given out (frame_room.c), and the queue of the
 * threads that wait for one (frame_wait.c).
 */
#include "mm/frame.h"

#include "kernel/base/inject.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/base/thread.h"
#include "mm/frame_buddy.h"
#include "mm/frame_room.h"
#include "mm/frame_wait.h"
#include "mm/vmtrace.h"

static u32 wired; /* frames with wires */

void frame_init(struct frame *table, u32 count)
{
	frame_buddy_init(table, count);
	wired = 0;
	frame_wait_init();
}

/* => the order of the largest block that begins with frame FIRST and has at most COUNT frames */
static u32 largest_order(u32 first, u32 count)
{
	u32 order = 0;

	while (order < FRAME_MAX_ORDER && !(first & (1u << order)) && 2u << order <= count)
		order++;
	return order;
}

void frame_add(u32 first, u32 count)
{
	u32 order;

	for (; count; first += 1u << order, count -= 1u << order) {
		order = largest_order(first, count);
		ASSERT_CMP(frame_at(first)->state, ==, FRAME_RESERVED);
		frame_at(first)->order = order;
		frame_buddy_put(frame_at(first));
	}
	frame_buddy_join();
	frame_room_update();
}

u32 frame_pageable(void)
{
	return frame_count(FRAME_ANON) + frame_count(FRAME_FILE) + frame_count(FRAME_FREE) - wired;
}

u32 frame_capacity(void)
{
	return frame_count(FRAME_ANON) + frame_count(FRAME_FILE) - wired + frame_room();
}

/* --- taking and freeing -------------------------------------------------------------------------------------------- */

/* => nothing speaks against giving a single frame to any class. True for nearly every allocation. */
static bool all_may_have_one(void)
{
	return frame_room_is_plentiful() && !frame_turn && !inject_armed;
}

/*
 * Wakes the daemon if there is little room. Failures are not injected into allocations by the thread that has the turn:
 * it has waited already.
 */
static bool may_have(enum frame_state s, u32 order, enum frame_class class)
{
	u32 n = 1u << order;

	if (frame_room_is_low())
		wake_all(&frame_daemon);
	if (class != FRAME_FOR_DAEMON && (frame_turn ? frame_turn != thread_current() : inject_now(INJECT_FRAME)))
		return false;
	if ((s == FRAME_ANON || s == FRAME_FILE) && frame_room_below_limit() < n)
		return false;
	return frame_room_above_reserve(class) >= n;
}

static NOINLINE struct frame *alloc_block(enum frame_state s, u32 order, enum frame_class class)
{
	bool allowed = (order == 0 && all_may_have_one()) || may_have(s, order, class);
	struct frame *f = allowed ? frame_buddy_take(s, order) : NULL;

	if (f)
		TRACE_FRAMEALLOC(0, frame_index(f), order, s);
	return f;
}

struct frame *frame_alloc(enum frame_state s, u32 order, enum frame_class class)
{
	struct frame *f;

	if (order || !all_may_have_one() || !frame_buddy_has_loose())
		return alloc_block(s, order, class);
	f = frame_buddy_take_loose(s);
	TRACE_FRAMEALLOC(0, frame_index(f), 0, s);
	return f;
}

struct frame *frame_alloc_zeroed(enum frame_state s, u32 order, enum frame_class class)
{
	struct frame *f = frame_alloc(s, order, class);

	for (u32 i = 0; f && i < 1u << order; i++)
		frame_zero(&f[i]);
	return f;
}

void frame_free(struct frame *f)
{
	ASSERT(f->state != FRAME_FREE && f->state != FRAME_RESERVED);
	ASSERT_CMP(f->pins, ==, 0);
	ASSERT_CMP(f->flags & (FRAME_BUSY | FRAME_LISTED), ==, 0);
	ASSERT(!f->maps);
	TRACE_FRAMEFREE(0, frame_index(f), f->order);
	wired -= f->wires != 0;
	frame_buddy_put_one(f);
	if (frame_waiters(FRAME_FOR_KERNEL))
		frame_offer_turn();
}

/* --- pins and wires ---------------------------------------------------------------------------------------------- */

void frame_release(struct frame *f)
{
	f->owner = NULL;
	if (f->pins || (f->flags & (FRAME_BUSY | FRAME_WRITEBACK)))
		f->flags |= FRAME_RELEASED;
	else
		frame_free(f);
}

void frame_wire(struct frame *f)
{
	wired += !f->wires++;
}

void frame_unwire(struct frame *f)
{
	ASSERT_CMP(f->wires, >, 0);
	wired -= !--f->wires;
}

void frame_unpin(struct frame *f)
{
	ASSERT_CMP(f->pins, >, 0);
	if (--f->pins == 0 && (f->flags & FRAME_RELEASED))
		frame_release(f);
}

void frame_hold(struct frame *f, struct frame **held)
{
	if (*held == f)
		return;
	if (*held)
		frame_unpin(*held);
	frame_pin(f);
	*held = f;
}
