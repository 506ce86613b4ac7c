/*
 * tasks.h - segments and the tasks that have them attached.
 */
#ifndef SYSV_SHM_TASKS_H
#define SYSV_SHM_TASKS_H

void test_tasks(const char *self);	/* SELF: this program's path; what it executes calls wait_here() */
void test_last_task(void);
void test_killed(void);
int wait_here(void);			/* => the program's status */

#endif
