/*
 * Waiting for frames: for a busy one, and for a free one.
 */
#pragma once

#include "kernel/base/wait.h"
#include "mm/frame.h"

/* Where the page-out daemon sleeps. */
extern struct waitq frame_daemon;

/* For frame_init(). */
void frame_wait_init(void);

/* Sleeps until F may no longer be BUSY or in WRITEBACK; the caller looks again: F may hold another page by then. */
void frame_wait(struct frame *f);
/* Clears FLAGS (BUSY, WRITEBACK) and wakes the threads that wait for F. */
void frame_clear_busy(struct frame *f, u32 flags);

/* The thread that has the turn, or NULL. While there is one, no other thread of the classes KERNEL and FAULT gets a frame. */
extern struct thread *frame_turn;
/* Frames have become free: the thread that has the turn tries again, or the first in the queue gets it. Never sleeps. */
void frame_offer_turn(void);
/*
 * Waits for memory, in order of arrival. A thread of CLASS FAULT cannot do without; one of KERNEL can be refused.
 * => false: the thread is killed; true: try again, and call frame_end_turn() before sleeping for anything else
 */
bool frame_wait_turn(enum frame_class class) MUST_CHECK;
void frame_end_turn(void);
/* => may a thread that was refused a frame just now get one by waiting? (Few are free, or another thread has the turn.) */
bool frame_wait_helps(void);
/* The thread that has the turn tries again though nothing was freed (memory is out, a task was killed). */
void frame_nudge(void);
u32 frame_waiters(enum frame_class class); /* threads of CLASS and of those that come after it in enum frame_class */
