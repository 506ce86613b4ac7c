/*
 * exit.c - the end of a program.
 */
#include "heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* stdio's fflush if the program uses stdio at all: a weak reference pulls nothing in. */
extern int fflush(FILE *f) __attribute__((weak));

/* The exit hook of the heap's debugger, if it is active. A weak reference would not do: environ.c refers to the heap, and a
 * program that never allocates would be linked with it only for this. */
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
