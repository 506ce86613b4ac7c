/*
 * Threads: switching between them, sleep and wakeup, the timer. ready.c chooses the next thread.
 *
 * The kernel runs with interrupts off. They are taken in user mode, in the idle loop, and in a window of one
 * instruction when a thread sleeps or yields, so that devices are served even if no thread ever leaves the kernel.
 *
 * The timer is armed only when it is needed: for a sleeper with a deadline, or for a slice while other threads are
 * ready. An idle machine without sleepers takes no tick at all.
 */
#include "kernel/base/thread.h"

#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/ready.h"
#include "kernel/base/string.h"
#include "kernel/base/timed.h"

void thread_switch_stack(void **save, void *next);

volatile u8 thread_work_pending;
void (*thread_check)(void);
u64 (*thread_alarms)(u64 now);

static struct thread idle;
struct thread *thread_running = &idle;
static u64 armed_until = WAIT_FOREVER;
u64 thread_user_cycles;
static u64 switches;
static u32 directory_loads;
static void (*enter_thread)(const struct thread *t);

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
}

void thread_arm(u64 deadline)
{
	if (deadline >= armed_until)
		return;
	armed_until = deadline;
	clock_arm(deadline);
}

/* --- switching ----------------------------------------------------------------------------------------------------- */

static void save_fpu(struct thread *t)
{
	if (t->fpu)
		__asm__ volatile("fxsave (%0)" : : "r"(t->fpu) : "memory");
}

static void thread_load_fpu(struct thread *t)
{
	if (t->fpu)
		__asm__ volatile("fxrstor (%0)" : : "r"(t->fpu) : "memory");
}

/*
 * A new thread begins here: thread_switch_stack() returns here and not to switch_to(), so the FPU must be loaded here.
 */
static void thread_begin(void)
{
	thread_load_fpu(thread_running);
	thread_running->entry(thread_running->argument);
	panic("thread %s returned", thread_running->name);
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

	*--sp = 0; /* thread_begin()'s return address: a backtrace ends at 0 */
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
	ready_add(t, false);
	if (t->priority > thread_running->priority)
		thread_work_pending = 1;
	else if (thread_running != &idle)
		thread_arm(ready_next_choice(thread_running));
}

void thread_set_priority(struct thread *t, u32 priority, u32 slice_ns)
{
	ASSERT_CMP(priority, <=, THREAD_URGENT);
	t->priority = priority;
	t->slice_ns = slice_ns;
	if (t->state == THREAD_READY) {
		list_remove(&t->link);
		ready_add(t, false);
	}
	thread_work_pending = 1;
}

static struct thread *pick_next(void)
{
	struct thread *next = ready_take(thread_running);

	return next ? next : &idle;
}

/* Skipped if the space is loaded already: loading CR3 flushes all user translations from the TLB. */
static void load_directory(paddr_t cr3)
{
	if (!cr3 || cr3 == cpu_cr3())
		return;
	directory_loads++;
	cpu_set_cr3(cr3);
}

static void switch_to(struct thread *next)
{
	struct thread *previous = thread_running;
	u64 now = clock_ns();

	previous->run_ns += now - previous->run_since;
	next->run_since = now;
	next->slice_end = now + next->slice_ns;
	next->state = THREAD_RUNNING;
	if (next->killed || next->signalled || next->return_work)
		thread_work_pending = 1;
	if (next == previous) {
		if (!list_empty(&ready_threads))
			thread_arm(ready_next_choice(thread_running));
		return;
	}
	if (thread_check)
		thread_check();
	switches++;
	save_fpu(previous);
	previous->user_cycles = thread_user_cycles;
	thread_user_cycles = next->user_cycles;
	thread_running = next;
	if (next != &idle && !list_empty(&ready_threads))
		thread_arm(ready_next_choice(thread_running));
	enter_thread(next);
	load_directory(next->cr3);
	thread_switch_stack(&previous->sp, next->sp);
	thread_load_fpu(thread_running);
}

void thread_block(void)
{
	thread_running->sleeps++;
	cpu_interrupt_window();
	switch_to(pick_next());
}

static void let_others_run(bool before_equals)
{
	cpu_interrupt_window();
	if (list_empty(&ready_threads)) {
		thread_running->slice_end = clock_ns() + thread_running->slice_ns;
		return;
	}
	thread_running->yields++;
	thread_running->state = THREAD_READY;
	ready_add(thread_running, before_equals);
	switch_to(pick_next());
}

void thread_yield(void)
{
	let_others_run(false);
}

void thread_preempt(void)
{
	let_others_run(!thread_running->slice_ns);
}

void thread_exit(void)
{
	if (thread_running->before_sleep)
		thread_running->before_sleep();
	thread_running->state = THREAD_DEAD;
	switch_to(pick_next());
	panic("dead thread %s runs", thread_running->name);
}

void thread_set_deadline(u64 deadline)
{
	thread_running->deadline = deadline;
	timed_add(thread_running);
	thread_arm(deadline);
}

void thread_wake(struct thread *t, enum wait_result why)
{
	list_remove(&t->link);
	if (t->timed) {
		timed_remove(t);
		t->deadline = WAIT_FOREVER;
	}
	t->woken_by = why;
	thread_ready(t);
}

void thread_kill(struct thread *t)
{
	t->killed = true;
	if (t->state == THREAD_SLEEPING && (t->sleep_killable || t->sleep_interruptible))
		thread_wake(t, WAIT_INTERRUPTED);
	if (t == thread_running)
		thread_work_pending = 1;
}

void thread_signal(struct thread *t)
{
	t->signalled = true;
	if (t->state == THREAD_SLEEPING && t->sleep_interruptible)
		thread_wake(t, WAIT_INTERRUPTED);
	if (t == thread_running)
		thread_work_pending = 1;
}

static bool slice_is_over(u64 now)
{
	return thread_running->slice_ns && now >= thread_running->slice_end;
}

bool thread_should_yield(void)
{
	u64 now = clock_ns();

	return ready_is_better(thread_running, slice_is_over(now), now);
}

/* The current thread continues. If its slice is over, all ready threads rank below it, so it gets another slice. */
static void choose_later(u64 now)
{
	if (slice_is_over(now))
		thread_running->slice_end = now + thread_running->slice_ns;
	thread_arm(ready_next_choice(thread_running));
}

void thread_timer_tick(void)
{
	u64 now = clock_ns();
	struct thread *t;

	armed_until = WAIT_FOREVER;
	while ((t = timed_first()) && t->deadline <= now)
		thread_wake(t, WAIT_TIMEOUT);
	if (t)
		thread_arm(t->deadline);
	if (thread_alarms)
		thread_arm(thread_alarms(now));
	if (thread_should_yield())
		thread_work_pending = 1;
	else if (thread_running != &idle && !list_empty(&ready_threads))
		choose_later(now);
}

u64 thread_run_ns(const struct thread *t)
{
	return t == thread_running ? t->run_ns + clock_ns() - t->run_since : t->run_ns;
}

u64 thread_user_ns(const struct thread *t)
{
	return clock_ns_of(t == thread_running ? thread_user_cycles : t->user_cycles);
}

void thread_idle(void)
{
	ASSERT(thread_running == &idle);
	for (;;) {
		cpu_interrupts_off();
		if (!list_empty(&ready_threads))
			switch_to(pick_next());
		else
			cpu_halt_for_interrupt();
	}
}
