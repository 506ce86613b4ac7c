/*
 * demo-ends.c - a demo ends whatever happens to its children.
 *
 * Children of a demo wait for it, it waits for them, and they wait for one another: through pipes, queues, a lock, a word in
 * shared memory. Here they are killed as soon as they appear, all of them or only the first. The demo need not succeed, but
 * it must end by itself.
 */
#include <ctype.h>
#include <dirent.h>
#include <time.h>

#include "check.h"

enum { LIMIT_S = 50, NAP_NS = 500000 };

static const struct {
	char *name;
	bool first_only;
} demos[] = {
	{ "cow", false }, { "shm", false }, { "leak", false }, { "guard", false }, { "tlb", true }, { "userpager", true },
	{ "race", true }, { "race", false }, { "msg", true }, { "msg", false }, { "procswap", true }, { "thrash", false },
	{ "work", false },
};

static pid_t parent_of(const char *task)
{
	char path[64], text[512], *end;

	snprintf(path, sizeof(path), "/proc/%s/stat", task);
	if (proc_text(path, text, sizeof(text)) <= 0)
		return -1;
	/* 12 (name) S 7 ... */
	end = strrchr(text, ')');
	return end && end[1] && end[2] ? atoi(end + 3) : -1;
}

/* Kills its children, all or the first. => how many */
static int kill_children(pid_t demo, bool only_one)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int killed = 0;

	CHECK(proc != NULL);
	while (!(only_one && killed) && (entry = readdir(proc)) != NULL)
		if (isdigit(entry->d_name[0]) && parent_of(entry->d_name) == demo)
			killed += kill(atoi(entry->d_name), SIGKILL) == 0;
	closedir(proc);
	return killed;
}

static long seconds(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static pid_t start(char *name)
{
	char *arguments[] = { "demo", "--auto", name, NULL };
	pid_t demo = fork();
	int nowhere;

	if (demo != 0)
		return demo;
	nowhere = open("/dev/null", O_WRONLY);
	dup2(nowhere, STDOUT_FILENO);
	dup2(nowhere, STDERR_FILENO);
	execvp("demo", arguments);
	_exit(99);
}

/* Runs it to its end. => how many children were killed */
static int run(char *name, bool first_only)
{
	struct timespec nap = { 0, NAP_NS };
	long began = seconds();
	pid_t demo = start(name);
	int status, killed = 0;

	CHECK(demo > 0);
	while (waitpid(demo, &status, WNOHANG) == 0) {
		if (!(first_only && killed))
			killed += kill_children(demo, first_only);
		if (seconds() - began > LIMIT_S) {
			kill(demo, SIGKILL);
			printf("demo-ends: FAILED demo %s has not ended\n", name);
			exit(1);
		}
		nanosleep(&nap, NULL);
	}
	/* As expected, not as expected, or not run: the demo has ended by itself. */
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 2) {
		printf("demo-ends: FAILED demo %s ended with status %x\n", name, status);
		exit(1);
	}
	return killed;
}

int main(void)
{
	int killed = 0;

	for (size_t i = 0; i < sizeof(demos) / sizeof(demos[0]); i++)
		killed += run(demos[i].name, demos[i].first_only) > 0;
	/* A child can be too quick, but not most of them. */
	CHECK(killed > (int)(sizeof(demos) / sizeof(demos[0])) / 2);
	return CHECK_OK();
}
