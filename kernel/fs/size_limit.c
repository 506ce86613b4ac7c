/* A file that becomes longer than its writer may make it. Source: getrlimit(2), setrlimit in POSIX. */
#include "kernel/fs/size_limit.h"

#include "kernel/base/errno.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"

int size_limit_check(u64 size)
{
	u32 most = task_current()->limits[RLIMIT_FSIZE].soft;

	if (most == LIMIT_NONE || size <= most)
		return 0;
	signal_send(task_current(), SIGXFSZ, (struct signal_info){ .code = SI_KERNEL });
	return -EFBIG;
}

int size_limit_cut(u64 pos, u32 *n)
{
	u32 most = task_current()->limits[RLIMIT_FSIZE].soft;

	if (most == LIMIT_NONE || pos + *n <= most)
		return 0;
	if (pos >= most)
		return size_limit_check(pos + *n);
	*n = most - pos;
	return 0;
}
