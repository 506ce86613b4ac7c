/*
 * exhaust-all.h - the table of what a task can fill a machine with.
 *
 * A kind is a function that takes more and more until it is refused, and keeps what it has when it returns. A crew of
 * tasks does so at the same time. Rows stand in exhaust-all_memory.c, exhaust-all_files.c and exhaust-all_kernel.c.
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

extern const struct kind memory_kinds[], file_kinds[], kernel_kinds[]; /* a name of NULL ends each */

/* The task got one more piece: how the program sees that a crew makes progress. */
void step(void);

/* Address space that a task may have at most: on a large machine that is all that gets filled. */
enum { MOST = 256 << 20, MIB = 1 << 20 };

#endif
