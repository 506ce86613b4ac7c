/*
 * exit.c - the end of a program.
 */
#include "heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* stdio's fflush if the program uses stdio at all: a weak reference pulls nothing in. */
extern int fflush(FILE *f) __attribute__((weak));

/* What the heap's debugger does at the end, once there is one. A weak reference would not do: environ.c has the heap in the
 * link, and a program that never allocates would keep it for its end alone. */
void (*heap_at_exit)(void);

void exit(int status)
{
	if (fflush)
		fflush(NULL);
	if (heap_at_exit)
		heap_at_exit();
	_exit(status);
}

void _Exit(int status)
{
	_exit(status);
}
