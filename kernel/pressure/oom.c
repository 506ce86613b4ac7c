/*
 * Out of memory: choosing the task to kill.
 *
 * It is the task that holds the most memory of all kinds (held.c): pages in frames and slots, page tables, pipes, other
 * kernel structures. When it is unevictable memory that leaves no room for pages, pages do not count, since killing a
 * task whose pages are all on the swap area would free no frame. /proc/PID/oom_score_adj makes a task count as holding
 * more or less. No other task is chosen until the one that was killed has exited. The first program is killed only if
 * it is the only one.
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

/* => true: a killed task has not freed its memory yet */
static bool is_any_dying(void)
{
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (t->as && t->thread.killed)
			return true;
	return false;
}

/* => an exiting task that waits for memory to walk its robust list; NULL: there is none */
static struct task *waiting_in_exit(void)
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

/* => KiB of the kinds from FIRST on that T counts as holding; below 0 with a low oom_score_adj */
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

/* => the task to kill; the first program only if it is the only one; NULL: no task has an address space */
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

	if (is_any_dying())
		return;
	t = waiting_in_exit();
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
	t->signals->forced = true; /* or the first program would ignore the signal */
	signal_send(t, SIGKILL, (struct signal_info){ .code = SI_KERNEL });
	/*
	 * The space is freed when the last task has left it, so its lenders (vfork) are killed too, except the first
	 * program.
	 */
	for (; t->lender && t->lender->pid != 1; t = t->lender)
		signal_send(t->lender, SIGKILL, (struct signal_info){ .code = SI_KERNEL });
}
