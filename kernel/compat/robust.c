/*
 * Robust locks: when a task ends holding a lock in shared memory, the next task gets the lock and learns of that.
 *
 * A program keeps a list of the locks that it holds in its own memory and registers the head of the list. At exit and
 * exec the kernel walks the list: in each lock's word that contains the task's number it sets FUTEX_OWNER_DIED, and it
 * wakes one waiter. The list cannot be trusted: each link is read as a user pointer, and at most ROBUST_MAX links are
 * followed.
 *
 * A killed task cannot wait for frames, but its list may be swapped out. So `killed` is cleared during the walk; if
 * memory runs out meanwhile the task is killed once more (kernel/pressure/oom.c), and the rest of the list is not
 * walked.
 *
 * In the same way a word that the program has named is cleared, if others use its memory: a child of vfork, or its
 * parent.
 *
 * Sources: set_robust_list(2), set_tid_address(2); Linux's Documentation/locking/robust-futex-ABI.rst.
 */
#include "kernel/compat/robust.h"

#include "kernel/cpu/syscall.h"
#include "kernel/ipc/futex.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

#define ROBUST_MAX 2048u

enum { OWNER = 0x3FFFFFFF, OWNER_DIED = 0x40000000, WAITERS = 0x80000000u };
enum { LINK_PI = 1 }; /* bit 0 of a link: a priority-inheritance lock. Its waiters sleep in FUTEX_LOCK_PI, so there are none here */

struct robust_head {
	u32 first;   /* a circular list: the last link is the head's address */
	s32 offset;  /* from a link to the lock's word */
	u32 pending; /* the link of a lock that is being taken or released, which may not be in the list */
};
STATIC_ASSERT(sizeof(struct robust_head) == 12, "as Linux has it");

SYSCALL(set_robust_list)
{
	if (arg[1] != sizeof(struct robust_head))
		return -EINVAL;
	task_current()->robust_list = arg[0];
	return 0;
}

SYSCALL(get_robust_list)
{
	const struct task *t = arg[0] ? task_find(arg[0]) : task_current();
	u32 list, size = sizeof(struct robust_head);

	if (!t)
		return -ESRCH;
	list = t->robust_list;
	if (usercopy_out(arg[2], &size, sizeof(size)) || usercopy_out(arg[1], &list, sizeof(list)))
		return -EFAULT;
	return 0;
}

/* If the current task owns the lock of LINK, marks it as without an owner. => 0 or -EFAULT; sleeps */
static int robust_release(u32 link, s32 offset, bool pending)
{
	vaddr_t word = (link & ~LINK_PI) + offset;
	u32 value;
	int error;

	if (word % sizeof(u32))
		return -EFAULT;
	do {
		if (usercopy_in(&value, word, sizeof(value)))
			return -EFAULT;
		if (pending && !(link & LINK_PI) && !(value & OWNER)) {
			futex_wake(word, false, 1, ~0u); /* the task had unlocked it but not yet woken a waiter */
			return 0;
		}
		if ((value & OWNER) != task_current()->pid)
			return 0;
		error = futex_exchange(word, value, (value & WAITERS) | OWNER_DIED);
	} while (error == -EAGAIN);
	if (!error && !(link & LINK_PI) && (value & WAITERS))
		futex_wake(word, false, 1, ~0u);
	return error;
}

static void robust_walk(vaddr_t list)
{
	struct robust_head head;
	u32 link, next;

	if (usercopy_in(&head, list, sizeof(head)))
		return;
	link = head.first;
	for (u32 n = 0; n < ROBUST_MAX && (link & ~LINK_PI) != list; n++) {
		/* Read first: after the unlock another task may reuse the link. */
		bool torn = usercopy_in(&next, link & ~LINK_PI, sizeof(next));

		if ((link & ~LINK_PI) != (head.pending & ~LINK_PI) && robust_release(link, head.offset, false))
			return;
		if (torn)
			return;
		link = next;
	}
	if (head.pending & ~LINK_PI)
		robust_release(head.pending, head.offset, true);
}

static void clear_word(vaddr_t word)
{
	const u32 none = 0;

	if (!usercopy_out(word, &none, sizeof(none)))
		futex_wake(word, false, 1, ~0u);
}

void robust_leave_program(void)
{
	struct task *t = task_current();
	vaddr_t list = t->robust_list, word = t->lender || t->borrower ? t->clear_tid : 0;
	bool killed = t->thread.killed;

	t->robust_list = t->clear_tid = 0;
	if (!list && !word)
		return;
	t->thread.killed = false;
	if (killed)
		t->swap.command = SWAP_AS_NEEDED; /* a command to stay swapped out ends with the task */
	if (list)
		robust_walk(list);
	if (word)
		clear_word(word);
	t->thread.killed |= killed;
}
