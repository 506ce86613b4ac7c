/*
 * The futex: a program sleeps until another one, which shares the word with it, wakes it.
 *
 * Locks in memory need the kernel only when somebody must wait. What identifies a word is not its address, which each
 * task chooses for itself, but where it really is: object and page of a shared mapping, else space and page. So it does
 * not matter where the page is mapped, nor whether it is in memory, on the disk or in another frame meanwhile. The waiter
 * holds a reference to the object, so that no other can come to be at its place.
 *
 * That the word has the expected value is looked at after the last moment at which the waiter might have slept; the
 * kernel is not preempted, so nobody can wake between that look and the sleep.
 *
 * Sources: futex(2); U. Drepper, "Futexes Are Tricky".
 */
#include "kernel/futex.h"

#include "kernel/base/clock.h"
#include "kernel/base/list.h"
#include "kernel/base/wait.h"
#include "kernel/deadline.h"
#include "kernel/signal_stop.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/layout.h"
#include "mm/mapcall.h"
#include "mm/memobj.h"
#include "mm/usercopy.h"

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_PRIVATE = 128 };

struct futex_waiter {
	struct list link;
	struct mapcall_place place;
	u32 offset;          /* of the word in its page */
	bool woken;
	struct waitq sleeping;
};

static struct list futex_waiters = LIST_INIT(futex_waiters); /* in the order in which they came */
u32 futex_sleeps, futex_wakes;

static s32 futex_sleep(struct futex_waiter *w, u64 deadline)
{
	enum wait_result why = WAIT_WOKEN;

	w->woken = false;
	waitq_init(&w->sleeping);
	list_push_back(&futex_waiters, &w->link);
	if (w->place.obj)
		memobj_ref(w->place.obj);
	futex_sleeps++;
	while (!w->woken && why == WAIT_WOKEN)
		why = wait_on_until(&w->sleeping, deadline);
	if (!w->woken)
		list_remove(&w->link);
	if (w->place.obj)
		memobj_unref(w->place.obj);
	if (w->woken)
		return 0;
	if (why == WAIT_TIMEOUT)
		return -ETIMEDOUT;
	return deadline == WAIT_FOREVER ? -ERESTART : -EINTR; /* anew it would wait too long */
}

static s32 futex_wait_until(vaddr_t word, u32 expected, u64 deadline)
{
	struct futex_waiter w = { .offset = word & PAGE_MASK };
	u32 value;

	if (usercopy_in(&value, word, sizeof(value)))
		return -EFAULT;
	if (value != expected)
		return -EAGAIN;
	if (!mapcall_locate(task_current()->as, word, &w.place))
		return -EFAULT;
	return futex_sleep(&w, deadline);
}

/* Who is stopped is no waiter: he would take the wakeup from one who can use it. */
static s32 futex_wait(vaddr_t word, u32 expected, vaddr_t timeout)
{
	u64 deadline;
	s32 result = deadline_in(timeout, &deadline);

	if (result)
		return result;
	do
		result = futex_wait_until(word, expected, deadline);
	while (result == -EINTR && signal_stop_over());
	return result;
}

/* PRIVATE: nobody else is asked for, so the word need not be there, and where nothing is mapped nobody sleeps. */
static s32 futex_wake(vaddr_t word, s32 most, bool private)
{
	struct mapcall_place place;
	struct futex_waiter *w, *next;
	u32 value;
	s32 n = 0;

	if (private ? word >= USER_END : usercopy_in(&value, word, sizeof(value)) < 0)
		return -EFAULT;
	if (!mapcall_locate(task_current()->as, word, &place))
		return 0;
	list_for_each_safe(w, next, &futex_waiters, link) {
		if (n >= most && n > 0)
			break;
		if (w->offset != (word & PAGE_MASK) || w->place.owner != place.owner || w->place.page != place.page)
			continue;
		list_remove(&w->link);
		w->woken = true;
		wake_all(&w->sleeping);
		n++;
	}
	futex_wakes += n;
	return n;
}

SYSCALL(futex)
{
	vaddr_t word = arg[0];
	u32 operation = arg[1] & ~FUTEX_PRIVATE;

	if (operation != FUTEX_WAIT && operation != FUTEX_WAKE)
		return -ENOSYS;
	if (word % sizeof(u32))
		return -EINVAL;
	return operation == FUTEX_WAIT ? futex_wait(word, arg[2], arg[3]) :
					 futex_wake(word, arg[2], arg[1] & FUTEX_PRIVATE);
}
