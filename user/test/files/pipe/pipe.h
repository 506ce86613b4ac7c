/*
 * pipe.h - what the parts of the test pipe share.
 */
#ifndef PIPE_H
#define PIPE_H

#include "job.h"

pid_t pipe_child(void);			/* fork, which must succeed */

/* --- size.c --- */

void sizes(void);
void enlarged_for_a_writer(void);
void all_together(void);

#endif
