/*
 * exit.c - the end of a program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* stdio's fflush if the program uses stdio at all: a weak reference pulls nothing in. */
extern int fflush(FILE *f) __attribute__((weak));

void exit(int status)
{
	if (fflush)
		fflush(NULL);
	_exit(status);
}

void _Exit(int status)
{
	_exit(status);
}
