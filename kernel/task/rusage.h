/* A task's use of resources: struct rusage of getrusage(2) on i386. */
#pragma once

#include "kernel/base/types.h"

struct task;

struct rusage {
	s32 user_sec, user_usec, system_sec, system_usec;
	u32 max_rss, shared_rss, data_rss, stack_rss;
	u32 minor_faults, major_faults, swaps, in_blocks, out_blocks;
	u32 messages_sent, messages_received, signals, voluntary_switches, involuntary_switches;
};

/* For wait4(2): *U becomes the use of T and of its descendants that have been waited for. */
void rusage_of_all(const struct task *t, struct rusage *u);
