/*
 * abort.c - the end of a program that has found itself wrong.
 */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void abort(void)
{
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	_exit(128 + SIGABRT);
}

void assert_failed(const char *file, int line, const char *condition)
{
	dprintf(STDERR_FILENO, "%s:%d: assertion failed: %s\n", file, line, condition);
	abort();
}
