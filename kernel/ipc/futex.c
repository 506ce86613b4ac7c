/*
 * The futex: a task sleeps until another one, which shares the word with it, wakes it.
 *
 * Locks in memory need the kernel only when a task must wait. What identifies a word is not its address, which each task
 * chooses for itself, but where it really is: object and page of a shared mapping, else address space and page. So it does
 * not matter where the page is mapped, nor whether it is in memory, on the disk or in another frame meanwhile. The waiter
 * holds a reference to the object, so that no other object can be created at its address.
 *
 * The word is compared with the expected value after the last point at which the waiter might have slept; the kernel is not
 * preemptible, so there can be no wakeup between that comparison and the sleep.
 *
 * The waiters stand in a hash table, so that a call looks at those of its word and at few others; in a bucket they are in the
 * order in which they came.
 *
 * A waiter has a mask of bits; a wakeup concerns it if its mask has a bit in common. A waiter can be moved to another word
 * (requeued) without being woken: a condition variable moves its waiters to the mutex that they need next.
 *
 * Sources: futex(2); U. Drepper, "Futexes Are Tricky"; Knuth, "The Art of Computer Programming", volume 3, 6.4 for the hash.
 */
#include "kernel/ipc/futex.h"

#include "kernel/base/list.h"
#include "kernel/base/wait.h"
#include "kernel/cpu/syscall.h"
#include "kernel/signal/stop.h"
#include "kernel/task/task.h"
#include "mm/layout.h"
#include "mm/mapcall.h"
#include "mm/memobj.h"
#include "mm/usercopy.h"

struct futex_waiter {
	struct list link;
	struct mapcall_place place;
	u32 offset;          /* of the word in its page */
	u32 bits;
	bool woken;
	struct waitq sleeping;
};

#define FUTEX_BUCKETS 256u

static struct list futex_buckets[FUTEX_BUCKETS];
u32 futex_sleeps, futex_wakes;

/* --- waiters ------------------------------------------------------------------------------------------------------- */

/* => where the waiters at OFFSET of PLACE are, with others */
static struct list *futex_bucket(const struct mapcall_place *place, u32 offset)
{
	u32 hash = ((u32)(uintptr_t)place->owner + place->page * PAGE_SIZE + offset) * 2654435761u;
	struct list *bucket = &futex_buckets[hash / (~0u / FUTEX_BUCKETS + 1)];

	if (!bucket->next)
		list_init(bucket);
	return bucket;
}

/* A waiter holds a reference to the object of its word's page. */
static void futex_place(struct futex_waiter *w, const struct mapcall_place *place, u32 offset)
{
	if (place->obj)
		memobj_ref(place->obj);
	w->place = *place;
	w->offset = offset;
}

static void futex_leave_place(struct futex_waiter *w)
{
	if (w->place.obj)
		memobj_unref(w->place.obj);
}

static bool futex_waits_at(const struct futex_waiter *w, const struct mapcall_place *place, u32 offset)
{
	return w->offset == offset && w->place.owner == place->owner && w->place.page == place->page;
}

static void futex_wake_waiter(struct futex_waiter *w)
{
	list_remove(&w->link);
	w->woken = true;
	wake_all(&w->sleeping);
	futex_wakes++;
}

static s32 futex_sleep(struct futex_waiter *w, u64 deadline)
{
	enum wait_result why = WAIT_WOKEN;

	w->woken = false;
	waitq_init(&w->sleeping);
	list_push_back(futex_bucket(&w->place, w->offset), &w->link);
	futex_sleeps++;
	while (!w->woken && why == WAIT_WOKEN)
		why = wait_on_until(&w->sleeping, deadline);
	if (!w->woken)
		list_remove(&w->link);
	futex_leave_place(w);
	if (w->woken)
		return 0;
	return why == WAIT_TIMEOUT ? -ETIMEDOUT : -EINTR;
}

/* --- wait ---------------------------------------------------------------------------------------------------------- */

static s32 futex_wait_until(vaddr_t word, u32 expected, u32 bits, u64 deadline)
{
	struct futex_waiter w = { .bits = bits };
	struct mapcall_place place;
	u32 value;

	if (usercopy_in(&value, word, sizeof(value)))
		return -EFAULT;
	if (value != expected)
		return -EAGAIN;
	if (!mapcall_locate(task_current()->as, word, &place))
		return -EFAULT;
	futex_place(&w, &place, word & PAGE_MASK);
	return futex_sleep(&w, deadline);
}

/* A stopped task does not wait: it would take a wakeup that another task could use. */
s32 futex_wait(vaddr_t word, u32 expected, u32 bits, u64 deadline, s32 restart)
{
	s32 result;

	if (!bits)
		return -EINVAL;
	do
		result = futex_wait_until(word, expected, bits, deadline);
	while (result == -EINTR && signal_stop_over());
	return result == -EINTR ? restart : result;
}

/* --- wake, requeue ------------------------------------------------------------------------------------------------- */

s32 futex_find(vaddr_t word, bool private, struct mapcall_place *place)
{
	u32 value;

	if (private ? word >= USER_END : usercopy_in(&value, word, sizeof(value)) < 0)
		return -EFAULT;
	return mapcall_locate(task_current()->as, word, place);
}

/* Wakes at most MOST waiters (at least one) at OFFSET of PLACE that have one of BITS. => how many; never sleeps */
static s32 futex_wake_at(const struct mapcall_place *place, u32 offset, s32 most, u32 bits)
{
	struct futex_waiter *w, *next;
	s32 n = 0;

	list_for_each_safe(w, next, futex_bucket(place, offset), link) {
		if (n >= most && n > 0)
			break;
		if (!(w->bits & bits) || !futex_waits_at(w, place, offset))
			continue;
		futex_wake_waiter(w);
		n++;
	}
	return n;
}

s32 futex_wake(vaddr_t word, bool private, s32 most, u32 bits)
{
	struct mapcall_place place;
	s32 found;

	if (!bits)
		return -EINVAL;
	found = futex_find(word, private, &place);
	return found > 0 ? futex_wake_at(&place, word & PAGE_MASK, most, bits) : found;
}

/* Wakes the first WAKE waiters at FROM and moves the next MOVE to TO. => how many both are */
static s32 futex_requeue_at(const struct mapcall_place *from, u32 from_offset, const struct mapcall_place *to, u32 to_offset,
			    s32 wake, s32 move)
{
	struct futex_waiter *w, *next;
	s32 n = 0;

	list_for_each_safe(w, next, futex_bucket(from, from_offset), link) {
		if (n - wake >= move)
			break;
		if (!futex_waits_at(w, from, from_offset))
			continue;
		if (n++ < wake) {
			futex_wake_waiter(w);
			continue;
		}
		if (futex_waits_at(w, to, to_offset))
			continue;
		futex_leave_place(w);
		futex_place(w, to, to_offset);
		list_remove(&w->link);
		list_push_back(futex_bucket(to, to_offset), &w->link);
	}
	return n;
}

/* The user accesses, which may sleep, come before the places are looked up. */
s32 futex_requeue(const u32 *arg, bool private, bool compare)
{
	vaddr_t from = arg[0], to = arg[4];
	s32 wake = arg[2], move = arg[3];
	struct mapcall_place from_place, to_place;
	s32 to_found, from_found;
	u32 value;

	if (wake < 0 || move < 0 || to % sizeof(u32))
		return -EINVAL;
	to_found = futex_find(to, private, &to_place);
	if (to_found < 0 || (compare && usercopy_in(&value, from, sizeof(value))))
		return -EFAULT;
	from_found = futex_find(from, private, &from_place);
	if (from_found < 0)
		return from_found;
	if (compare && value != arg[5])
		return -EAGAIN;
	to_found = mapcall_locate(task_current()->as, to, &to_place);
	if (!from_found || !to_found)
		return 0;
	return futex_requeue_at(&from_place, from & PAGE_MASK, &to_place, to & PAGE_MASK, wake, move);
}
