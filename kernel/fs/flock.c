/*
 * Locks on whole files: either one open file holds the lock, or several share it. They bind those that ask for them, not
 * read() and write().
 *
 * The lock belongs to the open file: descriptors made by fork and dup share it, and it ends with the last of them. A task
 * that asks for the other kind gives up the one that it holds first, so it may lose that to another task, as on Linux.
 *
 * Source: flock(2).
 */
#include "kernel/fs/flock.h"

#include "kernel/base/errno.h"
#include "kernel/base/wait.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"

static struct list flock_holders = LIST_INIT(flock_holders);
static struct waitq flock_released = WAITQ_INIT(flock_released);

void flock_release(struct file *f)
{
	if (f->lock == FILE_UNLOCKED)
		return;
	f->lock = FILE_UNLOCKED;
	list_remove(&f->lock_link);
	wake_all(&flock_released);
}

static bool flock_conflicts(const struct file *f, enum file_lock wanted)
{
	const struct file *other;

	list_for_each(other, &flock_holders, lock_link)
		if (other->inode == f->inode && other != f &&
		    (wanted == FILE_EXCLUSIVE || other->lock == FILE_EXCLUSIVE))
			return true;
	return false;
}

int flock_take(struct file *f, enum file_lock wanted, bool wait)
{
	if (f->lock == wanted)
		return 0;
	flock_release(f);
	while (flock_conflicts(f, wanted)) {
		if (!wait)
			return -EAGAIN;
		if (wait_on_until(&flock_released, WAIT_FOREVER) != WAIT_WOKEN)
			return -ERESTART;
	}
	if (f->lock == FILE_UNLOCKED) /* another task that shares F may have taken it meanwhile */
		list_push_back(&flock_holders, &f->lock_link);
	f->lock = wanted;
	return 0;
}
