/* Waiting for children: what wait4(2) and waitid(2) have in common. */
#pragma once

#include "kernel/signal/signal.h"
#include "kernel/task/rusage.h"

struct task;

enum { WNOHANG = 1, WUNTRACED = 2, WEXITED = 4, WCONTINUED = 8, WNOWAIT = 0x01000000 };

/* Children that end without SIGCHLD are waited for only with WAIT_CLONE, and the others without; or both. */
enum { WAIT_NO_THREAD = 0x20000000, WAIT_ALL = 0x40000000 };
#define WAIT_CLONE 0x80000000u

struct wait_args {
	enum { WAIT_ANY, WAIT_PID, WAIT_GROUP } who;
	u32 number;
	u32 options; /* for what is waited: WEXITED, WUNTRACED, WCONTINUED; WAIT_ALL, WAIT_CLONE; and WNOHANG, WNOWAIT */
};

struct wait_report {
	u32 status; /* as wait4 tells it */
	struct rusage usage;
};

/*
 * The current task waits for report of its children. Told once, unless with WNOWAIT; an ended child is gone then.
 * Sleeps.
 * => its number; 0: there are none yet (WNOHANG); -ECHILD, -ERESTART
 */
s32 wait_child(const struct wait_args *args, struct wait_report *report);

/* A task cannot free the stack that it ends on: those for which PARENT does not wait go when it comes by. */
void wait_reap_unwanted(struct task *parent);
