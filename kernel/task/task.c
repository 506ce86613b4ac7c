/*
 * Making tasks, finding them, freeing them.
 */
#include "kernel/task/task.h"

#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/kstack.h"
#include "kernel/cpu/trap.h"
#include "mm/mm.h"

struct list task_all = LIST_INIT(task_all);
static u32 count;
static u32 last_pid;

struct task *task_find(u32 pid)
{
	struct task *t;

	list_for_each(t, &task_all, all)
		if (t->pid == pid)
			return t;
	return NULL;
}

const struct task *task_in_group(u32 pgid, u32 sid)
{
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (t->pgid == pgid && (!sid || t->sid == sid))
			return t;
	return NULL;
}

u32 task_count(void)
{
	return count;
}

static u32 new_pid(void)
{
	do
		last_pid = last_pid % TASK_PID_MAX + 1;
	while (task_find(last_pid));
	return last_pid;
}

struct task *task_create(const char *name)
{
	struct task *t = kzalloc(sizeof(*t));
	struct signals *signals = kzalloc(sizeof(*signals));
	void *fpu = kmalloc(FPU_BYTES);
	u32 slot;
	void *top = t && fpu && signals ? kstack_alloc(&slot) : NULL;

	if (!top) {
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
	signal_init(signals);
	itimer_init(t);
	limit_init(t);
	t->stack_slot = slot;
	t->tf = (struct trapframe *)top - 1;
	t->pid = new_pid();
	t->pgid = t->sid = t->pid;
	t->started_ns = clock_ns();
	waitq_init(&t->child_changed);
	waitq_init(&t->resumed);
	waitq_init(&t->space_back);
	swapper_init(&t->swap);
	list_init(&t->children);
	list_init(&t->sibling);
	list_push_back(&task_all, &t->all);
	count++;
	return t;
}

void task_free(struct task *t)
{
	ASSERT(t != task_current() && !t->as && !t->fs && list_empty(&t->children));
	list_remove(&t->all);
	list_remove(&t->sibling);
	count--;
	kstack_free(t->stack_slot);
	kfree(t->thread.fpu);
	kfree(t->signals);
	kfree(t);
}

void task_set_parent(struct task *child, struct task *parent)
{
	child->parent = parent;
	list_remove(&child->sibling);
	if (parent)
		list_push_back(&parent->children, &child->sibling);
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

void task_enter_space(struct task *t, struct addrspace *as)
{
	t->as = as;
	t->thread.cr3 = as && !procswap_is_out(as) ? as->pagetable.cr3 : pagetable_kernel.cr3;
	if (t == task_current())
		cpu_set_cr3(t->thread.cr3);
}
