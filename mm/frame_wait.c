/*
 * Waiting for a frame: for a busy one, and for a free one.
 *
 * Threads that need a free frame when there is none queue up. The first in the queue gets the turn: until it ends its
 * turn no other thread of the classes KERNEL and FAULT is given a frame. Otherwise a thread that came later could take
 * each frame that becomes free, and the first would wait forever.
 *
 * BUSY frames share a few wait queues, so a thread may be woken for another frame than its own: it looks again.
 */
#include "mm/frame_wait.h"

#include "kernel/base/thread.h"
#include "mm/vmtrace.h"

#define BUSY_QUEUES 16

struct waitq frame_daemon = WAITQ_INIT(frame_daemon);
struct thread *frame_turn;

static struct waitq busy_queues[BUSY_QUEUES];
static struct waitq turn_queue = WAITQ_INIT(turn_queue); /* threads that want the turn */
static struct waitq turn_retry = WAITQ_INIT(turn_retry); /* the thread that has it, until more frames are free */
u32 frame_waiting[FRAME_FOR_DAEMON];

void frame_wait_init(void)
{
	for (u32 i = 0; i < BUSY_QUEUES; i++)
		waitq_init(&busy_queues[i]);
}

static struct waitq *busy_queue(const struct frame *f)
{
	return &busy_queues[frame_index(f) % BUSY_QUEUES];
}

void frame_wait(struct frame *f)
{
	TRACE_WAIT(0, VMTRACE_WAIT_WHAT_PAGE, frame_index(f));
	wait_on(busy_queue(f));
	TRACE_RESUME(0, VMTRACE_RESUME_WHAT_PAGE, frame_index(f));
}

void frame_clear_busy(struct frame *f, u32 flags)
{
	f->flags &= ~flags;
	wake_all(busy_queue(f));
}

/* --- turns ------------------------------------------------------------------------------------------------------- */

static void give_turn_to_first(void)
{
	if (list_empty(&turn_queue.sleepers))
		return;
	frame_turn = list_first(&turn_queue.sleepers, struct thread, link);
	wake_one(&turn_queue);
}

void frame_offer_turn(void)
{
	if (frame_turn)
		wake_all(&turn_retry);
	else if (!list_empty(&turn_queue.sleepers) && frame_room())
		give_turn_to_first();
}

void frame_nudge(void)
{
	if (frame_turn)
		wake_all(&turn_retry);
	else
		give_turn_to_first();
}

static bool others_have_turn(void)
{
	return frame_turn && frame_turn != thread_current();
}

void frame_retry_end(void)
{
	if (frame_turn != thread_current())
		return;
	frame_turn = NULL;
	thread_current()->before_sleep = NULL;
	frame_offer_turn();
}

/* The current thread has the turn. */
static void begin_turn(void)
{
	frame_turn = thread_current();
	frame_turn->before_sleep = frame_retry_end;
}

/*
 * => may the current thread try again without sleeping? Yes if frames have become free meanwhile. The thread that has the
 * turn has already tried with what is free: it waits for more. But when there is so much room that the daemon has stopped, it
 * does not lack memory (the failure was injected), and no thread would wake it.
 */
static bool need_not_sleep(void)
{
	u32 least = frame_turn ? frame_high() : 1;

	return !others_have_turn() && frame_room_for(FRAME_FOR_KERNEL) && frame_room() >= least;
}

/* => false: the thread is killed; true: it has the turn */
static bool wait_for_turn(enum frame_class class)
{
	bool alive;

	if (need_not_sleep()) {
		begin_turn();
		return true;
	}
	vmstat.direct_reclaim++;
	frame_waiting[class]++;
	wake_all(&frame_daemon);
	thread_current()->before_sleep = NULL; /* this sleep keeps the turn */
	TRACE_WAIT(0, VMTRACE_WAIT_WHAT_FRAME, 0);
	alive = wait_on_killable(frame_turn == thread_current() ? &turn_retry : &turn_queue);
	TRACE_RESUME(0, VMTRACE_RESUME_WHAT_FRAME, 0);
	frame_waiting[class]--;
	if (alive)
		begin_turn();
	return alive;
}

bool frame_retry_wait(struct frame_retry *r, int *error)
{
	/* This thread got the turn in an outer loop: that one is to wait. */
	bool inside_another = !r->waits && frame_turn == thread_current();

	if (r->patience && inside_another)
		return false;
	if (!r->patience || r->waits < r->patience) {
		r->waits++;
		if (wait_for_turn(r->class))
			return true;
		*error = -EINTR;
	}
	frame_retry_end();
	return false;
}

bool frame_wait_helps(void)
{
	return frame_room() < frame_low() || others_have_turn();
}
