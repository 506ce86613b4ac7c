/*
 * tasks.c - child tasks: functions and programs; and the time they take.
 *
 * A child may be killed at any moment, when memory is short or a disk fails. So every wait for something that a child does
 * checks that the child still runs (demo_runs), and a child that never ends by itself checks that its parent does (demo_wanted).
 */
#include "demo.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 32, ENDED_MAX = 16 };

/* Statuses of ended children, as found by demo_runs(), for which demo_wait() has not been called yet. */
static struct {
	pid_t child;
	int status;
} ended[ENDED_MAX];

static pid_t parent;

static int *noted_status(pid_t child)
{
	for (int i = 0; child > 0 && i < ENDED_MAX; i++)
		if (ended[i].child == child)
			return &ended[i].status;
	return NULL;
}

static void note(pid_t child, int status)
{
	for (int i = 0; i < ENDED_MAX; i++) {
		if (ended[i].child)
			continue;
		ended[i].status = status;
		ended[i].child = child;
		return;
	}
}

bool demo_runs(pid_t child)
{
	int status;
	pid_t found;

	if (child <= 0 || noted_status(child))
		return false;
	found = waitpid(child, &status, WNOHANG);
	if (found == child)
		note(child, status);
	return found == 0;
}

bool demo_failed(pid_t child)
{
	return !demo_runs(child) && !(noted_status(child) && *noted_status(child) == 0);
}

bool demo_wanted(void)
{
	return getppid() == parent;
}

pid_t demo_start(void (*f)(void *), void *argument)
{
	pid_t child;

	fflush(stdout);
	parent = getpid();
	child = fork();
	if (child == 0) {
		f(argument);
		_exit(0);
	}
	return child;
}

/* Removes the stored status of a child. => the status; -1: there is none */
static int take_note(pid_t child)
{
	for (int i = 0; i < ENDED_MAX; i++) {
		if (ended[i].child != child)
			continue;
		ended[i].child = 0;
		return ended[i].status;
	}
	return -1;
}

int demo_wait(pid_t child)
{
	pid_t found;
	int status;

	if (child <= 0)
		return -1;
	if (noted_status(child))
		return take_note(child);
	while ((found = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	/* A handler of SIGCHLD may have waited for it already. */
	return found == child ? status : take_note(child);
}

void demo_kill_all(pid_t *children, int n)
{
	for (int i = 0; i < n; i++)
		if (children[i] > 0 && demo_runs(children[i]))
			kill(children[i], SIGKILL);
	for (int i = 0; i < n; i++)
		demo_wait(children[i]);
}

/* Sleeps until a child has ended. => its index; -1: there are no children any more */
static int wait_for_any(const pid_t *children, int n)
{
	pid_t child;
	int status;

	for (;;) {
		for (int i = 0; i < n; i++)
			if (noted_status(children[i]))
				return i;
		child = waitpid(-1, &status, 0);
		if (child > 0)
			note(child, status);
		else if (errno != EINTR)
			return -1;
	}
}

bool demo_wait_all(pid_t *children, int n)
{
	bool well = true;

	for (int i = 0; i < n; i++)
		well &= children[i] > 0;
	while (well) {
		int i = wait_for_any(children, n);

		if (i < 0)
			return true;
		well = demo_wait(children[i]) == 0;
		children[i] = 0;
	}
	demo_kill_all(children, n);
	return false;
}

void demo_pipes_may_break(bool yes)
{
	struct sigaction action = { .sa_handler = yes ? SIG_IGN : SIG_DFL };

	sigaction(SIGPIPE, &action, NULL);
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
