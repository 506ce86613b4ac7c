/* The frame table: a frame as it is allocated, pinned and released, and how many frames each class may have. */
#include "frames.h"
#include "mm/frame_wait.h"

/* Each class stops at its own reserve: the kernel's first, then faults, the daemon has the last. */
static void test_reserves(void)
{
	u32 kernel, fault, daemon;

	host_memory(0, ALL);
	kernel = take_all(FRAME_KERNEL, FRAME_FOR_KERNEL);
	fault = take_all(FRAME_KERNEL, FRAME_FOR_FAULT);
	daemon = take_all(FRAME_KERNEL, FRAME_FOR_DAEMON);
	CHECK(kernel > 0 && fault > 0 && daemon > 0);
	SAME(kernel + fault + daemon, ALL);
	SAME(fault, daemon);
	SAME(frame_room(), 0);
	frame_free(frame_at(0));
	CHECK(!frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_FAULT));
	CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON));
}

static void test_limit(void)
{
	host_memory(0, ALL);
	frame_set_limit(100);
	SAME(take_all(FRAME_ANON, FRAME_FOR_DAEMON), 100);
	SAME(frame_room(), 0);
	CHECK(!frame_alloc(FRAME_FILE, 0, FRAME_FOR_DAEMON));
	CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL));
	frame_set_limit(110);
	SAME(frame_room(), 10);
	SAME(take_all(FRAME_FILE, FRAME_FOR_FAULT), 10);
	frame_set_limit(0);
	CHECK(frame_room() > 0);
	CHECK(frame_low() > 0 && frame_high() > frame_low());
}

static void test_state_of_new(void)
{
	host_memory(1, ALL);
	for (u32 i = 0; i < 200; i++) {
		struct frame *f = frame_alloc_zeroed(FRAME_TABLE, 0, FRAME_FOR_KERNEL);

		CHECK(f && f->state == FRAME_TABLE && !f->flags && !f->pins && !f->wires && !f->owner && !f->maps);
		for (u32 j = 0; j < PAGE_SIZE; j++)
			SAME(((char *)frame_ptr(f))[j], 0);
		CHECK(frame_of_ptr(frame_ptr(f)) == f && frame_of_ptr((char *)frame_ptr(f) + 4095) == f);
		memset(frame_ptr(f), 0xEE, PAGE_SIZE);
		f->flags = FRAME_DIRTY | FRAME_ACCESSED;
		f->owner = f;
		f->index = f->block = 7;
		frame_wire(f);
		frame_free(f);
	}
}

static struct frame *one(void)
{
	struct frame *f = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_DAEMON);

	CHECK(f);
	return f;
}

static void test_misuse(void)
{
	struct frame *f, *block;

	host_memory(16, ALL);
	f = one();
	PANICS("FRAME_FREE", { frame_free(f); frame_free(f); });
	PANICS("FRAME_RESERVED", frame_free(frame_at(3)));
	PANICS("index", frame_free(frame_at(ALL)));
	PANICS("index", frame_of_ptr(host_ram + ALL * PAGE_SIZE));
	block = frame_alloc(FRAME_KERNEL, 3, FRAME_FOR_DAEMON);
	PANICS("order", frame_free(block + 1));
	PANICS("FRAME_FREE", { frame_free(block); frame_free(block + 1); });
	PANICS("pins", { frame_pin(f); frame_free(f); });
	PANICS("pins", frame_unpin(f));
	PANICS("FRAME_BUSY", { f->flags = FRAME_BUSY; frame_free(f); });
	PANICS("FRAME_LISTED", { f->flags = FRAME_LISTED; frame_free(f); });
	PANICS("maps", { f->maps = (struct rmap *)f; frame_free(f); });
	PANICS("state", frame_add(frame_index(f), 1));
	frame_free(block);
	frame_free(f);
}

/* I10: a write to a free frame is detected when the frame is allocated again. */
static void test_poison(void)
{
	u32 index, word;

	frame_poisoning = true;
	host_memory(1, ALL);
	for (u32 i = 0; i < 100; i++) {
		struct frame *f = one();

		memset(frame_ptr(f), (int)i, PAGE_SIZE);
		index = frame_index(f);
		frame_free(f);
		word = host_random(1024);
		PANICS("I10", { ((u32 *)frame_ptr(frame_at(index)))[word] ^= 1u << host_random(32);
				take_all(FRAME_KERNEL, FRAME_FOR_DAEMON); });
	}
	SAME(take_all(FRAME_KERNEL, FRAME_FOR_DAEMON), ALL - 1);
}

static void test_contents(void)
{
	struct frame *a, *b;

	host_memory(1, ALL);
	a = one();
	b = one();
	for (u32 i = 0; i < PAGE_SIZE; i++)
		((u8 *)frame_ptr(a))[i] = (u8)host_random(256);
	frame_copy(b, a);
	CHECK(memcmp(frame_ptr(a), frame_ptr(b), PAGE_SIZE) == 0);
	frame_zero(a);
	SAME(((u8 *)frame_ptr(a))[0] | ((u8 *)frame_ptr(a))[4095], 0);
}

/* A frame whose owner is gone stays while it is pinned. */
static void test_release(void)
{
	struct frame *f, *held = NULL, *other;

	host_memory(1, ALL);
	f = one();
	frame_release(f);
	SAME(f->state, FRAME_FREE);

	f = one();
	other = one();
	frame_hold(f, &held);
	frame_hold(f, &held);
	SAME(f->pins, 1);
	frame_release(f);
	SAME(f->state, FRAME_KERNEL);
	frame_hold(other, &held);
	SAME(f->state, FRAME_FREE);
	SAME(other->pins, 1);
	frame_unpin(other);
	SAME(other->state, FRAME_KERNEL);

	f = one();
	f->flags |= FRAME_BUSY;
	frame_pin(f);
	frame_release(f);
	frame_clear_busy(f, FRAME_BUSY);
	SAME(f->state, FRAME_KERNEL);
	frame_unpin(f);
	SAME(f->state, FRAME_FREE);
}

const struct host_test frame_tests[] = {
	{ "reserves", test_reserves },
	{ "limit", test_limit },
	{ "state of a new frame", test_state_of_new },
	{ "misuse", test_misuse },
	{ "poison", test_poison },
	{ "contents", test_contents },
	{ "release", test_release },
	{ NULL, NULL },
};
