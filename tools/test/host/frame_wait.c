/* Waiting for frames: turns. */
#include "frames.h"
#include "kernel/base/thread.h"
#include "mm/frame_wait.h"

static u32 served[8], served_count;

/* Waits for the turn, as a try that got no frame does. */
static void get_turn(struct frame_retry *r)
{
	int error = -ENOMEM;

	CHECK(frame_retry(r, &error));
}

static void end_turn(struct frame_retry *r)
{
	int error = 0;

	CHECK(!frame_retry(r, &error));
}

static void taker(void *argument)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };

	while (!frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_FAULT))
		get_turn(&retry);
	served[served_count++] = (u32)(uintptr_t)argument;
	end_turn(&retry);
}

/* Frames become free one by one. No thread overtakes the one that has the turn. */
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
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };

	(void)unused;
	get_turn(&retry);
	CHECK(!frame_wait_helps());
	while (!helped)
		host_yield();
	end_turn(&retry);
}

/* Meanwhile there is room, and no other thread gets any of it: the allocation must not fail. */
static void refused(void *unused)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = 1 };

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
	get_turn(&retry);
	CHECK(frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL) != NULL);
	end_turn(&retry);
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

/* A thread that has the turn and fails though there is room (`fail=`) must not sleep: no thread would wake it. */
static void unlucky(void *unused)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };

	(void)unused;
	get_turn(&retry); /* memory is out: sleeps, and has the turn then */
	get_turn(&retry);
	get_turn(&retry);
	end_turn(&retry);
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

static bool asleep, served_meanwhile;

/* Has the turn and sleeps for something else: the turn ends, and the next thread in the queue is served. */
static void sleeper(void *unused)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };
	struct waitq other;

	(void)unused;
	waitq_init(&other);
	get_turn(&retry);
	CHECK(frame_turn == thread_current());
	asleep = true;
	while (!served_meanwhile)
		wait_on_until(&other, 1);
	CHECK(frame_turn != thread_current());
	end_turn(&retry);
}

static void next_in_queue(void *unused)
{
	struct frame_retry retry = { .class = FRAME_FOR_FAULT };

	(void)unused;
	while (!asleep)
		host_yield();
	while (!frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_FAULT))
		get_turn(&retry);
	served_meanwhile = true;
	end_turn(&retry);
}

static void test_turn_ends_by_sleep(void)
{
	host_memory(0, ALL);
	take_all(FRAME_KERNEL, FRAME_FOR_DAEMON);
	host_thread(generous, NULL, false);
	host_thread(sleeper, NULL, false);
	host_thread(next_in_queue, NULL, false);
	host_run();
	CHECK(served_meanwhile);
}

/* Of two loops the outer waits; and a loop gives up when its patience is at an end. */
static void patient(void *unused)
{
	struct frame_retry outer = { .class = FRAME_FOR_KERNEL, .patience = 3 };
	struct frame_retry inner = { .class = FRAME_FOR_KERNEL, .patience = 3 };
	int error = -ENOMEM;

	(void)unused;
	get_turn(&outer);
	CHECK(!frame_retry(&inner, &error));
	SAME(error, -ENOMEM);
	CHECK(frame_turn == thread_current());
	get_turn(&outer);
	get_turn(&outer);
	CHECK(!frame_retry(&outer, &error));
	SAME(error, -ENOMEM);
	CHECK(!frame_turn);
}

static void test_patience(void)
{
	host_memory(0, ALL);
	host_thread(patient, NULL, false);
	host_run();
}

enum { NEEDED = 4 };

static bool served_at_last;

static bool take_needed(struct frame **taken)
{
	u32 n = 0;

	while (n < NEEDED && (taken[n] = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL)))
		n++;
	if (n == NEEDED)
		return true;
	while (n)
		frame_free(taken[--n]);
	return false;
}

/* Needs several frames, and gives back what it got of them when it fails. */
static void needy(void *unused)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = NEEDED };
	struct frame *taken[NEEDED];

	(void)unused;
	while (!take_needed(taken))
		get_turn(&retry);
	served_at_last = true;
	end_turn(&retry);
}

/* A slow disk: the next frame becomes free when the thread sleeps again. */
static void slow_giver(void *unused)
{
	u32 next = 0;

	(void)unused;
	while (!frame_waiters(FRAME_FOR_KERNEL))
		host_yield();
	while (!frame_room_for(FRAME_FOR_KERNEL))
		frame_free(frame_at(next++));
	while (!served_at_last) {
		host_yield();
		if (frame_waiters(FRAME_FOR_KERNEL))
			frame_free(frame_at(next++));
	}
}

static void test_frames_come_slowly(void)
{
	host_memory(0, ALL);
	take_all(FRAME_KERNEL, FRAME_FOR_DAEMON);
	served_at_last = false;
	host_thread(needy, NULL, false);
	host_thread(slow_giver, NULL, false);
	host_run();
	CHECK(served_at_last);
}

const struct host_test frame_wait_tests[] = {
	{ "turns", test_turns },
	{ "turn with room", test_turn_with_room },
	{ "turn ends by sleep", test_turn_ends_by_sleep },
	{ "patience", test_patience },
	{ "turn refuses others", test_turn_refuses_others },
	{ "frames come slowly", test_frames_come_slowly },
	{ NULL, NULL },
};
