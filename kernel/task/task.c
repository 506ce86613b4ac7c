/*
 * All tasks: their numbers, their process groups, their family tree, the address space that each runs in. Tasks are found by
 * their number in a radix tree, and by their process group in a hash table, so that neither takes longer with more tasks.
 */
#include "kernel/task/task.h"

#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/mm.h"
#include "mm/vmtrace.h"

#define GROUP_LISTS 64u

struct list task_all = LIST_INIT(task_all);
static struct pagemap by_number;
static struct list groups[GROUP_LISTS]; /* the members of a group are all in one of these */
static u32 last_pid;

struct task *task_find(u32 pid)
{
	return pagemap_find(&by_number, pid);
}

struct task *task_find_from(u32 pid)
{
	return pagemap_next(&by_number, &pid, TASK_PID_MAX + 1);
}

struct list *task_group(u32 pgid)
{
	struct list *l = &groups[pgid % GROUP_LISTS];

	if (!l->next)
		list_init(l);
	return l;
}

void task_set_group(struct task *t, u32 pgid)
{
	t->pgid = pgid;
	list_remove(&t->group);
	list_push_back(task_group(pgid), &t->group);
}

const struct task *task_in_group(u32 pgid, u32 sid)
{
	const struct task *t;

	list_for_each(t, task_group(pgid), group)
		if (t->pgid == pgid && (!sid || t->sid == sid))
			return t;
	return NULL;
}

u32 task_count(void)
{
	return by_number.count;
}

static u32 new_pid(void)
{
	do
		last_pid = last_pid % TASK_PID_MAX + 1;
	while (task_find(last_pid));
	return last_pid;
}

bool task_register(struct task *t)
{
	u32 pid = new_pid();

	if (!pagemap_reserve(&by_number, pid))
		return false;
	pagemap_set(&by_number, pid, t);
	t->pid = t->sid = pid;
	list_init(&t->group);
	task_set_group(t, pid);
	list_init(&t->children);
	list_init(&t->sibling);
	list_push_back(&task_all, &t->all);
	return true;
}

void task_unregister(struct task *t)
{
	ASSERT(list_empty(&t->children));
	pagemap_remove(&by_number, t->pid);
	list_remove(&t->group);
	list_remove(&t->all);
	list_remove(&t->sibling);
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
