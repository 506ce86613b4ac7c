/*
 * Locks on whole files: one opened file has it alone, or several share it. They bind those who ask, not read() and
 * write().
 *
 * The lock is the opened file's: descriptors that fork and dup made share it, and it ends with the last of them. Who asks
 * for the other kind gives up his own first, so that he may lose it to another one, as on Linux.
 *
 * Source: flock(2).
 */
#include "kernel/fs/flock.h"

#include "kernel/base/wait.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"

enum { LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8 };

static struct list holders = LIST_INIT(holders);
static struct waitq released = WAITQ_INIT(released);

void flock_release(struct file *f)
{
	if (f->lock == FILE_UNLOCKED)
		return;
	f->lock = FILE_UNLOCKED;
	list_remove(&f->lock_link);
	wake_all(&released);
}

static bool in_the_way(const struct file *f, enum file_lock wanted)
{
	const struct file *other;

	list_for_each(other, &holders, lock_link)
		if (other->inode == f->inode && other != f &&
		    (wanted == FILE_EXCLUSIVE || other->lock == FILE_EXCLUSIVE))
			return true;
	return false;
}

static s32 take(struct file *f, enum file_lock wanted, bool wait)
{
	if (f->lock == wanted)
		return 0;
	flock_release(f);
	while (in_the_way(f, wanted)) {
		if (!wait)
			return -EAGAIN;
		if (wait_on_until(&released, WAIT_FOREVER) != WAIT_WOKEN)
			return -ERESTART;
	}
	if (f->lock == FILE_UNLOCKED) /* who shares F may have asked meanwhile */
		list_push_back(&holders, &f->lock_link);
	f->lock = wanted;
	return 0;
}

SYSCALL(flock)
{
	u32 operation = arg[1] & ~LOCK_NB;
	struct file *f;
	s32 result = 0;

	if (operation != LOCK_SH && operation != LOCK_EX && operation != LOCK_UN)
		return -EINVAL;
	f = file_get(arg[0]);
	if (!f)
		return -EBADF;
	if (operation == LOCK_UN)
		flock_release(f);
	else
		result = take(f, operation == LOCK_EX ? FILE_EXCLUSIVE : FILE_SHARED, !(arg[1] & LOCK_NB));
	file_put(f);
	return result;
}
