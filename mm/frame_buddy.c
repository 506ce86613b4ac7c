/*
 * The frame table and the buddy allocator.
 *
 * Free memory is kept in blocks of 2^order frames, each beginning at a multiple of its size. A block's buddy is the
 * other half of the next larger block: its number differs in one bit. When a block is freed it is joined with its buddy as
 * long as that is free too, so large blocks come back by themselves. (Knuth, The Art of Computer Programming, vol. 1, 2.5
 * "Dynamic Storage Allocation".)
 *
 * The first frame of a block holds its order; the others in it have ORDER_INSIDE. This is so for allocated blocks too, so
 * that frame_free() needs no size.
 *
 * Which thread may have a block is decided above, in frame.c.
 */
#include "mm/frame_buddy.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"

#define ORDER_INSIDE 0xFF
#define POISON 0xA5A5A5A5u

bool frame_poisoning;
struct frame *frame_table;
u32 frame_table_length;
u32 frame_buddy_counts[FRAME_STATES];
static struct list free_lists[FRAME_MAX_ORDER + 1];

u32 frame_total(void) { return frame_table_length; }
u32 frame_count(enum frame_state s) { return frame_buddy_counts[s]; }

void frame_buddy_init(struct frame *storage, u32 count)
{
	frame_table = storage;
	frame_table_length = count;
	memset(frame_table, 0, count * sizeof(*frame_table));
	memset(frame_buddy_counts, 0, sizeof(frame_buddy_counts));
	frame_buddy_counts[FRAME_RESERVED] = count;
	for (u32 i = 0; i < count; i++) {
		frame_table[i].state = FRAME_RESERVED;
		list_init(&frame_table[i].link);
	}
	for (u32 order = 0; order <= FRAME_MAX_ORDER; order++)
		list_init(&free_lists[order]);
}

u32 frame_blocks(u32 order)
{
	const struct frame *f;
	u32 n = 0;

	list_for_each(f, &free_lists[order], link)
		n++;
	return n;
}

/* Changes the state of a block's frames and resets everything else. */
static inline void frame_buddy_set_state(struct frame *f, u32 order, enum frame_state from, enum frame_state to)
{
	u32 n = 1u << order;

	for (u32 i = 0; i < n; i++) {
		ASSERT_CMP(f[i].state, ==, from);
		f[i].state = to;
		f[i].flags = 0;
		f[i].order = ORDER_INSIDE;
		f[i].wires = 0;
		f[i].owner = NULL;
		f[i].index = f[i].block = 0;
	}
	f->order = order;
	frame_buddy_counts[from] -= n;
	frame_buddy_counts[to] += n;
}

static bool is_free_block(const struct frame *f, u32 order)
{
	return f->state == FRAME_FREE && f->order == order;
}

/* Joins the block at F, already FREE, with its buddies and puts it on its list. */
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

struct frame *frame_buddy_take(enum frame_state s, u32 order)
{
	struct frame *f = take_block(order);

	if (!f)
		return NULL;
	frame_buddy_set_state(f, order, FRAME_FREE, s);
	if (frame_poisoning)
		check_poison(f, order);
	return f;
}

void frame_buddy_put(struct frame *f)
{
	u32 order = f->order;

	ASSERT_CMP(order, <=, FRAME_MAX_ORDER);
	frame_buddy_set_state(f, order, f->state, FRAME_FREE);
	if (frame_poisoning)
		memset(frame_ptr(f), POISON & 0xFF, PAGE_SIZE << order);
	insert_block(f, order);
}
