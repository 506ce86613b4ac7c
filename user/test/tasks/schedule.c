/*
 * schedule - policies, priorities and nice values are reported as they were set, inherited, and obeyed when several tasks
 * are ready.
 */
#include "check.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

enum { NICE = 34, GETPRIORITY = 96, SETPRIORITY = 97, SETPARAM = 154, GETPARAM, SETSCHEDULER, GETSCHEDULER };
enum { PRIORITY_MAX = 159, PRIORITY_MIN, RR_INTERVAL, SETAFFINITY = 241, GETAFFINITY, GETCPU = 318 };
enum { OTHER, FIFO, RR, BATCH, IDLE = 5, RESET_ON_FORK = 0x40000000, NOBODY = 4000000 };
enum { PROCESS, GROUP, USER };

static int set_policy(int policy, int priority)
{
	return syscall(SETSCHEDULER, 0, policy, &priority);
}

static int nice_of(int kind, int who)
{
	return 20 - syscall(GETPRIORITY, kind, who);
}

static void what_is_told(void)
{
	int priority = -1, wrong = 1;
	struct timespec slice;

	CHECK_EQ(syscall(GETSCHEDULER, 0), OTHER);
	CHECK_EQ(syscall(GETPARAM, 0, &priority), 0);
	CHECK_EQ(priority, 0);
	CHECK_EQ(syscall(PRIORITY_MAX, FIFO), 99);
	CHECK_EQ(syscall(PRIORITY_MIN, RR), 1);
	CHECK_EQ(syscall(PRIORITY_MAX, OTHER), 0);
	CHECK_EQ(syscall(PRIORITY_MIN, BATCH), 0);
	CHECK_ERROR(syscall(PRIORITY_MAX, 77), EINVAL);
	CHECK_ERROR(syscall(PRIORITY_MIN, -1), EINVAL);
	CHECK_EQ(syscall(RR_INTERVAL, 0, &slice), 0);
	CHECK(slice.tv_sec == 0 && slice.tv_nsec > 0);
	CHECK_ERROR(syscall(GETSCHEDULER, NOBODY), ESRCH);
	CHECK_ERROR(syscall(GETSCHEDULER, -1), EINVAL);
	CHECK_ERROR(syscall(GETPARAM, NOBODY, &priority), ESRCH);
	CHECK_ERROR(syscall(GETPARAM, 0, NULL), EINVAL);
	CHECK_ERROR(syscall(SETPARAM, 0, &wrong), EINVAL);
	CHECK_ERROR(set_policy(OTHER, 1), EINVAL);
	CHECK_ERROR(set_policy(FIFO, 0), EINVAL);
	CHECK_ERROR(set_policy(RR, 100), EINVAL);
	CHECK_ERROR(set_policy(77, 0), EINVAL);
	CHECK_ERROR(syscall(SETSCHEDULER, NOBODY, OTHER, &(int){ 0 }), ESRCH);
}

static void processors(void)
{
	unsigned mask = 0, cpu = 9, node = 9;

	CHECK_EQ(syscall(SETAFFINITY, 0, sizeof(mask), &(unsigned){ ~0u }), 0);
	CHECK_ERROR(syscall(SETAFFINITY, 0, sizeof(mask), &(unsigned){ 0 }), EINVAL);
	CHECK_ERROR(syscall(SETAFFINITY, NOBODY, sizeof(mask), &(unsigned){ 1 }), ESRCH);
	CHECK(syscall(GETAFFINITY, 0, 128, (char[128]){ 0 }) >= 4);
	CHECK_EQ(syscall(GETCPU, &cpu, &node, NULL), 0);
	CHECK(cpu < 1024 && node < 1024);
}

static void nice_values(void)
{
	pid_t child;

	CHECK_EQ(nice_of(PROCESS, 0), 0);
	CHECK_EQ(syscall(NICE, 5), 0);
	CHECK_EQ(nice_of(PROCESS, 0), 5);
	CHECK_EQ(nice_of(PROCESS, getpid()), 5);
	CHECK_EQ(syscall(NICE, 1000), 0);
	CHECK_EQ(nice_of(PROCESS, 0), 19);
	CHECK_EQ(syscall(SETPRIORITY, PROCESS, 0, -100), 0);
	CHECK_EQ(nice_of(PROCESS, 0), -20);
	CHECK_ERROR(syscall(SETPRIORITY, 3, 0, 0), EINVAL);
	CHECK_ERROR(syscall(SETPRIORITY, PROCESS, NOBODY, 0), ESRCH);
	CHECK_ERROR(syscall(GETPRIORITY, GROUP, NOBODY), ESRCH);
	child = fork();
	if (!child)
		for (;;)
			pause();
	CHECK_EQ(setpgid(child, child), 0);
	CHECK_EQ(nice_of(PROCESS, child), -20);
	CHECK_EQ(syscall(SETPRIORITY, GROUP, child, 7), 0);
	CHECK_EQ(nice_of(GROUP, child), 7);
	CHECK_EQ(nice_of(PROCESS, 0), -20);
	CHECK_EQ(kill(child, SIGKILL), 0);
	CHECK_EQ(waitpid(child, NULL, 0), child);
	CHECK_EQ(syscall(SETPRIORITY, PROCESS, 0, 0), 0);
}

static void tell_policy(void *wanted)
{
	CHECK_EQ(syscall(GETSCHEDULER, 0), *(int *)wanted);
}

static void inheritance(void)
{
	int fifo = FIFO, other = OTHER;
	struct timespec slice = { 9, 9 };

	CHECK_EQ(set_policy(FIFO, 3), 0);
	CHECK_EQ(syscall(RR_INTERVAL, 0, &slice), 0);
	CHECK(slice.tv_sec == 0 && slice.tv_nsec == 0);
	CHECK_EQ(check_in_child(tell_policy, &fifo), 0);
	CHECK_EQ(set_policy(FIFO | RESET_ON_FORK, 3), 0);
	CHECK_EQ(syscall(GETSCHEDULER, 0), FIFO | RESET_ON_FORK);
	CHECK_EQ(check_in_child(tell_policy, &other), 0);
	CHECK_EQ(set_policy(RR, 3), 0);
	CHECK_EQ(syscall(RR_INTERVAL, 0, &slice), 0);
	CHECK_EQ(slice.tv_nsec, 100000000);
	CHECK_EQ(set_policy(OTHER, 0), 0);
}

/* --- obedience ------------------------------------------------------------------------------------------------------ */

enum { RUNNERS = 3 };

static volatile struct {
	int next, order[RUNNERS];
	unsigned work[2];
} *shared;

static void note_turn(int who)
{
	shared->order[shared->next++] = who;
}

/* Children of higher real-time priority run as soon as they exist; of those that are woken the highest runs first. */
static void real_time_runs_first(void)
{
	static const int priorities[RUNNERS] = { 10, 30, 20 };
	int gate[2], status;
	char c;

	CHECK_EQ(syscall(SETAFFINITY, 0, 4, &(unsigned){ 1 }), 0);
	CHECK_EQ(set_policy(FIFO, 50), 0);
	CHECK_EQ(pipe(gate), 0);
	for (int i = 0; i < RUNNERS; i++)
		if (fork() == 0) {
			close(gate[1]);
			CHECK_EQ(set_policy(FIFO, priorities[i]), 0);
			CHECK_EQ(read(gate[0], &c, 1), 0);
			note_turn(priorities[i]);
			_exit(0);
		}
	close(gate[0]);
	CHECK_EQ(nanosleep(&(struct timespec){ 0, 100000000 }, NULL), 0);
	close(gate[1]);
	CHECK_EQ(shared->next, 0); /* no task of lower priority runs before we sleep */
	for (int i = 0; i < RUNNERS; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(shared->order[0], 30);
	CHECK_EQ(shared->order[1], 20);
	CHECK_EQ(shared->order[2], 10);
	CHECK_EQ(set_policy(OTHER, 0), 0);
}

static pid_t start_worker(int i, int nice)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	CHECK_EQ(syscall(SETPRIORITY, PROCESS, 0, nice), 0);
	for (;;)
		shared->work[i]++;
}

/* Two tasks that never sleep share the processor: the nice one soon has less than half of the other one's time. */
static void nice_gives_way(void)
{
	pid_t pids[2] = { start_worker(0, 0), start_worker(1, 19) };
	int naps = 0;

	CHECK_EQ(set_policy(FIFO, 50), 0);
	do {
		CHECK_EQ(nanosleep(&(struct timespec){ 0, 50000000 }, NULL), 0);
		CHECK(naps++ < 200);
	} while (!shared->work[1] || shared->work[1] > shared->work[0] / 2);
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(kill(pids[i], SIGKILL), 0);
		CHECK_EQ(waitpid(pids[i], NULL, 0), pids[i]);
	}
	CHECK_EQ(set_policy(OTHER, 0), 0);
}

/* A real-time task that never sleeps leaves an ordinary one enough time to kill it. */
static void real_time_can_be_ended(void)
{
	pid_t pid = fork();

	if (!pid) {
		CHECK_EQ(set_policy(FIFO, 99), 0);
		for (;;)
			;
	}
	CHECK_EQ(nanosleep(&(struct timespec){ 0, 100000000 }, NULL), 0);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	shared = (void *)check_shared(1);
	what_is_told();
	processors();
	nice_values();
	inheritance();
	real_time_runs_first();
	nice_gives_way();
	real_time_can_be_ended();
	return CHECK_OK();
}
