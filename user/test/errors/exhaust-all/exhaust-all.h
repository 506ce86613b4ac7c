/*
 * exhaust-all.h - the table of what a task can fill a machine with.
 *
 * A kind is a function that takes more and more until it is refused, and keeps what it has when it returns. A crew of
 * tasks does so at the same time. Rows stand in memory.c, files.c, kernel.c and
 * lasting.c.
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

/* Ways to fill that other files use too, and what removes the result. */
void fill_shm_files(void);
void fill_shm_names(void);
void fill_queues(void);
void fill_pipes(void);
void fill_segments(bool keep, bool lock); /* attached until the task ends; locked */
void clear_shm(void);
void remove_segments(void);
void remove_queues(void);

/* The task got one more piece: how the program sees that a crew makes progress. */
void step(void);

/* Address space that a task may have at most: on a large machine that is all that gets filled. */
enum { MOST = 256 << 20, MIB = 1 << 20 };

#endif
