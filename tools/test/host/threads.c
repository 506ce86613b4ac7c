/*
 * Threads as coroutines. Like the kernel's they run until they sleep; the next one is chosen at random, so that every
 * run of the tests sees another order. When no thread is ready, a request of the disk ends.
 */
#include <ucontext.h>

#include <sanitizer/common_interface_defs.h>

#include "host.h"
#include "kernel/base/thread.h"
#include "kernel/base/wait.h"

#define STACK (256 << 10)
#define THREADS 32

struct host_thread {
	struct thread thread; /* what the kernel's code sees */
	ucontext_t context;
	char *stack;
	void (*body)(void *);
	void *argument;
	bool urgent;
};

static struct host_thread threads[THREADS];
static struct host_thread *running; /* NULL: the scheduler, or a test without threads */
static u32 thread_count;
static ucontext_t scheduler;
static const void *scheduler_stack;
static size_t scheduler_size;
static struct thread outside;       /* runs when no thread does */
struct thread *thread_running = &outside;

u32 host_woken;
void (*host_at_switch)(void);

static void back_to_scheduler(void)
{
	struct host_thread *self = running;
	void *fake = NULL;

	__sanitizer_start_switch_fiber(self->thread.state == THREAD_DEAD ? NULL : &fake, scheduler_stack,
				       scheduler_size);
	swapcontext(&self->context, &scheduler);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

static void begin(void)
{
	__sanitizer_finish_switch_fiber(NULL, &scheduler_stack, &scheduler_size);
	running->body(running->argument);
	running->thread.state = THREAD_DEAD;
	back_to_scheduler();
}

/* => a place that no thread uses; its stack, if it has one already, is used again */
static struct host_thread *free_place(void)
{
	for (u32 i = 0; i < thread_count; i++)
		if (threads[i].thread.state == THREAD_DEAD && &threads[i] != running)
			return &threads[i];
	CHECK(thread_count < THREADS);
	return &threads[thread_count++];
}

struct thread *host_thread(void (*body)(void *), void *argument, bool urgent)
{
	struct host_thread *t = free_place();
	char *stack = t->stack ? t->stack : malloc(STACK);

	*t = (struct host_thread){ .body = body, .argument = argument, .urgent = urgent, .stack = stack };
	t->thread.state = THREAD_READY;
	list_init(&t->thread.link);
	CHECK(t->stack && getcontext(&t->context) == 0);
	t->context.uc_stack.ss_sp = t->stack;
	t->context.uc_stack.ss_size = STACK;
	t->context.uc_link = &scheduler;
	makecontext(&t->context, begin, 0);
	return &t->thread;
}

static void switch_to(struct host_thread *t)
{
	void *fake = NULL;

	running = t;
	thread_running = &t->thread;
	t->thread.state = THREAD_RUNNING;
	__sanitizer_start_switch_fiber(&fake, t->stack, STACK);
	swapcontext(&scheduler, &t->context);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
	running = NULL;
	thread_running = &outside;
}

/* => a ready thread, urgent ones first; NULL: none */
static struct host_thread *choose(void)
{
	u32 first = thread_count ? host_random(thread_count) : 0;
	struct host_thread *found = NULL;

	for (u32 i = 0; i < thread_count; i++) {
		struct host_thread *t = &threads[(first + i) % thread_count];

		if (t->thread.state == THREAD_READY && (!found || t->urgent > found->urgent))
			found = t;
	}
	return found;
}

static bool all_ended(void)
{
	for (u32 i = 0; i < thread_count; i++)
		if (!threads[i].urgent && threads[i].thread.state != THREAD_DEAD)
			return false;
	return true;
}

static bool end_a_sleep(void);

void host_run(void)
{
	while (!all_ended()) {
		struct host_thread *t;

		if (!host_disk_hold && host_random(4) == 0)
			host_disk_finish_one();
		t = choose();
		if (t)
			switch_to(t);
		else if (!host_disk_finish_one() && !end_a_sleep())
			host_fail(__FILE__, __LINE__, "all threads sleep and nothing will wake them");
		if (host_at_switch)
			host_at_switch();
	}
}

void host_yield(void)
{
	CHECK(running);
	running->thread.state = THREAD_READY;
	back_to_scheduler();
}

void thread_yield(void)
{
	host_yield();
}

/* No slice ever ends: threads switch only where they sleep or yield by themselves. */
bool thread_should_yield(void)
{
	return false;
}

/* --- sleep and wakeup ---------------------------------------------------------------------------------------------- */

/* A test without threads sleeps by letting the disk work. */
static void sleep_outside(struct waitq *q)
{
	list_push_back(&q->sleepers, &outside.link);
	while (!list_empty(&outside.link))
		if (!host_disk_finish_one())
			host_fail(__FILE__, __LINE__, "the test sleeps and nothing will wake it");
}

void wait_on(struct waitq *q)
{
	if (thread_current()->before_sleep)
		thread_current()->before_sleep();
	if (!running) {
		sleep_outside(q);
		return;
	}
	running->thread.state = THREAD_SLEEPING;
	list_push_back(&q->sleepers, &running->thread.link);
	back_to_scheduler();
}

bool wait_on_killable(struct waitq *q)
{
	if (!thread_current()->killed)
		wait_on(q);
	return !thread_current()->killed;
}

/* Its time is over when chance will have it: at once, or later, but surely when nothing else happens any more. */
enum wait_result wait_on_until(struct waitq *q, u64 deadline)
{
	struct thread *t = thread_current();

	CHECK(running);
	if (host_random(2)) {
		host_yield();
		return WAIT_TIMEOUT;
	}
	t->deadline = deadline;
	t->woken_by = WAIT_WOKEN;
	wait_on(q);
	t->deadline = 0;
	return t->woken_by;
}

enum wait_result wait_on_until_killed(struct waitq *q, u64 deadline)
{
	return wait_on_until(q, deadline);
}

/* Nobody can run: a sleep with a deadline ends. => false: there is none */
static bool end_a_sleep(void)
{
	for (u32 i = 0; i < thread_count; i++) {
		struct thread *t = &threads[i].thread;

		if (t->state != THREAD_SLEEPING || !t->deadline || t->deadline == WAIT_FOREVER)
			continue;
		list_remove(&t->link);
		t->state = THREAD_READY;
		t->woken_by = WAIT_TIMEOUT;
		return true;
	}
	return false;
}

void wake_one_of(struct waitq *q)
{
	struct list *link = list_pop_front(&q->sleepers);

	if (!link)
		return;
	host_woken++;
	list_entry(link, struct thread, link)->state = THREAD_READY;
}

void wake_all(struct waitq *q)
{
	while (!list_empty(&q->sleepers))
		wake_one(q);
}

void thread_kill(struct thread *t)
{
	t->killed = true;
	if (t->state == THREAD_SLEEPING) {
		list_remove(&t->link);
		t->state = THREAD_READY;
	}
}
