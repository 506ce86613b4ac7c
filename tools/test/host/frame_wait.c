/* Waiting for frames: turns. */
#include "frames.h"
#include "kernel/base/thread.h"

static u32 served[8], served_count;

static void taker(void *argument)
{
	while (!frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_FAULT))
		CHECK(frame_wait_turn(FRAME_FOR_FAULT));
	served[served_count++] = (u32)(uintptr_t)argument;
	frame_end_turn();
}

/* Frames come one by one. While somebody has the turn nobody passes him. */
static void giver(void *unused)
{
	u32 next = 0;

	(void)unused;
	while (frame_waiters(FRAME_FOR_KERNEL) < 4)
		host_yield();
	while (served_count < 4) {
		u32 before = served_count;

		frame_free(frame_at(next++));
		while (frame_waiters(FRAME_FOR_KERNEL) + served_count < 4)
			host_yield();
		CHECK(served_count - before <= 1);
		host_yield();
	}
}

static void test_turns(void)
{
	host_memory(0, ALL);
	take_all(FRAME_KERNEL, FRAME_FOR_DAEMON);
	for (u32 i = 0; i < 4; i++)
		host_thread(taker, (void *)(uintptr_t)i, false);
	host_thread(giver, NULL, false);
	host_run();
	SAME(served_count, 4);
	SAME(frame_waiters(FRAME_FOR_KERNEL), 0);
	for (u32 i = 0; i < 4; i++)
		for (u32 j = 0; j < i; j++)
			CHECK(served[i] != served[j]);
}

static bool helped;

/* Has the turn for a while, though frames are there again. */
static void holder(void *unused)
{
	(void)unused;
	CHECK(frame_wait_turn(FRAME_FOR_FAULT));
	CHECK(!frame_wait_helps());
	while (!helped)
		host_yield();
	frame_end_turn();
}

/* Meanwhile there is room, and nobody else gets any of it: that is no reason to fail. */
static void refused(void *unused)
{
	(void)unused;
	while (!frame_waiters(FRAME_FOR_FAULT))
		host_yield();
	CHECK(frame_wait_helps());
	for (u32 i = 0; i < ALL / 2; i++)
		frame_free(frame_at(i));
	while (frame_waiters(FRAME_FOR_FAULT))
		host_yield();
	CHECK(frame_room() >= frame_low() && !frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL));
	CHECK(frame_wait_helps());
	helped = true;
	CHECK(frame_wait_turn(FRAME_FOR_KERNEL));
	CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL) != NULL);
	frame_end_turn();
	CHECK(!frame_wait_helps());
}

static void test_turn_refuses_others(void)
{
	host_memory(0, ALL);
	take_all(FRAME_KERNEL, FRAME_FOR_DAEMON);
	host_thread(holder, NULL, false);
	host_thread(refused, NULL, false);
	host_run();
	CHECK(helped);
}

/* Who has the turn, and failed though there is room (on purpose, by `fail=`), must not sleep: nobody would wake him. */
static void unlucky(void *unused)
{
	(void)unused;
	CHECK(frame_wait_turn(FRAME_FOR_FAULT)); /* memory is out: sleeps, and has the turn then */
	CHECK(frame_wait_turn(FRAME_FOR_FAULT));
	CHECK(frame_wait_turn(FRAME_FOR_FAULT));
	frame_end_turn();
}

static void generous(void *unused)
{
	(void)unused;
	while (!frame_waiters(FRAME_FOR_FAULT))
		host_yield();
	for (u32 i = 0; i < ALL / 2; i++)
		frame_free(frame_at(i));
}

static void test_turn_with_room(void)
{
	host_memory(0, ALL);
	take_all(FRAME_KERNEL, FRAME_FOR_DAEMON);
	host_thread(unlucky, NULL, false);
	host_thread(generous, NULL, false);
	host_run();
}

const struct host_test frame_wait_tests[] = {
	{ "turns", test_turns },
	{ "turn with room", test_turn_with_room },
	{ "turn refuses others", test_turn_refuses_others },
	{ NULL, NULL },
};
