/*
 * Creating and freeing tasks. A task consists of struct task, a kernel stack, its floating-point state and its signals,
 * which are allocated together. It gets an address space and files from fork or exec; a kernel thread has neither.
 */
#include "kernel/lifecycle/create.h"

#include "kernel/base/clock.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/kstack.h"
#include "kernel/cpu/trap.h"
#include "kernel/signal/itimer.h"
#include "kernel/signal/signal.h"
#include "mm/mm.h"

struct task *task_create(const char *name)
{
	struct task *t = kzalloc(sizeof(*t));
	struct signals *signals = kzalloc(sizeof(*signals));
	void *fpu = kmalloc(FPU_BYTES);
	void *top = t && fpu && signals ? kstack_alloc(&t->stack_slot) : NULL;

	if (!top || !task_register(t)) {
		if (top)
			kstack_free(t->stack_slot);
		kfree(t);
		kfree(signals);
		kfree(fpu);
		return NULL;
	}
	thread_prepare(&t->thread, t->name, top, sizeof(struct trapframe), NULL, NULL);
	strlcpy(t->name, name, sizeof(t->name));
	t->thread.fpu = fpu;
	fpu_reset(fpu);
	t->signals = signals;
	signal_start_empty(signals);
	itimer_init(t);
	limit_init(t);
	t->tf = (struct trapframe *)top - 1;
	t->started_ns = clock_ns();
	waitq_init(&t->child_changed);
	waitq_init(&t->resumed);
	waitq_init(&t->space_back);
	swapping_init(&t->swap);
	return t;
}

void task_free(struct task *t)
{
	ASSERT(t != task_current() && !t->as && !t->fs);
	task_unregister(t);
	kstack_free(t->stack_slot);
	kfree(t->thread.fpu);
	kfree(t->signals);
	kfree(t);
}

struct task *task_spawn_kernel(const char *name, void (*entry)(void *), void *argument, bool urgent)
{
	struct task *t = task_create(name);

	if (!t)
		return NULL;
	t->thread.entry = entry;
	t->thread.argument = argument;
	if (urgent)
		t->thread.priority = THREAD_URGENT;
	thread_ready(&t->thread);
	return t;
}
