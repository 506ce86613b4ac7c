/*
 * Waiting for frames: for a busy one, and for a free one.
 *
 * A thread that needs a free frame tries, waits for its turn, and tries again, in a loop of this form:
 *
 *	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };
 *
 *	do
 *		error = try();
 *	while (frame_retry(&retry, &error));
 *
 * Everything is looked at again in each try, since the thread may have slept. While it has the turn no other thread of
 * the classes KERNEL and FAULT gets a frame. The turn ends with the loop, or earlier: when the thread sleeps for
 * anything else, because the thread that it then waits for may itself need a frame.
 */
#pragma once

#include "kernel/base/errno.h"
#include "kernel/base/wait.h"
#include "mm/frame.h"

/*
 * F is BUSY or in WRITEBACK: sleeps until that may have changed. The caller must check again: F may even hold another
 * page by then.
 */
void frame_wait(struct frame *f);

/* Clears FLAGS (BUSY, WRITEBACK) and wakes the threads that wait for F. */
void frame_clear_busy(struct frame *f, u32 flags);

/* --- a free frame -------------------------------------------------------------------------------------------------- */

#define FRAME_PATIENCE 32

struct frame_retry {
	enum frame_class class; /* FAULT: cannot do without a frame; KERNEL: may be refused */
	u32 patience;           /* gives up after so many waits; 0: never */
	u32 waits;              /* so far */
};

bool frame_retry_wait(struct frame_retry *r, int *error);
void frame_retry_end(void);

/*
 * Ends a try that returned *ERROR. -ENOMEM: waits for the turn, in order of arrival. If such loops are nested, only the
 * outer one waits, so that everything is released in between; but an inner loop without patience waits itself.
 * => true: try again. false: *ERROR is the result: -ENOMEM, it has given up; -EINTR, the thread was killed while it
 * waited
 */
static inline MUST_CHECK bool frame_retry(struct frame_retry *r, int *error)
{
	if (*error == -ENOMEM)
		return frame_retry_wait(r, error);
	if (r->waits)
		frame_retry_end();
	return false;
}

/*
 * => may a thread that was refused a frame just now get one by waiting? (Few are free, or another thread has the turn.)
 */
bool frame_wait_helps(void);

/*
 * => threads asleep in frame_retry_wait(), with or without the turn. FAULT: those that cannot be refused; KERNEL: all
 */
extern u32 frame_waiting[FRAME_FOR_DAEMON]; /* by class; the daemon never waits */
static inline u32 frame_waiters(enum frame_class class)
{
	return frame_waiting[FRAME_FOR_FAULT] + (class == FRAME_FOR_KERNEL ? frame_waiting[FRAME_FOR_KERNEL] : 0);
}

/*
 * Like frame_offer_turn(), but even if no frame is free: the waiter is to see that memory is out, or a task was killed.
 */
void frame_nudge(void);

/* Where the page-out daemon sleeps. */
extern struct waitq frame_daemon;

/* --- for frame.c --------------------------------------------------------------------------------------------------- */

void frame_wait_init(void);

/* The thread that has the turn, or NULL. */
extern struct thread *frame_turn;

/*
 * Frames have become free: the thread that has the turn tries again, or the first in the queue gets it. Never sleeps.
 */
void frame_offer_turn(void);
