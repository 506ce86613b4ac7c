/*
 * task.h - whether another task runs, sleeps or is stopped, by /proc/PID/stat.
 */
#ifndef USER_TEST_TASK_H
#define USER_TEST_TASK_H

#include "check.h"

#include <sched.h>

/* => the letter of the state: R, S, T, Z, here also W (swapped out as a whole); 0: there is no such task */
static inline char task_state(pid_t pid)
{
	char path[40], text[512], *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (proc_text(path, text, sizeof(text)) <= 0)
		return 0;
	end = strrchr(text, ')');
	return end ? end[2] : 0;
}

/* Yields until the task PID, which has set *READY before its call, sleeps in that call. */
static inline void task_until_asleep(pid_t pid, const volatile int *ready)
{
	while (!*ready || task_state(pid) != 'S')
		sched_yield();
}

#endif
