/*
 * Threads and the scheduler.
 *
 * The ready thread of the highest priority runs, and those of one priority by turns. The kernel runs with interrupts
 * off. They are taken in user mode, in the idle loop, and in a window of one instruction on each switch, so that a
 * machine whose threads never leave the kernel still hears its devices.
 *
 * Of each second real-time threads have 950 ms at most while ordinary ones are ready, as on Linux, so that a real-time
 * thread that never sleeps can still be ended.
 *
 * The timer is armed only when somebody needs it: a sleeper with a deadline, or a slice that others wait for. An idle
 * machine without sleepers takes no tick at all.
 */
#include "kernel/base/thread.h"

#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"

#define PERIOD_NS 1000000000ull
#define REALTIME_NS 950000000ull

void thread_switch_stack(void **save, void *next);

volatile u8 thread_work_pending;
void (*thread_check)(void);
u64 (*thread_alarms)(u64 now);

static struct thread idle;
static struct thread *current = &idle;
static struct list ready = LIST_INIT(ready); /* by priority, the highest first */
static struct list timed = LIST_INIT(timed); /* sleepers with a deadline, the nearest first */
static u64 armed_until = WAIT_FOREVER;
static u64 period_end;   /* of the second in which real_time_ns is counted */
static u64 real_time_ns; /* what real-time threads have had of it */
static u64 charged_until;
u64 thread_user_cycles;
static u64 switches;
static u32 directory_loads;
static void (*enter_thread)(const struct thread *t);

struct thread *thread_current(void)
{
	return current;
}

u64 thread_switches(void)
{
	return switches;
}

u32 thread_directory_loads(void)
{
	return directory_loads;
}

u64 thread_idle_ns(void)
{
	return idle.run_ns;
}

void thread_init(void (*enter)(const struct thread *t))
{
	enter_thread = enter;
	idle.name = "idle";
	idle.state = THREAD_RUNNING;
	list_init(&idle.link);
	list_init(&idle.timed);
}

void thread_arm(u64 deadline)
{
	if (deadline >= armed_until)
		return;
	armed_until = deadline;
	clock_arm(deadline);
}

/* --- the choice ---------------------------------------------------------------------------------------------------- */

static bool is_real_time(const struct thread *t)
{
	return t->priority > THREAD_ORDINARY && t->priority <= THREAD_REALTIME_MAX;
}

/* What the current thread has had since the last call is counted. */
static void charge(u64 now)
{
	if (is_real_time(current))
		real_time_ns += now - charged_until;
	charged_until = now;
	if (now < period_end)
		return;
	period_end = now + PERIOD_NS;
	real_time_ns = 0;
}

/* Priority for the choice: a real-time thread that has used up its share of this second comes last. */
static int rank(const struct thread *t)
{
	return is_real_time(t) && real_time_ns >= REALTIME_NS ? -1 : t->priority;
}

/* => the ready thread that should run next, still in the queue; NULL: none */
static struct thread *best_ready(void)
{
	struct thread *t, *best = NULL;

	list_for_each(t, &ready, link) {
		if (rank(t) >= 0)
			return t;
		if (!best)
			best = t;
	}
	return best;
}

static void enqueue(struct thread *t, bool before_equals)
{
	struct list *where = ready.prev;
	struct thread *other;

	if (t->priority > THREAD_ORDINARY || before_equals) {
		list_for_each(other, &ready, link)
			if (other->priority < t->priority + before_equals)
				break;
		where = other->link.prev;
	}
	list_insert_after(where, &t->link);
}

/* => when the choice of the current thread must be looked at again, if it does not sleep before */
static u64 next_look(void)
{
	u64 end = current->slice_ns ? current->slice_end : WAIT_FOREVER;

	if (!is_real_time(current))
		return end;
	return MIN(end, real_time_ns < REALTIME_NS ? charged_until + REALTIME_NS - real_time_ns : period_end);
}

/* --- switching ----------------------------------------------------------------------------------------------------- */

static void save_fpu(struct thread *t)
{
	if (t->fpu)
		__asm__ volatile("fxsave (%0)" : : "r"(t->fpu) : "memory");
}

static void load_fpu(struct thread *t)
{
	if (t->fpu)
		__asm__ volatile("fxrstor (%0)" : : "r"(t->fpu) : "memory");
}

/* Where a new thread begins: thread_switch_stack() returns to here, and not to switch_to(), whose last step it must take. */
static void thread_begin(void)
{
	load_fpu(current);
	current->entry(current->argument);
	panic("thread %s returned", current->name);
}

void thread_prepare(struct thread *t, const char *name, void *stack_top, u32 reserved, void (*entry)(void *),
		    void *argument)
{
	u32 *sp = (u32 *)((char *)stack_top - reserved);

	memset(t, 0, sizeof(*t));
	t->name = name;
	t->stack_top = stack_top;
	t->entry = entry;
	t->argument = argument;
	t->state = THREAD_SLEEPING;
	t->deadline = WAIT_FOREVER;
	t->slice_ns = THREAD_SLICE_NS;
	list_init(&t->link);
	list_init(&t->timed);

	*--sp = 0; /* thread_begin()'s return address: ends a backtrace */
	*--sp = (u32)(uintptr_t)thread_begin;
	for (int saved = 0; saved < 4; saved++)
		*--sp = 0;
	t->sp = sp;
}

void thread_ready(struct thread *t)
{
	ASSERT_CMP(t->state, ==, THREAD_SLEEPING);
	ASSERT(list_empty(&t->link));
	t->state = THREAD_READY;
	enqueue(t, false);
	if (t->priority > current->priority)
		thread_work_pending = 1;
	else if (current != &idle)
		thread_arm(next_look());
}

void thread_set_priority(struct thread *t, u32 priority, u32 slice_ns)
{
	ASSERT_CMP(priority, <=, THREAD_URGENT);
	t->priority = priority;
	t->slice_ns = slice_ns;
	if (t->state == THREAD_READY) {
		list_remove(&t->link);
		enqueue(t, false);
	}
	thread_work_pending = 1;
}

static struct thread *pick_next(void)
{
	struct thread *next;

	if (real_time_ns || is_real_time(current))
		charge(clock_ns());
	next = best_ready();
	if (!next)
		return &idle;
	list_remove(&next->link);
	return next;
}

/* Only for another address space: the load drops all of the user's translations from the TLB. */
static void load_directory(paddr_t cr3)
{
	if (!cr3 || cr3 == cpu_cr3())
		return;
	directory_loads++;
	cpu_set_cr3(cr3);
}

static void switch_to(struct thread *next)
{
	struct thread *previous = current;
	u64 now = clock_ns();

	previous->run_ns += now - previous->run_since;
	next->run_since = charged_until = now;
	next->slice_end = now + next->slice_ns;
	next->state = THREAD_RUNNING;
	if (next->killed || next->signalled || next->summoned)
		thread_work_pending = 1;
	if (next == previous) {
		if (!list_empty(&ready))
			thread_arm(next_look());
		return;
	}
	if (thread_check)
		thread_check();
	switches++;
	save_fpu(previous);
	previous->user_cycles = thread_user_cycles;
	thread_user_cycles = next->user_cycles;
	current = next;
	if (next != &idle && !list_empty(&ready))
		thread_arm(next_look());
	enter_thread(next);
	load_directory(next->cr3);
	thread_switch_stack(&previous->sp, next->sp);
	load_fpu(current);
}

void thread_block(void)
{
	current->sleeps++;
	cpu_interrupt_window();
	switch_to(pick_next());
}

static void let_others_run(bool before_equals)
{
	cpu_interrupt_window();
	if (list_empty(&ready)) {
		current->slice_end = clock_ns() + current->slice_ns;
		return;
	}
	current->yields++;
	current->state = THREAD_READY;
	enqueue(current, before_equals);
	switch_to(pick_next());
}

void thread_yield(void)
{
	let_others_run(false);
}

void thread_preempt(void)
{
	let_others_run(!current->slice_ns);
}

void thread_exit(void)
{
	current->state = THREAD_DEAD;
	switch_to(pick_next());
	panic("dead thread %s runs", current->name);
}

void thread_set_deadline(u64 deadline)
{
	struct list *where = &timed;
	struct thread *t;

	current->deadline = deadline;
	if (deadline == WAIT_FOREVER)
		return;
	list_for_each(t, &timed, timed) {
		if (t->deadline > deadline)
			break;
		where = &t->timed;
	}
	list_insert_after(where, &current->timed);
	thread_arm(deadline);
}

void thread_wake(struct thread *t, enum wait_result why)
{
	list_remove(&t->link);
	list_remove(&t->timed);
	t->deadline = WAIT_FOREVER;
	t->woken_by = why;
	thread_ready(t);
}

void thread_kill(struct thread *t)
{
	t->killed = true;
	if (t->state == THREAD_SLEEPING && (t->sleep_killable || t->sleep_interruptible))
		thread_wake(t, WAIT_INTERRUPTED);
	if (t == current)
		thread_work_pending = 1;
}

void thread_signal(struct thread *t)
{
	t->signalled = true;
	if (t->state == THREAD_SLEEPING && t->sleep_interruptible)
		thread_wake(t, WAIT_INTERRUPTED);
	if (t == current)
		thread_work_pending = 1;
}

static bool slice_is_over(u64 now)
{
	return current->slice_ns && now >= current->slice_end;
}

bool thread_should_yield(void)
{
	u64 now = clock_ns();
	const struct thread *next;

	charge(now);
	next = best_ready();
	if (!next || next == current)
		return false;
	return rank(next) > rank(current) || (rank(next) == rank(current) && slice_is_over(now));
}

/* The current thread goes on. If its slice is over only threads that come behind it are ready. */
static void look_later(u64 now)
{
	if (slice_is_over(now))
		current->slice_end = now + current->slice_ns;
	thread_arm(next_look());
}

void thread_timer_tick(void)
{
	u64 now = clock_ns();
	struct thread *t, *tmp;

	armed_until = WAIT_FOREVER;
	list_for_each_safe(t, tmp, &timed, timed) {
		if (t->deadline > now)
			break;
		thread_wake(t, WAIT_TIMEOUT);
	}
	if (!list_empty(&timed))
		thread_arm(list_first(&timed, struct thread, timed)->deadline);
	if (thread_alarms)
		thread_arm(thread_alarms(now));
	if (thread_should_yield())
		thread_work_pending = 1;
	else if (current != &idle && !list_empty(&ready))
		look_later(now);
}

u64 thread_run_ns(const struct thread *t)
{
	return t == current ? t->run_ns + clock_ns() - t->run_since : t->run_ns;
}

u64 thread_user_ns(const struct thread *t)
{
	return clock_ns_of(t == current ? thread_user_cycles : t->user_cycles);
}

void thread_idle(void)
{
	ASSERT(current == &idle);
	for (;;) {
		cpu_interrupts_off();
		if (!list_empty(&ready))
			switch_to(pick_next());
		else
			cpu_halt_for_interrupt();
	}
}
