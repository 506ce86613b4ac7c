/* Times that programs give to calls that wait: struct timespec and struct timeval of i386, as far as they mean a span. */
#include "kernel/deadline.h"

#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "mm/usercopy.h"

#define NS_PER_SEC 1000000000u

int deadline_in(vaddr_t time, u32 per_second, u64 *deadline)
{
	u32 t[2];

	*deadline = WAIT_FOREVER;
	if (!time)
		return 0;
	if (usercopy_in(t, time, sizeof(t)))
		return -EFAULT;
	if ((s32)t[0] < 0 || t[1] >= per_second)
		return -EINVAL;
	*deadline = clock_ns() + (u64)t[0] * NS_PER_SEC + (u64)t[1] * (NS_PER_SEC / per_second);
	return 0;
}
