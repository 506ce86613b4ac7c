/*
 * trace - what the memory manager does, in sentences.
 *
 *	trace			the events in the ring of /dev/trace, each once
 *	trace on, off, CLASS,...	which classes of events the kernel writes
 *	trace COMMAND ...	runs the command, and prints its page faults to standard error
 *	-j			in Japanese
 *	-l			in the words of the library: readers, shelves, basement
 *
 * The ring holds 64 KiB, a few hundred faults. So a command's events are read while it runs.
 */
#include "trace.h"
#include "bin/tool.h"

#include <fcntl.h>
#include <proc.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SWITCHES "/proc/sys/vm/trace"
#define NEEDED "fault,map,space"	/* what is needed to tell faults */

static const char text[] =
	"trace [-jl] [on | off | CLASS,... | COMMAND [ARGUMENT...]]\n"
	"  trace COMMAND    runs it; prints its page faults, a sentence each, to standard error\n"
	"  trace on, off    switches all events on or off; trace fault,map: only these classes\n"
	"  trace            prints the events that are in the trace's ring, each once\n"
	"  -j in Japanese; -l in the words of the library: readers, shelves, basement\n"
	"The ring holds 64 KiB. Boot without tracedev=, or with tracedev=ring. docs/trace.md has the rest.";
static int ring;
static volatile int killed_by;	/* the signal that ends this program, once the classes are switched back */

static void open_ring(void)
{
	ring = open("/dev/trace", O_RDONLY | O_CLOEXEC);
	if (ring >= 0)
		return;
	if (errno != ENOENT)
		die("trace", "/dev/trace");
	fprintf(stderr, "trace: there is no /dev/trace: this kernel is not Shisho\n");
	exit(1);
}

/* => the next line of the ring, without its newline; NULL: it is empty */
static char *next_line(void)
{
	static char buffer[4096];
	static size_t taken, used;	/* the lines up to `taken` have been returned */

	for (;;) {
		char *line = buffer + taken, *end = memchr(line, '\n', used - taken);
		ssize_t n;

		if (end) {
			*end = '\0';
			taken = end + 1 - buffer;
			return line;
		}
		memmove(buffer, line, used - taken);
		used -= taken;
		taken = 0;
		n = read(ring, buffer + used, sizeof(buffer) - used);
		if (n < 0)
			die("trace", "/dev/trace");
		if (n == 0)
			return NULL;
		used += n;
	}
}

/* Takes all events of the ring, and prints those that `wanted` accepts. => how many there were */
static unsigned take_events(FILE *out, bool (*wanted)(const struct trace_event *e))
{
	struct trace_event e;
	unsigned count = 0;
	char *line;

	for (; (line = next_line()); count++) {
		if (!event_parse(line, &e))
			continue;
		follow(&e);
		if (wanted(&e))
			tell(out, &e);
	}
	return count;
}

static bool is_of_command(const struct trace_event *e)
{
	return event_is(e, "dropped") || (event_is(e, "fault") && follow_belongs(e->label));
}

/* A snapshot would be hundreds of lines; names are in the sentences of other events. */
static bool is_news(const struct trace_event *e)
{
	if (event_is(e, "snapshot") || follow_in_snapshot(e))
		return false;
	return !event_is(e, "run") && !event_is(e, "name") && !event_is(e, "object");
}

static bool is_nothing(const struct trace_event *e)
{
	(void)e;
	return false;
}

/* => false: errno says why */
static bool switch_to(const char *classes)
{
	int fd = open(SWITCHES, O_WRONLY | O_CLOEXEC), error;
	bool done = fd >= 0 && write(fd, classes, strlen(classes)) >= 0;

	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return done;
}

/* Says why the classes could not be switched: errno. */
static __attribute__((noreturn)) void cannot_switch(void)
{
	if (errno != ENOMEM)
		die("trace", SWITCHES);
	fprintf(stderr, "trace: the ring needs 64 KiB of memory in one piece, and no such piece is free\n");
	exit(1);
}

static void get_classes(char *classes, size_t size)
{
	if (proc_text(SWITCHES, classes, size) < 0)
		die("trace", SWITCHES);
	classes[strcspn(classes, "\n")] = '\0';
}

/* The kernel writes lines, but the ring is empty. */
static void explain_device(void)
{
	fprintf(stderr, "trace: the kernel writes the trace to another device, not to the ring; boot with tracedev=ring\n");
}

static int print_ring(void)
{
	char classes[256];

	if (take_events(stdout, is_news))
		return finish("trace", 0);
	get_classes(classes, sizeof(classes));
	if (strcmp(classes, "off") == 0)
		fprintf(stderr, "trace: the ring is empty, and the trace is off; `trace on` switches it on\n");
	else
		explain_device();
	return 1;
}

static __attribute__((noreturn)) void become(char **argv)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	execvp(argv[0], argv);
	fprintf(stderr, "trace: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* => the status of the command, whose faults have been printed */
static int follow_command(char **argv)
{
	const struct timespec pause = { 0, 2000000 };
	int status = 0;
	pid_t pid, ended;

	pid = fork();
	if (pid == 0)
		become(argv);
	if (pid < 0)
		return -1;
	follow_begin(pid);
	do {
		take_events(stderr, is_of_command);
		ended = waitpid(pid, &status, WNOHANG);
		if (ended == 0)
			nanosleep(&pause, NULL);
	} while (ended == 0 && !killed_by);
	if (ended == 0)
		kill(pid, killed_by);
	take_events(stderr, is_of_command);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void note_signal(int number)
{
	killed_by = number;
}

/* The classes must be switched back, whatever ends the command or this program. */
static void take_signals(void)
{
	static const struct sigaction action = { .sa_handler = note_signal };

	signal(SIGINT, SIG_IGN);	/* from the terminal, so the command gets it too */
	signal(SIGQUIT, SIG_IGN);
	sigaction(SIGTERM, &action, NULL);
}

static int run_command(char **argv)
{
	char before[256];
	int status, error;

	get_classes(before, sizeof(before));
	take_signals();
	/* Off first: the kernel writes the snapshot that is needed when the classes change, and they may be these. */
	if (!switch_to("off") || !switch_to(NEEDED))
		cannot_switch();
	if (take_events(stderr, is_nothing)) {
		status = follow_command(argv);
	} else {
		explain_device();
		status = 1;
	}
	error = errno;
	switch_to(before);
	take_events(stderr, is_nothing);
	if (killed_by) {
		signal(killed_by, SIG_DFL);
		raise(killed_by);
	}
	errno = error;
	if (status < 0)
		die("trace", argv[0]);
	return status;
}

int main(int argc, char **argv)
{
	char option;

	(void)argc;
	argv++;
	while ((option = next_option(text, "jl", &argv))) {
		say_japanese |= option == 'j';
		say_library |= option == 'l';
	}
	open_ring();
	if (!argv[0])
		return print_ring();
	if (!argv[1] && switch_to(strcmp(argv[0], "on") == 0 ? "all" : argv[0]))
		return finish("trace", 0);
	if (!argv[1] && errno != EINVAL)
		cannot_switch();
	return run_command(argv);	/* no words for the kernel */
}
