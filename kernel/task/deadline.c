/*
 * Timeouts of system calls: struct timespec and struct timeval of i386, converted to and from deadlines of clock_ns().
 */
#include "kernel/task/deadline.h"

#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/errno.h"
#include "mm/usercopy.h"

#define FOREVER_SEC 0x80000000u /* 68 years: longer timeouts never expire */

static int after(s64 sec, u32 ns, u64 *deadline)
{
	if (sec < 0 || ns >= NS_PER_SEC)
		return -EINVAL;
	if (sec < FOREVER_SEC)
		*deadline = clock_ns() + (u64)sec * NS_PER_SEC + ns;
	return 0;
}

/* Copies SIZE bytes from TIME to T. => 1; 0: TIME is 0, so there is no limit: *DEADLINE is WAIT_FOREVER; -EFAULT */
static int fetch(vaddr_t time, void *t, u32 size, u64 *deadline)
{
	*deadline = WAIT_FOREVER;
	if (!time)
		return 0;
	return usercopy_in(t, time, size) ? -EFAULT : 1;
}

int deadline_in(vaddr_t time, u64 *deadline)
{
	s32 t[2];
	int found = fetch(time, t, sizeof(t), deadline);

	return found <= 0 ? found : after(t[0], t[1], deadline);
}

int deadline_in_timeval(vaddr_t time, u64 *deadline)
{
	s32 t[2];
	int found = fetch(time, t, sizeof(t), deadline);

	if (found <= 0)
		return found;
	return after((s64)t[0] + t[1] / (s32)US_PER_SEC, t[1] % (s32)US_PER_SEC * (s32)(NS_PER_SEC / US_PER_SEC), deadline);
}

int deadline_in_wide(vaddr_t time, u64 *deadline)
{
	s64 t[2];
	int found = fetch(time, t, sizeof(t), deadline);

	return found <= 0 ? found : after(t[0], (u32)t[1], deadline);
}

int deadline_at(vaddr_t time, bool wide, bool since_1970, u64 *deadline)
{
	s64 t[2];
	s32 narrow[2];
	int found = wide ? fetch(time, t, sizeof(t), deadline) : fetch(time, narrow, sizeof(narrow), deadline);
	u64 epoch = since_1970 ? clock_realtime_ns() - clock_ns() : 0;

	if (found <= 0)
		return found;
	if (!wide) {
		t[0] = narrow[0];
		t[1] = narrow[1];
	}
	if (t[0] < 0 || (u32)t[1] >= NS_PER_SEC)
		return -EINVAL;
	if (t[0] >= FOREVER_SEC * 2ll)
		return 0;
	*deadline = (u64)t[0] * NS_PER_SEC + (u32)t[1];
	*deadline -= MIN(*deadline, epoch);
	return 0;
}

/* => whole seconds until DEADLINE, and the remaining nanoseconds in *NS */
static u64 until(u64 deadline, u32 *ns)
{
	u64 now = clock_ns();

	return div64(deadline > now ? deadline - now : 0, NS_PER_SEC, ns);
}

int deadline_rest(vaddr_t time, u32 per_second, u64 deadline)
{
	u32 t[2];

	if (!time)
		return 0;
	t[0] = (u32)until(deadline, &t[1]);
	t[1] /= NS_PER_SEC / per_second;
	return usercopy_out(time, t, sizeof(t));
}

int deadline_rest_wide(vaddr_t time, u64 deadline)
{
	u64 t[2];
	u32 ns;

	if (!time)
		return 0;
	t[0] = until(deadline, &ns);
	t[1] = ns;
	return usercopy_out(time, t, sizeof(t));
}
