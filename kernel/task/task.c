/*
 * The list of all tasks: their numbers, their family tree, the address space that each runs in.
 */
#include "kernel/task/task.h"

#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/mm.h"
#include "mm/vmtrace.h"

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

void task_register(struct task *t)
{
	t->pid = new_pid();
	t->pgid = t->sid = t->pid;
	list_init(&t->children);
	list_init(&t->sibling);
	list_push_back(&task_all, &t->all);
	count++;
}

void task_unregister(struct task *t)
{
	ASSERT(list_empty(&t->children));
	list_remove(&t->all);
	list_remove(&t->sibling);
	count--;
}

void task_set_name(struct task *t, const char *name)
{
	strlcpy(t->name, name, sizeof(t->name));
	TRACE_NAME(t->pid, t->name);
}

void task_set_parent(struct task *child, struct task *parent)
{
	child->parent = parent;
	list_remove(&child->sibling);
	if (parent)
		list_push_back(&parent->children, &child->sibling);
}

void task_enter_space(struct task *t, struct addrspace *as)
{
	t->as = as;
	t->thread.cr3 = as && !procswap_is_out(as) ? as->pagetable.cr3 : pagetable_kernel.cr3;
	if (t == task_current())
		cpu_set_cr3(t->thread.cr3);
}
