/*
 * Waiting for several things, or until a time.
 *
 * No file here keeps a list of those who poll it: whoever waits looks again every few milliseconds. That is little work,
 * since no program that is timed waits like this.
 *
 * Sources: poll(2), select(2), clock_nanosleep(2).
 */
#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/string.h"
#include "kernel/base/wait.h"
#include "kernel/deadline.h"
#include "kernel/fs/file.h"
#include "kernel/signal.h"
#include "kernel/signal_stop.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/usercopy.h"

#define LOOK_NS 5000000ull
#define NS_PER_SEC 1000000000u
#define NS_PER_MS 1000000u

enum { POLLIN = 1, POLLOUT = 4, POLLHUP = 0x10, POLLNVAL = 0x20, POLLRDNORM = 0x40, POLLWRNORM = 0x100 };

struct pollfd {
	s32 fd;
	u16 events, revents;
};

/* What may be done with descriptor FD now without waiting: POLL... bits. */
static u32 ready_bits(s32 fd)
{
	struct file *f = file_get(fd);
	u32 ready = f ? FILE_READABLE | FILE_WRITABLE : 0, bits = 0;

	if (!f)
		return POLLNVAL;
	if (f->ops->ready)
		ready = f->ops->ready(f);
	if ((ready & FILE_READABLE) && file_readable(f))
		bits |= POLLIN | POLLRDNORM;
	if ((ready & FILE_WRITABLE) && file_writable(f))
		bits |= POLLOUT | POLLWRNORM;
	if (ready & FILE_HUNG_UP)
		bits |= POLLHUP;
	file_put(f);
	return bits;
}

/* => false: interrupted */
static bool pause(u64 deadline)
{
	struct waitq nobody = WAITQ_INIT(nobody);

	return signal_stop_wait(&nobody, MIN(deadline, clock_ns() + LOOK_NS)) != WAIT_INTERRUPTED;
}

/* => how many of the N descriptors at user address FDS have something to tell, which is written there; -EFAULT */
static s32 poll_once(vaddr_t fds, u32 n)
{
	s32 found = 0;

	for (u32 i = 0; i < n; i++) {
		struct pollfd p;

		if (usercopy_in(&p, fds + i * sizeof(p), sizeof(p)))
			return -EFAULT;
		p.revents = p.fd < 0 ? 0 : ready_bits(p.fd) & (p.events | POLLHUP | POLLNVAL);
		found += p.revents != 0;
		if (usercopy_out(fds + i * sizeof(p), &p, sizeof(p)))
			return -EFAULT;
	}
	return found;
}

static s32 poll_until(vaddr_t fds, u32 n, u64 deadline)
{
	if (n > FS_FILES)
		return -EINVAL;
	for (;;) {
		s32 found = poll_once(fds, n);

		if (found || clock_ns() >= deadline)
			return found;
		if (!pause(deadline))
			return -EINTR;
	}
}

SYSCALL(poll)
{
	return poll_until(arg[0], arg[1],
			  (s32)arg[2] < 0 ? WAIT_FOREVER : clock_ns() + (u64)arg[2] * NS_PER_MS);
}

SYSCALL(ppoll)
{
	u64 deadline, mask;
	s32 result = deadline_in(arg[2], NS_PER_SEC, &deadline);

	if (result)
		return result;
	if (!arg[3])
		return poll_until(arg[0], arg[1], deadline);
	if (arg[4] != sizeof(mask))
		return -EINVAL;
	if (usercopy_in(&mask, arg[3], sizeof(mask)))
		return -EFAULT;
	signal_put_aside(mask);
	result = poll_until(arg[0], arg[1], deadline);
	if (result == -EINTR)
		return -ERESTART_NO_HANDLER; /* a handler's return brings the mask back */
	signal_bring_back();
	return result;
}

/* --- select -------------------------------------------------------------------------------------------------------- */

enum { TO_READ, TO_WRITE, EXCEPTIONS, SETS };

struct sets {
	u32 words[SETS][FS_FILES / 32];
	u32 bytes; /* of each that the program gave */
};

static int sets_in(struct sets *s, const vaddr_t where[SETS], u32 n)
{
	memset(s, 0, sizeof(*s));
	s->bytes = MIN(ALIGN_UP(n, 32) / 8, sizeof(s->words[0]));
	for (u32 i = 0; i < SETS; i++)
		if (where[i] && usercopy_in(s->words[i], where[i], s->bytes))
			return -EFAULT;
	return 0;
}

static bool has(const struct sets *s, u32 set, u32 fd)
{
	return s->words[set][fd / 32] >> fd % 32 & 1;
}

/* => how many bits are set in FOUND, or -EBADF */
static s32 select_once(const struct sets *wanted, struct sets *found, u32 n)
{
	static const u32 bits[SETS] = { POLLIN | POLLHUP, POLLOUT, 0 };
	s32 count = 0;

	memset(found->words, 0, sizeof(found->words));
	for (u32 fd = 0; fd < n; fd++) {
		bool asked = has(wanted, TO_READ, fd) || has(wanted, TO_WRITE, fd) || has(wanted, EXCEPTIONS, fd);
		u32 ready = asked ? ready_bits(fd) : 0;

		if (ready & POLLNVAL)
			return -EBADF;
		for (u32 set = 0; set < SETS; set++) {
			if (!has(wanted, set, fd) || !(ready & bits[set]))
				continue;
			found->words[set][fd / 32] |= 1u << fd % 32;
			count++;
		}
	}
	return count;
}

SYSCALL(_newselect)
{
	const vaddr_t where[SETS] = { arg[1], arg[2], arg[3] };
	u32 n = MIN(arg[0], FS_FILES);
	struct sets wanted, found;
	u64 deadline;
	s32 count;
	int error = (s32)arg[0] < 0 ? -EINVAL : deadline_in(arg[4], 1000000, &deadline);

	if (!error)
		error = sets_in(&wanted, where, n);
	if (error)
		return error;
	while (!(count = select_once(&wanted, &found, n)) && clock_ns() < deadline)
		if (!pause(deadline))
			return -EINTR;
	for (u32 i = 0; count >= 0 && i < SETS; i++)
		if (where[i] && usercopy_out(where[i], found.words[i], wanted.bytes))
			return -EFAULT;
	return count;
}

/* --- clock_nanosleep ----------------------------------------------------------------------------------------------- */

enum { CLOCK_REALTIME = 0, TIMER_ABSTIME = 1 };

static int tell_rest(vaddr_t to, u64 ns, bool wide)
{
	u32 t[4] = { 0 };

	t[0] = (u32)div64(ns, NS_PER_SEC, &t[wide ? 2 : 1]);
	return usercopy_out(to, t, wide ? 16 : 8);
}

/* WIDE: the time's words have 64 bits. */
static s32 sleep_by_clock(const u32 *arg, bool wide)
{
	struct waitq nobody = WAITQ_INIT(nobody);
	enum wait_result woken;
	u32 t[4];
	u64 deadline;

	if (usercopy_in(t, arg[2], wide ? 16 : 8))
		return -EFAULT;
	if (arg[0] > 7 || (wide && t[1]) || (s32)t[0] < 0 || t[wide ? 2 : 1] >= NS_PER_SEC)
		return -EINVAL;
	deadline = (u64)t[0] * NS_PER_SEC + t[wide ? 2 : 1];
	if (!(arg[1] & TIMER_ABSTIME))
		deadline += clock_ns();
	else if (arg[0] == CLOCK_REALTIME)
		deadline -= MIN(deadline, (u64)clock_boot_epoch * NS_PER_SEC);
	do
		woken = signal_stop_wait(&nobody, deadline);
	while (woken == WAIT_WOKEN);
	if (woken == WAIT_TIMEOUT || clock_ns() >= deadline)
		return 0;
	if (arg[3] && !(arg[1] & TIMER_ABSTIME) && tell_rest(arg[3], deadline - clock_ns(), wide))
		return -EFAULT;
	return -EINTR;
}

SYSCALL(clock_nanosleep) { return sleep_by_clock(arg, false); }
SYSCALL(clock_nanosleep_time64) { return sleep_by_clock(arg, true); }
