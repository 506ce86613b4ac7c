/*
 * The clocks that programs name by number.
 *
 * Clocks count nanoseconds since boot, except the time of day, which counts them since 1970. TAI equals the time of
 * day, as on a Linux whose offset of leap seconds has not been set. A negative number means the processor time of a
 * task: its complement without the three lowest bits is the task's number, and two of these bits select the kind of
 * time.
 *
 * Source: clock_gettime(2), "Dynamic clocks"; Linux's include/linux/posix-timers.h for these numbers.
 */
#include "kernel/task/clocks.h"

#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

struct waitq clocks_were_set = WAITQ_INIT(clocks_were_set);

enum { CPU_TIME_USER = 1, CPU_TIME_DEVICE = 3, CPU_TIME_KIND = 3 };

static int read_cpu_time(s32 clock, u64 *ns)
{
	u32 pid = ~clock >> 3, kind = clock & CPU_TIME_KIND;
	const struct task *t = pid ? task_find(pid) : task_current();

	if (!t || kind == CPU_TIME_DEVICE)
		return -EINVAL;
	*ns = kind == CPU_TIME_USER ? thread_user_ns(&t->thread) : thread_run_ns(&t->thread);
	return 0;
}

int clocks_read(s32 clock, u64 *ns)
{
	if (clocks_is_cpu_time(clock))
		return read_cpu_time(clock, ns);
	switch (clock) {
	case CLOCK_PROCESS_CPUTIME:
	case CLOCK_THREAD_CPUTIME:
		*ns = thread_run_ns(thread_current());
		return 0;
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		*ns = clock_realtime_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = clock_ns();
		return 0;
	default:
		return -EINVAL;
	}
}

void clocks_set(u64 ns)
{
	clock_set_realtime(ns);
	wake_all(&clocks_were_set);
}

SYSCALL(clock_gettime)
{
	u32 time[2];
	u64 ns;
	int error = clocks_read(arg[0], &ns);

	if (error)
		return error;
	time[0] = (u32)div64(ns, NS_PER_SEC, &time[1]);
	return usercopy_out(arg[1], time, sizeof(time));
}

SYSCALL(clock_gettime64)
{
	u32 time[4] = { 0 };
	u64 ns;
	int error = clocks_read(arg[0], &ns);

	if (error)
		return error;
	time[0] = (u32)div64(ns, NS_PER_SEC, &time[2]);
	return usercopy_out(arg[1], time, sizeof(time));
}

SYSCALL(gettimeofday)
{
	u32 time[2], zone[2] = { 0, 0 };

	time[0] = (u32)div64(clock_realtime_ns(), NS_PER_SEC, &time[1]);
	time[1] /= 1000;
	if (arg[0] && usercopy_out(arg[0], time, sizeof(time)))
		return -EFAULT;
	return arg[1] ? usercopy_out(arg[1], zone, sizeof(zone)) : 0;
}
