/*
 * Locks on ranges of a file's bytes, held by a task or by an open file. They are advisory: read() and write() ignore them.
 *
 * A task's locks are released when it closes any descriptor of the file, and when it ends; exec keeps them, a child does not
 * inherit them. An open file's locks (F_OFD_...) are released with its last descriptor. So the owner of the first kind is the
 * task's table of descriptors, of the second the struct file; everything else is the same for both.
 *
 * Locks of one owner on one file are disjoint, sorted by their start, and merged where they touch and have the same type.
 * Setting or clearing a range needs at most two more locks, which are allocated before anything changes.
 *
 * Waiters are served in order of arrival: a release gives the lock to the first waiter that it blocked, before that waiter
 * runs, so no other task can overtake it. A waiter therefore brings the memory for its locks along. A deadlock is a cycle of
 * waiters; it can only be closed by a new wait, so each wait checks for a cycle before it begins.
 *
 * Invariant: two overlapping locks on a file have the same owner or are both shared. An owner has a descriptor of the file
 * open, so a lock needs no reference to the inode.
 *
 * Sources: fcntl(2), "Advisory record locking" and "Open file description locks".
 */
#include "kernel/fs/record_lock.h"

#include "kernel/base/wait.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "mm/kmalloc.h"

#define LOCKS_MAX 1024u /* on the whole machine: they are kernel memory, which cannot be evicted */

struct record_lock {
	struct list link;
	struct record_range r; /* shared or exclusive */
};

struct record_waiter {
	struct list link;
	struct record_range wanted;
	struct record_lock *spare[2];
	bool served, reached; /* reached: by the search for a cycle */
	struct waitq sleeping;
};

static struct list locks = LIST_INIT(locks);     /* those of one owner on one file are neighbours */
static struct list waiters = LIST_INIT(waiters); /* in the order in which they came */
static u32 lock_count;

/* --- ranges -------------------------------------------------------------------------------------------------------- */

static bool record_lock_overlaps(const struct record_range *a, const struct record_range *b)
{
	return a->inode == b->inode && a->start <= b->end && b->start <= a->end;
}

static bool record_lock_is_own(const struct record_lock *l, const struct record_range *r)
{
	return l->r.inode == r->inode && l->r.owner == r->owner;
}

static bool record_lock_blocks(const struct record_lock *l, const struct record_range *r)
{
	return l->r.owner != r->owner && record_lock_overlaps(&l->r, r) &&
	       (l->r.type == RECORD_EXCLUSIVE || r->type == RECORD_EXCLUSIVE);
}

const struct record_range *record_lock_obstacle(const struct record_range *r)
{
	const struct record_lock *l;

	list_for_each(l, &locks, link)
		if (record_lock_blocks(l, r))
			return &l->r;
	return NULL;
}

/* --- changes ------------------------------------------------------------------------------------------------------- */

static void record_lock_drop(struct record_lock *l)
{
	list_remove(&l->link);
	lock_count--;
	kfree(l);
}

/* Inserts before the first lock of the same owner and file that begins later, else after their last, else at the end. */
static void record_lock_insert(struct record_lock *l)
{
	struct list *where = &locks;
	struct record_lock *other;
	bool found = false;

	list_for_each(other, &locks, link) {
		bool own = record_lock_is_own(other, &l->r);

		if ((found && !own) || (own && other->r.start > l->r.start)) {
			where = &other->link;
			break;
		}
		found |= own;
	}
	list_push_back(where, &l->link);
	lock_count++;
}

static struct record_lock *record_lock_take_spare(struct record_lock **spare)
{
	u32 i = spare[0] ? 0 : 1;
	struct record_lock *l = spare[i];

	ASSERT(l);
	spare[i] = NULL;
	return l;
}

/* => at most how many more locks there are after R is set or cleared */
static u32 record_lock_needed_for(const struct record_range *r)
{
	const struct record_lock *l;
	u32 n = r->type != RECORD_FREE;

	list_for_each(l, &locks, link)
		if (record_lock_is_own(l, r) && l->r.start < r->start && l->r.end > r->end && l->r.type != r->type)
			n++;
	return n;
}

/* Removes from the owner's lock L, of another type, the bytes that R covers. */
static void record_lock_cut(struct record_lock *l, const struct record_range *r, struct record_lock **spare)
{
	if (l->r.start >= r->start && l->r.end <= r->end) {
		record_lock_drop(l);
		return;
	}
	if (l->r.start < r->start && l->r.end > r->end) {
		struct record_lock *rest = record_lock_take_spare(spare);

		rest->r = l->r;
		rest->r.start = r->end + 1;
		l->r.end = r->start - 1;
		record_lock_insert(rest);
	} else if (l->r.start < r->start) {
		l->r.end = r->start - 1;
	} else {
		l->r.start = r->end + 1;
	}
}

static bool record_lock_touches(const struct record_range *a, const struct record_range *b)
{
	return record_lock_overlaps(a, b) || (a->end != RECORD_LAST_BYTE && a->end + 1 == b->start) ||
	       (b->end != RECORD_LAST_BYTE && b->end + 1 == a->start);
}

/* Sets or clears R, which conflicts with no lock. Takes the locks that it needs from SPARE. */
static void record_lock_commit(const struct record_range *r, struct record_lock **spare)
{
	struct record_range whole = *r;
	struct record_lock *l, *next;

	list_for_each_safe(l, next, &locks, link) {
		if (!record_lock_is_own(l, r))
			continue;
		if (l->r.type == r->type && record_lock_touches(&l->r, r)) {
			whole.start = MIN(whole.start, l->r.start);
			whole.end = MAX(whole.end, l->r.end);
			record_lock_drop(l);
		} else if (record_lock_overlaps(&l->r, r)) {
			record_lock_cut(l, r, spare);
		}
	}
	if (r->type == RECORD_FREE)
		return;
	l = record_lock_take_spare(spare);
	l->r = whole;
	record_lock_insert(l);
}

/* Serves the first waiter on INODE without a conflict. => false: there is none */
static bool record_lock_serve_one(const struct inode *inode)
{
	struct record_waiter *w;

	list_for_each(w, &waiters, link)
		if (w->wanted.inode == inode && !record_lock_obstacle(&w->wanted)) {
			list_remove(&w->link);
			record_lock_commit(&w->wanted, w->spare);
			w->served = true;
			wake_all(&w->sleeping);
			return true;
		}
	return false;
}

/* A lock on INODE was released. Serving a waiter may release another: its exclusive lock becomes a shared one. */
static void record_lock_serve_waiters(const struct inode *inode)
{
	while (record_lock_serve_one(inode))
		;
}

/* --- waiting ------------------------------------------------------------------------------------------------------- */

/* Marks the waiters that hold a lock in conflict with R. => does OWNER hold one? */
static bool record_lock_reach(const struct record_range *r, const void *owner, bool *more)
{
	struct record_waiter *w;
	struct record_lock *l;

	list_for_each(l, &locks, link) {
		if (!record_lock_blocks(l, r))
			continue;
		if (l->r.owner == owner)
			return true;
		list_for_each(w, &waiters, link)
			if (w->wanted.owner == l->r.owner && !w->reached)
				*more = w->reached = true;
	}
	return false;
}

/* => would waiting for R close a cycle, directly or over other waiters? Several tasks may share an open file's locks. */
static bool record_lock_closes_circle(const struct record_range *r)
{
	struct record_waiter *w;
	bool found, more = false;

	if (r->pid == RECORD_NO_TASK)
		return false;
	list_for_each(w, &waiters, link)
		w->reached = false;
	found = record_lock_reach(r, r->owner, &more);
	while (more && !found) {
		more = false;
		list_for_each(w, &waiters, link)
			if (w->reached && !found)
				found = record_lock_reach(&w->wanted, r->owner, &more);
	}
	return found;
}

/* => 0: W holds its lock; -EDEADLK, -ENOLCK, -ERESTART; sleeps */
static s32 record_lock_wait_for_range(struct record_waiter *w)
{
	if (!w->spare[0] || !w->spare[1])
		return -ENOLCK;
	if (record_lock_closes_circle(&w->wanted))
		return -EDEADLK;
	w->served = false;
	waitq_init(&w->sleeping);
	list_push_back(&waiters, &w->link);
	while (!w->served)
		if (wait_on_until(&w->sleeping, WAIT_FOREVER) != WAIT_WOKEN && !w->served) {
			list_remove(&w->link);
			return -ERESTART;
		}
	return 0;
}

static s32 record_lock_set_range(struct record_waiter *w, bool wait)
{
	u32 needed = record_lock_needed_for(&w->wanted);

	if (w->wanted.type != RECORD_FREE && record_lock_obstacle(&w->wanted))
		return wait ? record_lock_wait_for_range(w) : -EAGAIN;
	if (needed > (u32)!!w->spare[0] + !!w->spare[1] || (needed && lock_count + needed > LOCKS_MAX))
		return -ENOLCK;
	record_lock_commit(&w->wanted, w->spare);
	record_lock_serve_waiters(w->wanted.inode);
	return 0;
}

s32 record_lock_set(const struct record_range *r, bool wait)
{
	struct record_waiter w = { .wanted = *r };
	s32 result;

	for (u32 i = 0; i < ARRAY_LEN(w.spare); i++)
		w.spare[i] = kmalloc_wait(sizeof(*w.spare[i]));
	result = record_lock_set_range(&w, wait);
	kfree(w.spare[0]);
	kfree(w.spare[1]);
	return result;
}

/* --- release at close ---------------------------------------------------------------------------------------------- */

static void record_lock_drop_all(const void *owner, const struct inode *inode)
{
	struct record_lock *l, *next;
	bool any = false;

	list_for_each_safe(l, next, &locks, link)
		if (l->r.owner == owner && l->r.inode == inode) {
			record_lock_drop(l);
			any = true;
		}
	if (any)
		record_lock_serve_waiters(inode);
}

void record_lock_close(const struct fs_context *ctx, const struct inode *inode)
{
	record_lock_drop_all(ctx, inode);
}

void record_lock_release(const struct file *f)
{
	record_lock_drop_all(f, f->inode);
}
