/*
 * Waiting for several files at once: poll and select.
 *
 * The request is copied from the user first, so that no page fault can come between testing the files and sleeping: a
 * thread with a watch on each file's queue is woken by the first that changes, and tests all again. No descriptor is
 * closed meanwhile, since a table of descriptors belongs to one task.
 *
 * Calls with the address of a timeout store the rest of it there. poll() has none: after a signal without a handler it
 * is restarted with the whole timeout, where Linux continues with the rest.
 *
 * Sources: poll(2), select(2); Linux's fs/select.c for which bits mean what to select().
 */
#include "kernel/base/clock.h"
#include "kernel/base/string.h"
#include "kernel/base/wait.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/signal/signal.h"
#include "kernel/signal/stop.h"
#include "kernel/task/deadline.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

#define NS_PER_MS 1000000u

enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 0x10, POLLNVAL = 0x20, POLLRDNORM = 0x40, POLLWRNORM = 0x100 };

struct polled {
	s32 fd;             /* negative: not polled */
	u32 asked, found;   /* POLL... bits */
	struct watch watch;
};

/* => POLL... bits: the operations on descriptor FD that would not block now */
static u32 ready_bits(s32 fd)
{
	struct file *f = file_get(fd);
	u32 ready = FILE_READABLE | FILE_WRITABLE;

	if (!f)
		return POLLNVAL;
	if (f->ops->ready)
		ready = f->ops->ready(f);
	file_put(f);
	return (ready & FILE_READABLE ? POLLIN | POLLRDNORM : 0) | (ready & FILE_WRITABLE ? POLLOUT | POLLWRNORM : 0) |
	       (ready & FILE_HUNG_UP ? POLLHUP : 0) | (ready & FILE_BROKEN ? POLLERR : 0);
}

/* => how many of the N descriptors are ready; never sleeps */
static s32 poll_look(struct polled *p, u32 n)
{
	s32 found = 0;

	for (u32 i = 0; i < n; i++) {
		p[i].found = p[i].fd < 0 ? 0 : ready_bits(p[i].fd) & p[i].asked;
		found += p[i].found != 0;
	}
	return found;
}

static struct waitq *changes_of(s32 fd)
{
	struct file *f = fd < 0 ? NULL : file_get(fd);
	struct waitq *q = f && f->ops->changes ? f->ops->changes(f) : NULL;

	if (f)
		file_put(f);
	return q;
}

/* => false: interrupted by a signal other than a stop */
static bool poll_sleep(struct polled *p, u32 n, u64 deadline)
{
	struct waitq mine = WAITQ_INIT(mine);
	enum wait_result woken;

	for (u32 i = 0; i < n; i++)
		watch_begin(&p[i].watch, changes_of(p[i].fd));
	woken = wait_on_until(&mine, deadline);
	for (u32 i = 0; i < n; i++)
		watch_end(&p[i].watch);
	return woken != WAIT_INTERRUPTED || signal_stop_over();
}

/* => how many descriptors are ready, 0 at DEADLINE, -ERESTART_NO_HANDLER */
static s32 poll_wait(struct polled *p, u32 n, u64 deadline)
{
	s32 found;

	while (!(found = poll_look(p, n)) && clock_ns() < deadline)
		if (!poll_sleep(p, n, deadline))
			return -ERESTART_NO_HANDLER;
	return found;
}

/* --- poll ---------------------------------------------------------------------------------------------------------- */

struct pollfd {
	s32 fd;
	u16 events, revents;
};

static int polled_in(struct polled *p, vaddr_t fds, u32 n)
{
	struct pollfd user;

	for (u32 i = 0; i < n; i++) {
		if (usercopy_in(&user, fds + i * sizeof(user), sizeof(user)))
			return -EFAULT;
		p[i].fd = user.fd;
		p[i].asked = user.events | POLLERR | POLLHUP | POLLNVAL;
	}
	return 0;
}

static int polled_out(const struct polled *p, vaddr_t fds, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		u16 found = p[i].found;

		if (usercopy_out(fds + i * sizeof(struct pollfd) + offsetof(struct pollfd, revents), &found, sizeof(found)))
			return -EFAULT;
	}
	return 0;
}

static s32 poll_until(vaddr_t fds, u32 n, u64 deadline)
{
	struct polled *p;
	s32 result;

	if (n > FS_FILES)
		return -EINVAL;
	p = kmalloc_wait(MAX(n, 1u) * sizeof(*p));
	if (!p)
		return -ENOMEM;
	result = polled_in(p, fds, n);
	if (!result)
		result = poll_wait(p, n, deadline);
	if (result >= 0 && polled_out(p, fds, n))
		result = -EFAULT;
	kfree(p);
	return result;
}

SYSCALL(poll)
{
	return poll_until(arg[0], arg[1],
			  (s32)arg[2] < 0 ? WAIT_FOREVER : clock_ns() + (u64)arg[2] * NS_PER_MS);
}

/* --- with a timeout that is updated, and another signal mask --------------------------------------------------------- */

/* The mask of SIZE bytes at AT (0: none) is in effect until awaited_end(). => 0, -EFAULT, -EINVAL */
static int awaited_begin(vaddr_t at, u32 size)
{
	u64 mask;

	if (!at)
		return 0;
	if (size != sizeof(mask))
		return -EINVAL;
	if (usercopy_in(&mask, at, sizeof(mask)))
		return -EFAULT;
	signal_replace_mask(mask);
	return 0;
}

/*
 * If a handler is going to run, its return restores the mask. => RESULT; -EINTR: the rest of the timeout cannot be
 * stored
 */
static s32 awaited_end(s32 result, vaddr_t time, u32 per_second, u64 deadline)
{
	if (result != -ERESTART_NO_HANDLER)
		signal_restore_mask();
	if (deadline_rest(time, per_second, deadline) && result == -ERESTART_NO_HANDLER)
		return -EINTR;
	return result;
}

SYSCALL(ppoll)
{
	u64 deadline;
	s32 result = deadline_in(arg[2], &deadline);

	if (!result)
		result = awaited_begin(arg[3], arg[4]);
	if (result)
		return result;
	return awaited_end(poll_until(arg[0], arg[1], deadline), arg[2], NS_PER_SEC, deadline);
}

/* --- select -------------------------------------------------------------------------------------------------------- */

enum { TO_READ, TO_WRITE, EXCEPTIONS, SETS };
static const u32 set_bits[SETS] = { POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, 0 };

struct selected {
	u32 sets[SETS][FS_FILES / 32];
	struct polled polled[FS_FILES];
};

static bool has(const struct selected *s, u32 set, u32 fd)
{
	return s->sets[set][fd / 32] >> fd % 32 & 1;
}

/* Copies the sets of descriptors below N from the user. => 0, -EFAULT, -EBADF */
static s32 selected_in(struct selected *s, const vaddr_t where[SETS], u32 n)
{
	memset(s, 0, sizeof(*s));
	for (u32 set = 0; set < SETS; set++)
		if (where[set] && usercopy_in(s->sets[set], where[set], ALIGN_UP(n, 32) / 8))
			return -EFAULT;
	for (u32 fd = 0; fd < n; fd++) {
		bool any = false;

		for (u32 set = 0; set < SETS; set++) {
			any |= has(s, set, fd);
			s->polled[fd].asked |= has(s, set, fd) ? set_bits[set] : 0;
		}
		s->polled[fd].fd = any ? (s32)fd : -1;
		if (any && ready_bits(fd) == POLLNVAL)
			return -EBADF;
	}
	return 0;
}

/* Copies the results to the user. => how many bits are set, -EFAULT */
static s32 selected_out(struct selected *s, const vaddr_t where[SETS], u32 n)
{
	u32 found[SETS][FS_FILES / 32] = { { 0 } };
	s32 count = 0;

	for (u32 fd = 0; fd < n; fd++) {
		for (u32 set = 0; set < SETS; set++) {
			if (!has(s, set, fd) || !(s->polled[fd].found & set_bits[set]))
				continue;
			found[set][fd / 32] |= 1u << fd % 32;
			count++;
		}
	}
	for (u32 set = 0; set < SETS; set++)
		if (where[set] && usercopy_out(where[set], found[set], ALIGN_UP(n, 32) / 8))
			return -EFAULT;
	return count;
}

static s32 select_until(const u32 *arg, u64 deadline)
{
	const vaddr_t where[SETS] = { arg[1], arg[2], arg[3] };
	u32 n = MIN(arg[0], FS_FILES);
	struct selected *s;
	s32 result;

	if ((s32)arg[0] < 0)
		return -EINVAL;
	s = kmalloc_wait(sizeof(*s));
	if (!s)
		return -ENOMEM;
	result = selected_in(s, where, n);
	if (!result)
		result = poll_wait(s->polled, n, deadline);
	if (result >= 0)
		result = selected_out(s, where, n);
	kfree(s);
	return result;
}

SYSCALL(_newselect)
{
	u64 deadline;
	s32 error = deadline_in_timeval(arg[4], &deadline);

	return error ? error : awaited_end(select_until(arg, deadline), arg[4], US_PER_SEC, deadline);
}

/* The last argument is the address of two words: the mask's address and size. */
SYSCALL(pselect6)
{
	u32 mask[2] = { 0 };
	u64 deadline;
	s32 error;

	if (arg[5] && usercopy_in(mask, arg[5], sizeof(mask)))
		return -EFAULT;
	error = deadline_in(arg[4], &deadline);
	if (!error)
		error = awaited_begin(mask[0], mask[1]);
	return error ? error : awaited_end(select_until(arg, deadline), arg[4], NS_PER_SEC, deadline);
}
