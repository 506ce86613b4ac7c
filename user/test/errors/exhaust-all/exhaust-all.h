/*
 * exhaust-all.h - the table of objects with which a task can fill a machine.
 *
 * A kind is a function that allocates more and more until it is refused, and keeps everything when it returns. A crew of
 * tasks does so at the same time. The rows are in memory.c, files.c, kernel.c and lasting.c.
 */
#ifndef EXHAUST_ALL_H
#define EXHAUST_ALL_H

#include "check.h"

struct kind {
	const char *name;
	void (*fill)(void);
	int crew;		/* so many tasks fill at the same time */
	void (*clear)(void);	/* removes what outlives the crew; may be NULL */
};

extern const struct kind memory_kinds[], file_kinds[], kernel_kinds[], lasting_kinds[]; /* a name of NULL ends each */

/* Functions that fill, also used by other files, and functions that clean up. */
void fill_shm_files(void);
void fill_shm_names(void);
void fill_queues(void);
void fill_pipes(void);
void fill_segments(bool keep, bool lock); /* attached until the task ends; locked */
void clear_shm(void);
void remove_segments(void);
void remove_queues(void);

/* The task got one more piece: this is how the program sees progress. */
void step(void);

/* Limit of the address space of a task: on a large machine only that is filled. */
enum { MOST = 256 << 20, MIB = 1 << 20 };

#endif
