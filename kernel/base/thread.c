/*
 * Threads and the scheduler.
 *
 * Round robin with a slice of 10 ms, and a queue before it for the urgent: the daemons that others wait for. The kernel
 * runs with interrupts off. They are taken in user mode, in the idle loop, and in a window of one instruction on each
 * switch, so that a machine whose threads never leave the kernel still hears its devices.
 *
 * The timer is armed only when somebody needs it: a sleeper with a deadline, or a slice that others wait for. An idle
 * machine without sleepers takes no tick at all.
 */
#include "kernel/base/thread.h"

#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"

#define SLICE_NS 10000000ull

void thread_switch_stack(void **save, void *next);

volatile u8 thread_work_pending;
void (*thread_check)(void);
u64 (*thread_alarms)(u64 now);

static struct thread idle;
static struct thread *current = &idle;
static struct list ready = LIST_INIT(ready);
static struct list ready_urgent = LIST_INIT(ready_urgent);
static struct list timed = LIST_INIT(timed); /* sleepers with a deadline, the nearest first */
static u64 armed_until = WAIT_FOREVER;
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

static bool others_ready(void)
{
	return !list_empty(&ready) || !list_empty(&ready_urgent);
}

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
	list_push_back(t->urgent ? &ready_urgent : &ready, &t->link);
	if (t->urgent)
		thread_work_pending = 1;
	else if (current != &idle)
		thread_arm(current->slice_end);
}

static struct thread *pick_next(void)
{
	struct list *link = list_pop_front(&ready_urgent);

	if (!link)
		link = list_pop_front(&ready);
	return link ? list_entry(link, struct thread, link) : &idle;
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
	next->run_since = now;
	next->slice_end = now + SLICE_NS;
	next->state = THREAD_RUNNING;
	if (next != &idle && !list_empty(&ready))
		thread_arm(next->slice_end);
	if (next->killed || next->signalled || next->summoned)
		thread_work_pending = 1;
	if (next == previous)
		return;

	if (thread_check)
		thread_check();
	switches++;
	save_fpu(previous);
	current = next;
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

void thread_yield(void)
{
	cpu_interrupt_window();
	if (!others_ready()) {
		current->slice_end = clock_ns() + SLICE_NS;
		return;
	}
	current->yields++;
	current->state = THREAD_READY;
	list_push_back(current->urgent ? &ready_urgent : &ready, &current->link);
	switch_to(pick_next());
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

bool thread_should_yield(void)
{
	return !list_empty(&ready_urgent) ||
	       (!list_empty(&ready) && clock_ns() >= current->slice_end);
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
		thread_arm(current->slice_end);
}

void thread_idle(void)
{
	ASSERT(current == &idle);
	for (;;) {
		cpu_interrupts_off();
		if (others_ready())
			switch_to(pick_next());
		else
			cpu_halt_for_interrupt();
	}
}
