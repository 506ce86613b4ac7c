/*
 * exit.c - the end of a program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* stdio's fflush if the program uses stdio at all: a weak reference pulls nothing in. */
extern int fflush(FILE *f) __attribute__((weak));

/* The same of the heap: with MALLOC_DEBUG it looks once more at what there is. */
extern void heap_exit(void) __attribute__((weak));

void exit(int status)
{
	if (fflush)
		fflush(NULL);
	if (heap_exit)
		heap_exit();
	_exit(status);
}

void _Exit(int status)
{
	_exit(status);
}
