/*
 * The frame table and the buddy allocator.
 *
 * Free memory is kept in blocks of 2^order frames, each beginning at a multiple of its size. A block's buddy is the
 * other half of the next larger block: its number differs in one bit. Freeing joins buddies as long as both are free,
 * so that large blocks come back by themselves. (Knuth, The Art of Computer Programming, vol. 1, 2.5 "Dynamic Storage
 * Allocation".)
 *
 * A free block is described by its first frame (`order`); the others in it have ORDER_INSIDE. An allocated block
 * likewise, so that frame_free() needs no size.
 */
#include "mm/frame.h"

#include "kernel/base/inject.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/base/thread.h"
#include "mm/vmtrace.h"

#define ORDER_INSIDE 0xFF
#define POISON 0xA5A5A5A5u
#define RESERVE_LEAST 8 /* frames */

bool frame_poisoning;
struct frame *frame_table;
u32 frame_table_length;
static u32 counts[FRAME_STATES], wired;
static struct list free_lists[FRAME_MAX_ORDER + 1];
static u32 reserve[FRAME_FOR_DAEMON + 1];
static u32 limit, low, high, least;
static u32 wanted_reserve; /* for faults; 0: by the size of memory */

u32 frame_total(void) { return frame_table_length; }
u32 frame_count(enum frame_state s) { return counts[s]; }
u32 frame_limit(void) { return limit; }
u32 frame_usable(void) { return limit ? MIN(limit, frame_table_length) : frame_table_length; }
u32 frame_low(void) { return low; }
u32 frame_high(void) { return high; }
u32 frame_min_pageable(void) { return least; }

/* --- reserves and watermarks ------------------------------------------------------------------------------------- */

static u32 watermark(u32 frames)
{
	return MIN(MAX(frames / 32, 6), 512);
}

/* LEAST: the daemon keeps up to HIGH frames free, and the tasks' pages need at least as many again. */
static void set_watermarks(void)
{
	u32 usable = frame_table_length - counts[FRAME_RESERVED];
	u32 pageable = limit ? MIN(limit, usable) : usable;

	reserve[FRAME_FOR_DAEMON] = 0;
	reserve[FRAME_FOR_FAULT] = wanted_reserve ? wanted_reserve : MIN(MAX(usable / 128, RESERVE_LEAST), 128);
	reserve[FRAME_FOR_KERNEL] = 2 * reserve[FRAME_FOR_FAULT];
	low = watermark(pageable);
	high = 2 * low;
	least = 4 * watermark(usable);
}

void frame_set_limit(u32 n)
{
	limit = n;
	set_watermarks();
}

u32 frame_reserve(void)
{
	return reserve[FRAME_FOR_FAULT];
}

bool frame_set_reserve(u32 frames)
{
	u32 usable = frame_table_length - counts[FRAME_RESERVED];

	if (frames < RESERVE_LEAST || frames > usable / 16)
		return false;
	wanted_reserve = frames;
	set_watermarks();
	return true;
}

static u32 pageable_now(void)
{
	return counts[FRAME_ANON] + counts[FRAME_FILE];
}

u32 frame_pageable(void)
{
	return pageable_now() + counts[FRAME_FREE] - wired;
}

static u32 room_for(enum frame_class class)
{
	u32 free = counts[FRAME_FREE];

	return free > reserve[class] ? free - reserve[class] : 0;
}

static u32 room_below_limit(void)
{
	if (!limit)
		return frame_table_length;
	return pageable_now() < limit ? limit - pageable_now() : 0;
}

u32 frame_room_for(enum frame_class class)
{
	return MIN(room_for(class), room_below_limit());
}

u32 frame_room(void)
{
	return frame_room_for(FRAME_FOR_FAULT);
}

/* --- the buddy allocator ----------------------------------------------------------------------------------------- */

void frame_init(struct frame *storage, u32 count)
{
	frame_table = storage;
	frame_table_length = count;
	memset(frame_table, 0, count * sizeof(*frame_table));
	memset(counts, 0, sizeof(counts));
	wired = 0;
	counts[FRAME_RESERVED] = count;
	for (u32 i = 0; i < count; i++) {
		frame_table[i].state = FRAME_RESERVED;
		list_init(&frame_table[i].link);
	}
	for (u32 order = 0; order <= FRAME_MAX_ORDER; order++)
		list_init(&free_lists[order]);
	frame_wait_init();
}

u32 frame_blocks(u32 order)
{
	const struct frame *f;
	u32 n = 0;

	list_for_each(f, &free_lists[order], link)
		n++;
	return n;
}

/* The frames of a block begin a new life: nothing is left of the one before. */
static inline void set_state(struct frame *f, u32 order, enum frame_state from, enum frame_state to)
{
	u32 n = 1u << order;

	for (u32 i = 0; i < n; i++) {
		ASSERT_CMP(f[i].state, ==, from);
		f[i].state = to;
		f[i].flags = 0;
		f[i].order = ORDER_INSIDE;
		wired -= f[i].wires != 0;
		f[i].wires = 0;
		f[i].owner = NULL;
		f[i].index = f[i].block = 0;
	}
	f->order = order;
	counts[from] -= n;
	counts[to] += n;
}

static bool is_free_block(const struct frame *f, u32 order)
{
	return f->state == FRAME_FREE && f->order == order;
}

/* The block at F, already FREE, joins its buddies and goes to its list. */
static void insert_block(struct frame *f, u32 order)
{
	u32 index = frame_index(f);

	for (; order < FRAME_MAX_ORDER; order++) {
		u32 buddy = index ^ (1u << order);

		if (buddy >= frame_table_length || !is_free_block(&frame_table[buddy], order))
			break;
		list_remove(&frame_table[buddy].link);
		frame_table[index | buddy].order = ORDER_INSIDE;
		index &= buddy;
	}
	f = &frame_table[index];
	f->order = order;
	list_push_front(&free_lists[order], &f->link);
}

void frame_add(u32 first, u32 count)
{
	for (u32 i = first; i < first + count; i++) {
		set_state(frame_at(i), 0, FRAME_RESERVED, FRAME_FREE);
		if (frame_poisoning)
			memset(frame_ptr(frame_at(i)), POISON & 0xFF, PAGE_SIZE);
		insert_block(frame_at(i), 0);
	}
	set_watermarks();
}

/* => a free block of exactly ORDER, out of its list; NULL if none is that large */
static struct frame *take_block(u32 order)
{
	u32 have = order;
	struct frame *f;

	while (have <= FRAME_MAX_ORDER && list_empty(&free_lists[have]))
		have++;
	if (have > FRAME_MAX_ORDER)
		return NULL;
	f = list_entry(list_pop_front(&free_lists[have]), struct frame, link);
	while (have > order) {
		struct frame *upper = f + (1u << --have);

		upper->order = have;
		list_push_front(&free_lists[have], &upper->link);
	}
	return f;
}

static void check_poison(const struct frame *f, u32 order)
{
	const u32 *word = frame_ptr(f);

	for (u32 i = 0; i < (PAGE_SIZE << order) / sizeof(*word); i++)
		if (word[i] != POISON)
			panic("I10: free frame %u was written: word %u is %#x",
			      frame_index(f) + i / (u32)(PAGE_SIZE / sizeof(*word)), i, word[i]);
}

/* Allocations by the thread that has the turn are not failed on purpose: it has waited already. */
static bool may_have(enum frame_state s, u32 order, enum frame_class class)
{
	u32 n = 1u << order;

	if (class != FRAME_FOR_DAEMON && (frame_turn ? frame_turn != thread_current() : inject_now(INJECT_FRAME)))
		return false;
	if ((s == FRAME_ANON || s == FRAME_FILE) && room_below_limit() < n)
		return false;
	return room_for(class) >= n;
}

struct frame *frame_alloc(enum frame_state s, u32 order, enum frame_class class)
{
	struct frame *f = may_have(s, order, class) ? take_block(order) : NULL;

	if (frame_room() < low)
		wake_all(&frame_daemon);
	if (!f)
		return NULL;
	set_state(f, order, FRAME_FREE, s);
	if (frame_poisoning)
		check_poison(f, order);
	TRACE_FRAMEALLOC(0, frame_index(f), order, s);
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
	u32 order = f->order;

	ASSERT(f->state != FRAME_FREE && f->state != FRAME_RESERVED);
	ASSERT_CMP(order, <=, FRAME_MAX_ORDER);
	ASSERT_CMP(f->pins, ==, 0);
	ASSERT_CMP(f->flags & (FRAME_BUSY | FRAME_LISTED), ==, 0);
	ASSERT(!f->maps);
	TRACE_FRAMEFREE(0, frame_index(f), order);
	set_state(f, order, f->state, FRAME_FREE);
	if (frame_poisoning)
		memset(frame_ptr(f), POISON & 0xFF, PAGE_SIZE << order);
	insert_block(f, order);
	frame_offer_turn();
}

/* --- contents ---------------------------------------------------------------------------------------------------- */

void frame_zero(struct frame *f)
{
	memset(frame_ptr(f), 0, PAGE_SIZE);
}

void frame_copy(struct frame *dst, const struct frame *src)
{
	memcpy(frame_ptr(dst), frame_ptr(src), PAGE_SIZE);
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
