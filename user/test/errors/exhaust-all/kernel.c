/*
 * exhaust-all's kinds of kernel memory: pipes, messages, signals, waiting tasks, tasks themselves.
 */
#include "exhaust-all.h"

#include <sys/msg.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { CALL_fcntl = 221, CALL_vfork = 190, WAIT = 0, SET_FLAGS = 4, TASKS = 200, KEY = 7000, QUEUES_MOST = 200 };

static char block[PAGE];

/* --- pipes --------------------------------------------------------------------------------------------------------- */

void fill_pipes(void)
{
	for (int end[2]; pipe(end) == 0;) {
		syscall(CALL_fcntl, end[1], SET_FLAGS, O_NONBLOCK);
		while (write(end[1], block, sizeof(block)) > 0)
			step();
	}
}

/* Half of memory may be locked; much less is left for pages than for the kernel. */
static void pipes_beside_locks(void)
{
	while (mmap(NULL, sizeof(block) * 64, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) !=
	       MAP_FAILED)
		step();
	fill_pipes();
}

static void empty_pipes(void)
{
	for (int end[2]; pipe(end) == 0;)
		step();
}

/* --- messages ------------------------------------------------------------------------------------------------------ */

static void messages(size_t bytes)
{
	static struct {
		long type;
		char text[8192];
	} m = { .type = 1 };

	for (int n = 0, queue; n < QUEUES_MOST && (queue = msgget(KEY + n, IPC_CREAT | 0600)) >= 0; n++)
		while (msgsnd(queue, &m, bytes, IPC_NOWAIT) == 0)
			step();
}

static void large_messages(void) { messages(8192); }
void fill_queues(void) { messages(2030); } /* each takes a frame and uses half of it */
static void tiny_messages(void) { messages(0); }

void remove_queues(void)
{
	for (int n = 0, queue; n < QUEUES_MOST; n++)
		if ((queue = msgget(KEY + n, 0)) >= 0)
			CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
}

/* --- tasks --------------------------------------------------------------------------------------------------------- */

/* Each child does ACT, which may not return. */
static void multiply(void (*act)(void))
{
	for (int n = 0; n < TASKS; n++) {
		pid_t pid = fork();

		if (pid == 0) {
			act();
			for (;;)
				pause();
		}
		if (pid < 0)
			return;
		step();
	}
}

static void nothing(void) { }
static void end(void) { _exit(0); }
static void stop(void) { raise(SIGSTOP); }

static void bomb(void)
{
	for (int n = 0; n < 8; n++)
		if (fork() < 0)
			return;
		else
			step();
}

static void tasks(void) { multiply(nothing); }
static void zombies(void) { multiply(end); }
static void stopped(void) { multiply(stop); }

/* Leaves the crew's group: it ends by itself. */
static void lead_and_end(void)
{
	syscall(SYS_setsid);
	nanosleep(&(struct timespec){ 0, 300000000 }, NULL);
	_exit(0);
}

static void sessions(void) { multiply(lead_and_end); }

/* A chain of tasks, each of which runs in the space of the one before. */
static void borrow(void)
{
	if (syscall(CALL_vfork) == 0)
		pause();
}

static void lenders(void) { multiply(borrow); }

static void ring(void)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 20000 }, { 0, 20000 } }, NULL);
}

static void ignore(int number)
{
	(void)number;
}

static void timers(void)
{
	signal(SIGALRM, ignore);
	multiply(ring);
}

static void sleep_at_futex(void)
{
	static int word;

	syscall(SYS_futex, &word, WAIT, 0, NULL);
}

static void waiters(void) { multiply(sleep_at_futex); }

static void wait_for_many(void)
{
	static struct {
		int fd;
		short events, got;
	} polled[64];

	for (int i = 0; i < 64; i++)
		polled[i].fd = 0, polled[i].events = 1;
	syscall(SYS_poll, polled, 64, -1);
}

static void pollers(void) { multiply(wait_for_many); }

/* --- signals, arguments -------------------------------------------------------------------------------------------- */

static void queued_signals(void)
{
	static char info[128];
	sigset_t all;

	memset(&all, 0xff, sizeof(all));
	sigprocmask(SIG_BLOCK, &all, NULL);
	*(int *)(info + 8) = -1; /* SI_QUEUE */
	while (syscall(SYS_rt_sigqueueinfo, getpid(), 34, info) == 0)
		step();
}

/* Each executes the same program again and again with as many arguments as possible. */
static void long_arguments(void)
{
	static char text[PAGE - 16], *argv[20], *env[2];

	memset(text, 'x', sizeof(text) - 1);
	for (int i = 1; i < 19; i++)
		argv[i] = text;
	argv[0] = "/bin/true";
	for (int n = 0; n < 20; n++) {
		if (fork() == 0) {
			execve(argv[0], argv, env);
			_exit(1);
		}
		step();
	}
	while (waitpid(-1, NULL, 0) > 0)
		step();
}

const struct kind kernel_kinds[] = {
	{ "full-pipes", fill_pipes, 8, NULL },
	{ "locks-and-pipes", pipes_beside_locks, 8, NULL },
	{ "empty-pipes", empty_pipes, 12, NULL },
	{ "large-messages", large_messages, 2, remove_queues },
	{ "odd-messages", fill_queues, 2, remove_queues },
	{ "tiny-messages", tiny_messages, 2, remove_queues },
	{ "tasks", tasks, 1, NULL },
	{ "bomb", bomb, 2, NULL },
	{ "zombies", zombies, 1, NULL },
	{ "stopped", stopped, 1, NULL },
	{ "sessions", sessions, 1, NULL },
	{ "lenders", lenders, 1, NULL },
	{ "timers", timers, 1, NULL },
	{ "waiters", waiters, 1, NULL },
	{ "pollers", pollers, 1, NULL },
	{ "signals", queued_signals, 4, NULL },
	{ "arguments", long_arguments, 3, NULL },
	{ NULL, NULL, 0, NULL },
};
