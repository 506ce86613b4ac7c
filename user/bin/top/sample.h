/*
 * sample.h - what /proc says at one moment, and what has changed since the moment before.
 */
#ifndef USER_BIN_TOP_SAMPLE_H
#define USER_BIN_TOP_SAMPLE_H

#include <stdbool.h>

enum { TASKS = 256, NAME = 16, TERMS = 4, POLICY_NAME = 16, HISTORY = 240 };

/* Those of /proc/vmstat that are shown. */
#define SAMPLE_COUNTERS(X)                                                                            \
	X(pgfault) X(pgmajfault) X(fault_refused)                                                         \
	X(fault_private) X(cow_break) X(fault_object) X(promote) X(zero_read) X(zero_fill)                \
	X(pswpin) X(pswpout) X(file_in) X(writeback) X(clean_drop) X(workingset_refault_anon)             \
	X(direct_reclaim) X(procswap_out) X(procswap_in)

struct counters {
#define X(name) unsigned long name;
	SAMPLE_COUNTERS(X)
#undef X
};

/* Frames by state; the sum is `total`. */
struct frames {
	unsigned long total, reserved, kernel, tables, anon, file, free;
};

/* Memory in pages. The last three are per second, the processor time in thousandths; all 0 for a task that is new. */
struct task {
	int pid;
	char name[NAME], state;
	unsigned long resident, swapped, tables;
	unsigned long minor, major, ticks;	/* since its start */
	unsigned long minor_rate, major_rate, cpu;
};

/* One policy's time in force. */
struct term {
	char policy[POLICY_NAME];
	unsigned long ms;
	struct counters counted;
};

struct sample {
	unsigned long long ms;		/* when: since boot */
	unsigned long interval;		/* since the sample before; 0: this is the first, and there are no rates */
	struct frames frames;
	unsigned long slots, slots_used;
	struct counters now, rate;	/* since boot; per second */
	char policy[POLICY_NAME];
	struct task task[TASKS];	/* by number */
	int tasks, out;			/* how many; how many of them are swapped out as a whole */
};

/* The last one taken, and the terms up to it: the newest is terms[term_count - 1]. */
extern struct sample sample;
extern struct term terms[TERMS];
extern int term_count;

/* Faults that waited for a disk, per second: of the last samples, the newest at [history_count - 1]. */
extern unsigned long history[HISTORY];
extern int history_count;

void sample_take(void);

/* => the task with that number; NULL: there is none */
struct task *sample_task(int pid);

/* Switches to the policy after the one in force, in the order of /proc/sys/vm/available_policies. => false: it failed */
bool sample_next_policy(void);

/* The number in TEXT behind the line's beginning KEY, a colon or a blank; 0: there is none. */
unsigned long sample_field(const char *text, const char *key);

#endif
