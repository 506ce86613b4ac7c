/*
 * lab-heap.h - what the labs of the heap share: an environment, numbers that nobody knows before the run, and contents.
 *
 * The grader computes the same numbers and contents (tools/lab/heapwalk.py), and compares them with what it finds in memory.
 */
#ifndef USER_TEST_LAB_HEAP_H
#define USER_TEST_LAB_HEAP_H

#include "lab.h"

#include <string.h>

/* Says why the program cannot go on, and ends it. */
#define LAB_FAIL(...) (dprintf(STDERR_FILENO, "lab: " __VA_ARGS__), _exit(1))

/* Runs the program once more with CHOICE, "HEAP=first" for instance, as its environment; the second time it returns. */
static inline void lab_environment(char **argv, const char *choice)
{
	char *list[] = { (char *)choice, NULL };

	if (*environ && strcmp(*environ, choice) == 0)
		return;
	execve(argv[0], argv, list);
	LAB_FAIL("%s cannot be run again\n", argv[0]);
}

/* => number N of this run, any 32 bits. (Wellons, Prospecting for Hash Functions, 2018: lowbias32.) */
static inline uint32_t lab_draw(uint32_t n)
{
	uint32_t x = lab_report.word + n * 0x9e3779b9u;

	x = (x ^ x >> 16) * 0x7feb352du;
	x = (x ^ x >> 15) * 0x846ca68bu;
	return x ^ x >> 16;
}

/* What block N holds: its number of this run, over and over. */
static inline void lab_fill(void *p, uint32_t size, uint32_t n)
{
	uint32_t number = lab_draw(n);

	for (uint32_t i = 0; i < size; i++)
		((uint8_t *)p)[i] = number >> i % 4 * 8;
}

#endif
