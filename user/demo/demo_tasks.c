/*
 * demo_tasks.c - child tasks: functions and programs; and the time they take.
 */
#include "demo.h"

#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 32 };

pid_t demo_start(void (*f)(void *), void *argument)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		f(argument);
		_exit(0);
	}
	return child;
}

int demo_wait(pid_t child)
{
	int status = -1;

	if (child <= 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

int demo_in_child(void (*f)(void *), void *argument)
{
	return demo_wait(demo_start(f, argument));
}

/* A pipe's other end kept open by mistake would keep its reader waiting for ever: close all. */
void demo_descriptors(int in, int out)
{
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++)
		close(fd);
}

pid_t demo_exec(char *const arguments[], int in, int out, size_t frames)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child != 0)
		return child;
	demo_descriptors(in, out);
	if (frames)
		pages_limit(frames);
	execvp(arguments[0], arguments);
	_exit(127);
}

long demo_milliseconds(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void demo_rest(long milliseconds)
{
	struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	nanosleep(&time, NULL);
}
