/*
 * The system call futex: its operations and their arguments. The work is done in futex.c and futex_op.c.
 *
 * Source: futex(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/futex.h"
#include "kernel/task/deadline.h"

enum {
	FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_REQUEUE = 3, FUTEX_CMP_REQUEUE = 4, FUTEX_WAKE_OP = 5, FUTEX_WAIT_BITSET = 9,
	FUTEX_WAKE_BITSET = 10, FUTEX_PRIVATE = 128, FUTEX_CLOCK_REALTIME = 256,
};

/*
 * FUTEX_WAIT has a time span, FUTEX_WAIT_BITSET a point in time. WIDE: in words of 64 bits. An interrupted wait is restarted
 * unless that would extend its timeout.
 */
static s32 futex_wait_call(const u32 *arg, bool wide)
{
	bool absolute = (arg[1] & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME)) == FUTEX_WAIT_BITSET;
	u64 deadline;
	int error;

	if (absolute)
		error = deadline_at(arg[3], wide, arg[1] & FUTEX_CLOCK_REALTIME, &deadline);
	else
		error = wide ? deadline_in_wide(arg[3], &deadline) : deadline_in(arg[3], &deadline);
	if (error)
		return error;
	if (absolute)
		return futex_wait(arg[0], arg[2], arg[5], deadline, arg[3] ? -ERESTART_NO_HANDLER : -ERESTART);
	return futex_wait(arg[0], arg[2], ~0u, deadline, arg[3] ? -EINTR : -ERESTART);
}

static s32 futex_call(const u32 *arg, bool wide)
{
	u32 operation = arg[1] & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME);
	bool private = arg[1] & FUTEX_PRIVATE;

	if ((arg[1] & FUTEX_CLOCK_REALTIME) && operation != FUTEX_WAIT_BITSET)
		return -ENOSYS;
	if (arg[0] % sizeof(u32))
		return -EINVAL;
	switch (operation) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return futex_wait_call(arg, wide);
	case FUTEX_WAKE:
		return futex_wake(arg[0], private, arg[2], ~0u);
	case FUTEX_WAKE_BITSET:
		return futex_wake(arg[0], private, arg[2], arg[5]);
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(arg, private, operation == FUTEX_CMP_REQUEUE);
	case FUTEX_WAKE_OP:
		return futex_wake_op(arg, private);
	default:
		return -ENOSYS;
	}
}

SYSCALL(futex) { return futex_call(arg, false); }
SYSCALL(futex_time64) { return futex_call(arg, true); }
