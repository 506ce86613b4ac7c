/*
 * All programs of a suite in one: each was compiled separately with main() renamed, and this main() runs them one by one.
 *
 *	peers [PREFIX...]	run the programs with these prefixes (all), each in a process and a session of its own
 *	peers =NAME [ARG]	run as that program
 *
 * One static file instead of a thousand keeps the disk small. A program gets a process image of its own through execve, an
 * empty folder, no input, and LIMIT seconds; then its whole process group is killed. Every program prints one line,
 *
 *	@ NAME RESULT
 *
 * with PASS, FAIL, UNRESOLVED, UNSUPPORTED, UNTESTED (the suite's exit statuses), HUNG, or KILLED-n. The output of a program
 * that did not pass comes before it, shortened and indented.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peers.h"

#define LIMIT 40 /* seconds: the longest sleeps of a program that passes are 15 */
#define OUTPUT "/tmp/peers.out"
#define SHOWN 400

#define USERS "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"

static char *self;

static void be(const struct peer *p, char **argv)
{
	errno = 0; /* many of the programs test it without clearing it first */
	exit(p->main(p->arg ? 2 : 1, argv));
}

static const struct peer *find(const char *name, const char *arg)
{
	for (const struct peer *p = peers; p->name; p++)
		if (!strcmp(p->program, name) && !strcmp(p->arg ? p->arg : "", arg ? arg : ""))
			return p;
	fprintf(stderr, "peers: no program %s\n", name);
	exit(99);
}

static void start(const struct peer *p)
{
	char name[100], folder[] = "/tmp/peer-XXXXXX";
	char *argv[] = { self, name, (char *)p->arg, NULL };

	setsid();
	if (!mkdtemp(folder) || chdir(folder))
		_exit(98);
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600), 1);
	dup2(1, 2);
	snprintf(name, sizeof(name), "=%s", p->program);
	execv(self, argv);
	_exit(97);
}

static void ring(int signal) { (void)signal; }

/* Members that CHILD leaves behind have become our children: the group exists until all have been waited for. */
static void end_group(pid_t child)
{
	for (int tries = 0; tries < 200 && kill(-child, SIGKILL) == 0; tries++) {
		usleep(10000);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

/* => the status of CHILD; -1: its time is over */
static int wait_for(pid_t child)
{
	int status, hung;

	alarm(LIMIT);
	hung = waitpid(child, &status, 0) != child;
	alarm(0);
	end_group(child);
	return hung ? -1 : status;
}

static void show_output(void)
{
	char text[SHOWN + 1], *rest = text, *line;
	int fd = open(OUTPUT, O_RDONLY);
	ssize_t n = read(fd, text, SHOWN);

	text[n > 0 ? n : 0] = 0;
	close(fd);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			printf("    %s\n", line);
}

static void run(const struct peer *p)
{
	static const char *const results[] = { "PASS", "FAIL", "UNRESOLVED", "status-3", "UNSUPPORTED", "UNTESTED" };
	pid_t child = fork();
	int status;

	if (child < 0) {
		printf("@ %s NO-FORK\n", p->name);
		return;
	}
	if (!child)
		start(p);
	status = wait_for(child);
	if (status)
		show_output();
	if (status == -1)
		printf("@ %s HUNG\n", p->name);
	else if (WIFSIGNALED(status))
		printf("@ %s KILLED-%d\n", p->name, WTERMSIG(status));
	else if (WEXITSTATUS(status) < sizeof(results) / sizeof(results[0]))
		printf("@ %s %s\n", p->name, results[WEXITSTATUS(status)]);
	else
		printf("@ %s status-%d\n", p->name, WEXITSTATUS(status));
	fflush(stdout);
}

static int wanted(const struct peer *p, char **prefixes)
{
	if (!*prefixes)
		return 1;
	for (; *prefixes; prefixes++)
		if (!strncmp(p->name, *prefixes, strlen(*prefixes)))
			return 1;
	return 0;
}

/* Some programs switch to another user than root, if there is one. */
static void make_users(void)
{
	int fd = open("/etc/passwd", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (write(fd, USERS, strlen(USERS)) < 0)
		perror("/etc/passwd");
	close(fd);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = ring };

	self = argv[0];
	if (argc > 1 && argv[1][0] == '=')
		be(find(argv[1] + 1, argv[2]), argv + 1);
	make_users();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigaction(SIGALRM, &action, NULL);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	for (const struct peer *p = peers; p->name; p++)
		if (wanted(p, argv + 1))
			run(p);
	return 0;
}
