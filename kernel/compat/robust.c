/*
 * Robust locks: a lock that lies in shared memory passes to the next task when its holder ends without unlocking it.
 *
 * A program keeps a list of the locks that it holds in its own memory and tells the kernel where the list begins. When the
 * program ends, or the task runs another one, the kernel walks the list: in the word of each lock that holds the task's
 * number it sets FUTEX_OWNER_DIED and wakes one waiter. The list is the program's and may be anything: each link is read as
 * a user's pointer, and at most ROBUST_MAX links are followed.
 *
 * A killed task cannot wait for frames, but its list may be swapped out. So the walk is made as if it were not killed; if
 * memory is out meanwhile it is killed once more (kernel/oom.c), and gives up the rest of the list.
 *
 * In the same way a word that the program has named is cleared, if others use its memory: a child of vfork, or its parent.
 *
 * Sources: set_robust_list(2), set_tid_address(2); Linux's Documentation/locking/robust-futex-ABI.rst.
 */
#include "kernel/futex.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/usercopy.h"

#define ROBUST_MAX 2048u

enum { OWNER = 0x3FFFFFFF, OWNER_DIED = 0x40000000, WAITERS = 0x80000000u };
enum { LINK_PI = 1 }; /* in a link: the lock is one with priority inheritance, whose waiters are not futex waiters */

struct robust_head {
	u32 first;   /* a circular list: the last link is the head's address */
	s32 offset;  /* from a link to the lock's word */
	u32 pending; /* what is being taken or released just now, perhaps not in the list */
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

/* The lock whose link is LINK loses its owner, if that is the current task. => 0 or -EFAULT; sleeps */
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
			futex_wake(word, false, 1, ~0u); /* unlocked, but the wakeup had not been made */
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
		bool torn = usercopy_in(&next, link & ~LINK_PI, sizeof(next)); /* read first: the lock is free then */

		if ((link & ~LINK_PI) != (head.pending & ~LINK_PI) && robust_release(link, head.offset, false))
			return;
		if (torn)
			return;
		link = next;
	}
	if (head.pending & ~LINK_PI)
		robust_release(head.pending, head.offset, true);
}

static void clear_number(vaddr_t word)
{
	const u32 none = 0;

	if (!usercopy_out(word, &none, sizeof(none)))
		futex_wake(word, false, 1, ~0u);
}

void compat_leave_program(void)
{
	struct task *t = task_current();
	vaddr_t list = t->robust_list, word = t->lender || t->borrower ? t->cleared_number : 0;
	bool killed = t->thread.killed;

	t->robust_list = t->cleared_number = 0;
	if (!list && !word)
		return;
	t->thread.killed = false;
	if (killed)
		t->swap.order = SWAP_AS_NEEDED; /* an order to stay out ends with the task */
	if (list)
		robust_walk(list);
	if (word)
		clear_number(word);
	t->thread.killed |= killed;
}
