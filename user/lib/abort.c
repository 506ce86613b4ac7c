/*
 * abort.c - abort: ends a program that has detected an error of its own.
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
