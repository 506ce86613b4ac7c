/*
 * The frame table and the buddy allocator.
 *
 * Free memory is kept in blocks of 2^order frames, each beginning at a multiple of its size. A block's buddy is the
 * other half of the next larger block: its number differs in one bit. When a block is freed it is joined with its buddy as
 * long as that is free too, so large blocks come back by themselves. (Knuth, The Art of Computer Programming, vol. 1, 2.5
 * "Dynamic Storage Allocation".)
 *
 * Nearly all requests are for single frames, and joining one only to split it off again would be most of their cost. So a
 * single frame that is freed is loose: it is joined when a larger block is wanted and there is none, when memory is added, or
 * when blocks are counted. (Barkley, Lee, "A Lazy Buddy System Bounded by Two Coalescing Delays", 1989.)
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
struct list frame_buddy_loose;

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
	list_init(&frame_buddy_loose);
}

static void count_states(u32 n, enum frame_state from, enum frame_state to)
{
	frame_buddy_counts[from] -= n;
	frame_buddy_counts[to] += n;
}

/* Frames of a free block become frames of state S. Everything else in them is as in new ones: clear_block(). */
static inline void set_block(struct frame *f, u32 n, enum frame_state s)
{
	for (const struct frame *end = f + n; f < end; f++) {
		ASSERT_CMP(f->state, ==, FRAME_FREE);
		f->state = s;
	}
	count_states(n, FRAME_FREE, s);
}

/* Frames of a block become free ones. */
static inline void clear_block(struct frame *f, u32 n)
{
	enum frame_state s = f->state;

	for (const struct frame *end = f + n; f < end; f++) {
		ASSERT_CMP(f->state, ==, s);
		frame_buddy_clear(f, ORDER_INSIDE);
	}
	count_states(n, s, FRAME_FREE);
}

static bool is_free_block(const struct frame *f, u32 order)
{
	return f->state == FRAME_FREE && f->order == order;
}

/* Joins the block at F, already FREE, with its buddies and puts it on its list. F's order is still undefined. */
static void insert_block(struct frame *f, u32 order)
{
	/* lab frame: join a free block with its buddies */
	for (; order < FRAME_MAX_ORDER; order++) {
		u32 buddy = frame_index(f) ^ (1u << order);
		struct frame *other = &frame_table[buddy];

		if (buddy >= frame_table_length || !is_free_block(other, order))
			break;
		list_remove(&other->link);
		MAX(f, other)->order = ORDER_INSIDE;
		f = MIN(f, other);
	}
	f->order = order;
	list_push_front(&free_lists[order], &f->link);
	/* end of lab frame */
}

void frame_buddy_join(void)
{
	/* lab frame: join all loose frames */
	while (!list_empty(&frame_buddy_loose)) {
		struct frame *f = list_entry(frame_buddy_loose.prev, struct frame, link); /* the oldest first */

		list_remove(&f->link);
		insert_block(f, 0);
	}
	/* end of lab frame */
}

u32 frame_blocks(u32 order)
{
	const struct frame *f;
	u32 n = 0;

	frame_buddy_join();
	list_for_each(f, &free_lists[order], link)
		n++;
	return n;
}

/* => a free block of exactly ORDER, out of its list, its first frame with ORDER; NULL if none is that large */
static struct frame *split_block(u32 order)
{
	/* lab frame: take a block, and split it if it is too large */
	u32 have = order;
	struct frame *f;

	while (have <= FRAME_MAX_ORDER && list_empty(&free_lists[have]))
		have++;
	if (have > FRAME_MAX_ORDER)
		return NULL;
	f = list_first(&free_lists[have], struct frame, link);
	list_remove(&f->link);
	f->order = order;
	while (have > order) {
		struct frame *upper = f + (1u << --have);

		upper->order = have;
		list_push_front(&free_lists[have], &upper->link);
	}
	return f;
	/* end of lab frame */
}

/* The same, but a single frame may be loose, and loose frames are joined if that makes the block. */
static struct frame *take_block(u32 order)
{
	struct frame *f;

	/* lab frame: where a block comes from */
	if (order == 0 && !list_empty(&frame_buddy_loose)) {
		f = list_first(&frame_buddy_loose, struct frame, link);
		list_remove(&f->link);
		f->order = 0;
		return f;
	}
	f = split_block(order);
	if (!f && !list_empty(&frame_buddy_loose)) {
		frame_buddy_join();
		f = split_block(order);
	}
	return f;
	/* end of lab frame */
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
	set_block(f, 1u << order, s);
	if (frame_poisoning)
		check_poison(f, order);
	return f;
}

void frame_buddy_put(struct frame *f)
{
	u32 order = f->order;

	ASSERT_CMP(order, <=, FRAME_MAX_ORDER);
	clear_block(f, 1u << order);
	if (frame_poisoning)
		memset(frame_ptr(f), POISON & 0xFF, PAGE_SIZE << order);
	if (order > 0) {
		insert_block(f, order);
		return;
	}
	f->order = FRAME_BUDDY_LOOSE;
	list_push_front(&frame_buddy_loose, &f->link);
}
