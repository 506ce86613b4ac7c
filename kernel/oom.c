/*
 * When a full pass of the daemon has freed nothing and no I/O is under way, waiting cannot help: a task has to end. It
 * is the one with most anonymous pages, in memory or in slots. One at a time: while it is still on its way out, nobody
 * else is chosen.
 */
#include "kernel/oom.h"

#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/signal.h"
#include "kernel/task.h"
#include "mm/addrspace.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

static bool dying(void)
{
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (t->as && t->thread.killed)
			return true;
	return false;
}

static u32 weight(const struct task *t)
{
	return addrspace_weight(t->as);
}

/* => the task that must go; the first program only when it is alone; NULL: nobody has memory */
static struct task *heaviest(void)
{
	struct task *t, *worst = NULL, *init = NULL;

	list_for_each(t, &task_all, all) {
		if (!t->as)
			continue;
		if (t->pid == 1)
			init = t;
		else if (!worst || weight(t) > weight(worst))
			worst = t;
	}
	return worst ? worst : init;
}

void oom_kill(void)
{
	struct task *t;

	if (dying())
		return;
	t = heaviest();
	if (!t)
		panic("out of memory before there is a task to end");
	vmstat.oom_kill++;
	TRACE_OOM(t->pid, t->as->private.count, addrspace_swapped(t->as));
	printk("out of memory: %s[%u] is killed; it held %u pages in memory and swap (%u of %u slots in use)\n",
	       t->name, t->pid, addrspace_weight(t->as), slot_used(), slot_total());
	signal_send(t, SIGKILL, (struct signal_info){ .code = SI_KERNEL });
}
