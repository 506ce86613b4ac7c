/* Waiting for children: the common part of wait4(2) and waitid(2). */
#pragma once

#include "kernel/signal/signal.h"
#include "kernel/task/rusage.h"

struct task;

enum { WNOHANG = 1, WUNTRACED = 2, WEXITED = 4, WCONTINUED = 8, WNOWAIT = 0x01000000 };

/*
 * Children whose exit signal is not SIGCHLD are selected only with WAIT_CLONE, others only without it, all with
 * WAIT_ALL.
 */
enum { WAIT_NO_THREAD = 0x20000000, WAIT_ALL = 0x40000000 };
#define WAIT_CLONE 0x80000000u

struct wait_args {
	enum { WAIT_ANY, WAIT_PID, WAIT_GROUP } who;
	u32 number;
	u32 options; /* kinds of reports: WEXITED, WUNTRACED, WCONTINUED; and WAIT_ALL, WAIT_CLONE, WNOHANG, WNOWAIT */
};

struct wait_report {
	u32 status; /* wait status, as wait4 returns it */
	struct rusage usage;
};

/*
 * Waits for a report of a child of the current task. Without WNOWAIT the report is consumed, and a zombie is freed.
 * Sleeps.
 * => the child's number, and *REPORT; 0: none has a report yet (WNOHANG); -ECHILD, -ERESTART
 */
s32 wait_child(const struct wait_args *args, struct wait_report *report);

/*
 * Frees those zombies among PARENT's children that it will not wait for. They cannot free themselves, since they exit
 * on their own stack.
 */
void wait_reap_unwanted(struct task *parent);
