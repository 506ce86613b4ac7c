/*
 * The swapper: swaps whole tasks out and in.
 *
 * A task is swapped out only where it holds nothing: at the gate, through which it returns to user mode, while it is
 * stopped by a signal, or in an interruptible sleep. Until it is brought back it cannot pass the gate. If it is woken
 * inside the kernel it runs there until it touches user memory, and then waits at the gate too.
 *
 * One thread does all this, for one task at a time (`subject`). After each sleep of that thread the task may have been
 * killed: a killed task exits without being brought back, and calls swapper_forget().
 */
#include "kernel/pressure/swapper.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/signal/signal.h"
#include "kernel/signal/stop.h"
#include "kernel/task/task.h"
#include "mm/frame_wait.h"
#include "mm/mm.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

#define POLL_NS 1000000ull        /* between two checks whether the task holds nothing */
#define PATIENCE_NS NS_PER_SEC    /* after which it is not swapped out */

static struct waitq work = WAITQ_INIT(work);
static struct task *subject; /* the task being moved; NULL: it has exited meanwhile */

void swapper_wake(void)
{
	wake_all(&work);
}

void swapper_sleep(u64 until)
{
	wait_on_until(&work, until);
}

static void swapper_set_state(struct task *t, enum swap_state state)
{
	t->swap.state = state;
	t->swap.since_ns = clock_ns();
	t->thread.return_work = state != SWAP_IN;
	if (state == SWAP_IN)
		wake_all(&t->swap.gate);
	wake_all(&t->swap.changed);
}

/* --- the task's side --------------------------------------------------------------------------------------------- */

/* Sleeps while CLOSED(current task). => false: it was killed */
static bool wait_at_gate(bool (*closed)(const struct task *t))
{
	struct task *t = task_current();
	bool alive = !t->thread.killed;

	while (alive && closed(t)) {
		t->swap.at_gate = true;
		swapper_wake();
		alive = wait_on_killable(&t->swap.gate);
		t->swap.at_gate = false;
	}
	return alive;
}

/* => true: T may not return to user mode, and no stop signal is due */
static bool is_held(const struct task *t)
{
	return t->swap.state != SWAP_IN && !signal_stopping(t);
}

/* => true: T cannot access its space. In state SWAP_LEAVING it still can, and must: it may hold something. */
static bool has_no_space(const struct task *t)
{
	return procswap_is_out(t->as) || t->swap.state == SWAP_ENTERING;
}

/* A stop signal is acted on here, so that the task need not be brought back for it. */
bool swapper_gate(void)
{
	while (wait_at_gate(is_held)) {
		if (task_current()->swap.state == SWAP_IN)
			return true;
		signal_stop_if_due();
	}
	return false;
}

bool swapper_wait_for_space(void)
{
	return wait_at_gate(has_no_space);
}

void swapper_forget(void)
{
	struct task *t = task_current();

	if (subject == t)
		subject = NULL;
	swapper_set_state(t, SWAP_IN);
}

/* --- out and in -------------------------------------------------------------------------------------------------- */

static bool holds_nothing(const struct task *t)
{
	const struct thread *thread = &t->thread;

	if (t->lender || t->borrower)
		return false; /* two tasks run in one space */
	return t->swap.at_gate || (thread->state == THREAD_SLEEPING && !thread->killed &&
				   (thread->sleep_interruptible || t->stopped));
}

/* Waits until T holds nothing. => 0; -EBUSY: not within PATIENCE_NS, -ESRCH */
static int wait_until_idle(struct task *t)
{
	u64 end = clock_ns() + PATIENCE_NS;

	subject = t;
	swapper_set_state(t, SWAP_LEAVING);
	while (subject && !holds_nothing(t) && clock_ns() < end)
		wait_on_until(&work, clock_ns() + POLL_NS);
	if (!subject)
		return -ESRCH;
	return holds_nothing(t) ? 0 : -EBUSY;
}

int swapper_out(struct task *t, u32 why)
{
	struct procswap out;
	u64 start = clock_ns();
	int error = wait_until_idle(t);

	if (!error && !procswap_leave(&out, t->as))
		error = -ENOMEM;
	if (error) {
		if (subject)
			swapper_set_state(t, SWAP_IN);
		return error;
	}
	TRACE_PROCOUT(t->as->label, out.figures.pages, why);
	task_enter_space(t, t->as);
	do
		error = procswap_evict(&out);
	while (error && subject);
	if (!subject)
		return -ESRCH;
	t->swap.times++;
	t->swap.out = out.figures;
	TRACE_PROCDONE(t->as->label, VMTRACE_PROCDONE_DIRECTION_OUT, out.figures.frames, out.figures.moved, out.figures.runs);
	t->swap.out_ns = clock_ns() - start;
	swapper_set_state(t, SWAP_OUT);
	return 0;
}

/* Gives T page tables again. => 0, -ENOMEM, -ESRCH */
static int give_directory(struct task *t, struct procswap *in, u32 why)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };
	int error;

	do
		error = !subject ? -ESRCH : procswap_return(in, t->as) ? 0 : -ENOMEM;
	while (frame_retry(&retry, &error));
	if (error)
		return error;
	TRACE_PROCIN(t->as->label, in->figures.pages, why);
	task_enter_space(t, t->as);
	return 0;
}

/* Reads the pages that the task had in memory. If frames run out, page faults read the rest. */
static void read_set(struct procswap *in)
{
	int error;

	do {
		struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };

		do
			error = subject ? procswap_read(in) : -ESRCH;
		while (frame_retry(&retry, &error));
	} while (error == -EAGAIN);
	if (error && subject)
		resident_set_clear(&in->as->remembered);
}

int swapper_in(struct task *t, u32 why)
{
	struct procswap in;
	u64 start = clock_ns();
	int error;

	subject = t;
	swapper_set_state(t, SWAP_ENTERING);
	error = give_directory(t, &in, why);
	if (error) {
		if (subject)
			swapper_set_state(t, SWAP_OUT);
		return error;
	}
	read_set(&in);
	if (!subject)
		return -ESRCH;
	t->swap.in = in.figures;
	TRACE_PROCDONE(t->as->label, VMTRACE_PROCDONE_DIRECTION_IN, in.figures.frames, in.figures.moved, in.figures.runs);
	t->swap.in_ns = clock_ns() - start;
	swapper_set_state(t, SWAP_IN);
	return 0;
}

/* --- commands ---------------------------------------------------------------------------------------------------- */

static bool is_obeyed(const struct task *t)
{
	if (t->swap.command == SWAP_STAY_OUT)
		return t->swap.state == SWAP_OUT;
	return t->swap.command == SWAP_AS_NEEDED;
}

static void obey(struct task *t)
{
	bool out = t->swap.command == SWAP_STAY_OUT;
	int error = 0;

	if (out && slot_available() < procswap_slots_needed(t->as))
		error = -ENOSPC;
	else if (out)
		error = swapper_out(t, VMTRACE_PROCOUT_WHY_ASKED);
	else if (t->swap.state == SWAP_OUT)
		error = swapper_in(t, VMTRACE_PROCIN_WHY_ASKED);
	if (error == -ESRCH)
		return;
	t->swap.error = error;
	if (error || !out)
		t->swap.command = SWAP_AS_NEEDED;
	wake_all(&t->swap.changed);
}

/* => a task with a command that is not obeyed yet; NULL: there is none */
static struct task *find_commanded(void)
{
	struct task *t;

	list_for_each(t, &task_all, all)
		if (t->as && !t->exiting && !is_obeyed(t))
			return t;
	return NULL;
}

/*
 * T may exit during the sleep, so it is looked up again by number and start time. After SWAP_COME_IN it may have been
 * brought back and exited before the caller runs: that is success.
 */
static int wait_until_obeyed(struct task *t, enum swap_command command)
{
	u32 pid = t->pid;
	u64 started = t->started_ns;

	while (!is_obeyed(t)) {
		if (wait_on_until(&t->swap.changed, WAIT_FOREVER) == WAIT_INTERRUPTED)
			return -EINTR;
		t = task_find(pid);
		if (!t || t->started_ns != started || !t->as)
			return command == SWAP_COME_IN ? 0 : -ESRCH;
	}
	return t->swap.error;
}

int swapper_command(struct task *t, enum swap_command command)
{
	if (t->exiting)
		return -ESRCH;
	if (!t->as)
		return -EINVAL;
	if (t == task_current())
		return -EINVAL;
	if (t->pid == 1)
		return -EPERM;
	t->swap.command = command;
	t->swap.error = 0;
	swapper_wake();
	return wait_until_obeyed(t, command);
}

bool swapper_obey_command(void)
{
	struct task *t = find_commanded();

	if (t)
		obey(t);
	return t;
}
