/*
 * Out of memory: choosing a task to kill.
 *
 * It is the task that holds the most memory of all kinds (kernel/pressure/held.c): pages in frames and slots, page tables, pipes, other
 * kernel structures. When unevictable memory leaves no room for pages, pages do not count, since those of a large task may
 * all be on the swap area. /proc/PID/oom_score_adj makes a task count as holding more or less. One task at a time: until it
 * has ended, no other is chosen. The first program is chosen only when there is no other.
 */
#include "kernel/pressure/oom.h"

#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/pressure/held.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/addrspace_held.h"
#include "mm/frame.h"
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

/* => an ending task that waits for memory to walk its robust list; NULL: there is none */
static struct task *lingering(void)
{
	struct task *t;

	list_for_each(t, &task_all, all)
		if (t->as && t->exiting)
			return t;
	return NULL;
}

static s32 all_kib(void)
{
	return (frame_total() + slot_total()) * (PAGE_SIZE / 1024);
}

/* => KiB; below 0 for one that is to be spared */
static s32 weight(const struct task *t, enum held_kind first)
{
	struct held h;

	if (t->oom_adjust == -OOM_ADJUST_MAX)
		return INT32_MIN;
	held_by(t, &h);
	return (s32)held_sum(&h, first) + t->oom_adjust * (all_kib() / OOM_ADJUST_MAX);
}

u32 oom_score(const struct task *t)
{
	return MAX(weight(t, HELD_PAGES), 0) / MAX(all_kib() / OOM_ADJUST_MAX, 1);
}

/* => the task that must go; the first program only when it is alone; NULL: nobody has memory */
static struct task *heaviest(enum held_kind first)
{
	struct task *t, *worst = NULL, *init = NULL;
	s32 most = 0;

	list_for_each(t, &task_all, all) {
		if (!t->as)
			continue;
		if (t->pid == 1)
			init = t;
		else if (!worst || weight(t, first) > most) {
			worst = t;
			most = weight(t, first);
		}
	}
	return worst ? worst : init;
}

static void report(const struct task *t)
{
	struct held h;
	char words[128];

	held_by(t, &h);
	held_describe(&h, words, sizeof(words));
	printk("out of memory: %s[%u] is killed; it held %s (%u of %u slots in use)\n", t->name, t->pid, words,
	       slot_used(), slot_total());
}

void oom_kill(bool crowded)
{
	struct task *t;

	if (dying())
		return;
	t = lingering();
	if (t) {
		thread_kill(&t->thread);
		return;
	}
	t = heaviest(crowded ? HELD_LOCKED : HELD_PAGES);
	if (!t)
		panic("out of memory before there is a task to end");
	vmstat.oom_kill++;
	TRACE_OOM(t->pid, t->as->private.count, addrspace_swapped(t->as));
	report(t);
	signal_send(t, SIGKILL, (struct signal_info){ .code = SI_KERNEL });
	/* The last task in the space must end to free it: so its lenders (vfork) end too, but not the first program. */
	for (; t->lender && t->lender->pid != 1; t = t->lender)
		signal_send(t->lender, SIGKILL, (struct signal_info){ .code = SI_KERNEL });
}
