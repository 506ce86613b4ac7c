/*
 * lab.h - how a program of a lab is looked at from outside.
 *
 * At a stop the program fills in lab_report, which has a page of its own. A breakpoint stops the machine there; the grader
 * (tools/lab) copies its memory, and walks the page tables from CR3, as the processor does. It believes neither the console nor the
 * kernel: the report must be found at its address, and hold the word that the grader has chosen for this run.
 */
#ifndef USER_TEST_LAB_H
#define USER_TEST_LAB_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LAB_VALUES = 62, PAGE = 4096 };

volatile struct {
	uint32_t word;			/* what the grader has chosen; it comes as the program's first argument */
	uint32_t stop;			/* number of the stop at which the program is, from 1 on; 0: at none */
	uint32_t values[LAB_VALUES];	/* what the test wants to know: addresses, results of calls */
} lab_report __attribute__((aligned(PAGE)));

static inline void lab_begin(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s WORD\n", argv[0]);
		exit(2);
	}
	lab_report.word = strtoul(argv[1], NULL, 16);
}

/*
 * Here the machine is stopped; and here the grader sees that it has gone on. Nothing else is on the first one's page, since QEMU
 * goes through a page with a breakpoint one instruction at a time.
 */
__attribute__((noinline, aligned(PAGE))) void lab_stopped(void)
{
	__asm__ volatile("");
}

__attribute__((noinline, aligned(PAGE))) void lab_goes_on(void)
{
	__asm__ volatile("");
}

/* Ends the task unless DONE. */
static inline void lab_must(int done)
{
	if (!done)
		_exit(1);
}

/* MS: milliseconds, below 1000 */
static inline void lab_sleep(int ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000l }, NULL);
}

/* => a child, which runs BODY and ends */
static inline pid_t lab_child(void (*body)(void))
{
	pid_t pid = fork();

	if (pid < 0)
		exit(1);
	if (pid == 0) {
		body();
		_exit(0);
	}
	return pid;
}

/* Waits until the child PID has ended. => its status, as waitpid() tells it */
static inline int lab_wait(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

/* Runs BODY in a child. => its status, as waitpid() tells it */
static inline int lab_in_child(void (*body)(void))
{
	return lab_wait(lab_child(body));
}

/* Ends the task with the sum of the bytes of the page at P. */
static inline void lab_add_up(const char *p)
{
	uint8_t sum = 0;

	for (int i = 0; i < PAGE; i++)
		sum += ((volatile const uint8_t *)p)[i];
	_exit(sum);
}

/* The program is at a stop, with so many VALUES. Every stop of all its tasks has another number. */
static inline void lab_stop(uint32_t number, int values, ...)
{
	va_list list;

	va_start(list, values);
	for (int i = 0; i < values; i++)
		lab_report.values[i] = va_arg(list, uint32_t);
	va_end(list);
	lab_report.stop = number;
	lab_stopped();
	lab_goes_on();
}

#endif
