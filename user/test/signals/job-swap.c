/*
 * job-swap - a stopped task is swapped out as a whole and comes back without running; a task that is out can be stopped,
 * continued and killed there. (Where whole tasks are not swapped, only the stopping is tested.)
 */
#include "job.h"
#include "procswap.h"

enum { PAGES = 200 };

static struct {
	volatile long beats, bad;
} *shared;

static void work(void *unused)
{
	uint32_t *memory = (uint32_t *)check_private(PAGES);

	(void)unused;
	for (uint32_t round = 0;; round++) {
		for (size_t i = 0; i < PAGES; i++) {
			uint32_t *word = memory + i * (PAGE / 4) + i;

			shared->bad += round && *word != round - 1 + i;
			*word = round + i;
		}
		shared->beats++;
	}
}

static void until_beats(long more)
{
	long wanted = shared->beats + more;

	while (shared->beats < wanted)
		job_nap(20);
}

/* Only our orders swap tasks. */
static void stands_still(pid_t pid)
{
	long beats = shared->beats;

	job_nap(20);
	CHECK_EQ(shared->beats, beats);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG | WUNTRACED | WCONTINUED), 0);
}

static void stop_then_out(pid_t pid)
{
	job_stop(pid, SIGTSTP);
	CHECK_EQ(procswap_order(pid, "out"), 0);
	CHECK_EQ(task_state(pid), 'T');
	stands_still(pid);
	CHECK_EQ(procswap_order(pid, "in"), 0);
	CHECK_EQ(task_state(pid), 'T');
	stands_still(pid);
	job_continue(pid);
	until_beats(3);
}

/* It is continued while it is out: that is reported at once, though it runs later. */
static void continued_outside(pid_t pid)
{
	long beats;

	job_stop(pid, SIGSTOP);
	CHECK_EQ(procswap_order(pid, "out"), 0);
	beats = shared->beats;
	job_continue(pid);
	job_nap(20);
	CHECK_EQ(task_state(pid), 'W');
	CHECK_EQ(shared->beats, beats);
	CHECK_EQ(procswap_order(pid, "in"), 0);
	until_beats(3);
}

static void stopped_outside(pid_t pid)
{
	CHECK_EQ(procswap_order(pid, "out"), 0);
	job_until(pid, 'W');
	long long times = procswap_figure(pid, "times");

	for (int i = 0; i < 3; i++) {
		job_stop(pid, i ? SIGTTOU : SIGSTOP);
		CHECK_EQ(task_state(pid), 'T');
		job_continue(pid);
	}
	CHECK_EQ(procswap_figure(pid, "times"), times);	/* it did not come in for that */
	CHECK_EQ(task_state(pid), 'W');
	job_stop(pid, SIGSTOP);
	CHECK_EQ(procswap_order(pid, "in"), 0);
	stands_still(pid);
	job_continue(pid);
	until_beats(3);
}

static void ended_outside(pid_t pid)
{
	job_stop(pid, SIGSTOP);
	if (procswap_exists())
		CHECK_EQ(procswap_order(pid, "out"), 0);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	stands_still(pid);
	job_kill(pid);
}

int main(void)
{
	pid_t pid;

	shared = (void *)check_shared(1);
	pid = job_start(work, NULL);
	until_beats(2);
	if (procswap_exists()) {
		stop_then_out(pid);
		continued_outside(pid);
		stopped_outside(pid);
	}
	ended_outside(pid);
	CHECK_EQ(shared->bad, 0);
	return CHECK_OK();
}
