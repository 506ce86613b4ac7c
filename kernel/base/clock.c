/*
 * Nanoseconds from the time-stamp counter, and the one alarm.
 *
 * Scaling: ns = cycles * mult / 2^24 with mult = 10^6 * 2^24 / kHz. The counter has 64 bits, so its
 * two halves are multiplied separately. Disarming does not touch the timer: writing to its ports is
 * slow, above all in a virtual machine, and the cost is at most one needless interrupt.
 */
#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/div64.h"
#include "kernel/base/panic.h"
#include "kernel/base/wait.h"

#define SCALE_SHIFT 24
#define ALARM_MAX_NS 50000000u /* the PIT counts no further; for a later deadline the interrupt handler arms it again */
#define ALARM_MIN_NS 2000u

extern u64 boot_tsc; /* boot.S: the counter at the kernel's first instructions, and so many ticks more as the clock has stood */

static u32 scale, khz;
static u64 epoch_ns; /* the time of day at boot, since 1970 */
static u32 second;   /* the time of day when it was last asked for in seconds, */
static u64 second_end; /* and until then it holds, in ticks */
static void (*arm_alarm)(u64 ns);

void clock_init(u32 tsc_khz, void (*arm)(u64 ns))
{
	ASSERT_CMP(tsc_khz, >=, 4000);
	khz = tsc_khz;
	scale = (u32)div64((u64)1000000 << SCALE_SHIFT, tsc_khz, NULL);
	arm_alarm = arm;
}

u32 clock_mhz(void)
{
	return (khz + 500) / 1000;
}

u64 clock_cycles(void)
{
	return cpu_tsc() - boot_tsc;
}

void clock_set_back(u64 cycles)
{
	boot_tsc = cpu_tsc() - cycles;
	second_end = 0;
}

u64 clock_ns_of(u64 cycles)
{
	u64 high = (u64)(u32)(cycles >> 32) * scale;
	u64 low = (u64)(u32)cycles * scale;

	return (high << (32 - SCALE_SHIFT)) + (low >> SCALE_SHIFT);
}

u64 clock_ns(void)
{
	return clock_ns_of(clock_cycles());
}

u64 clock_realtime_ns(void)
{
	return epoch_ns + clock_ns();
}

void clock_set_realtime(u64 ns)
{
	epoch_ns = ns - clock_ns();
	second_end = 0;
}

static NOINLINE void begin_second(u64 cycles)
{
	u32 gone_ns;

	second = (u32)div64(epoch_ns + clock_ns_of(cycles), NS_PER_SEC, &gone_ns);
	second_end = cycles + div64((u64)(NS_PER_SEC - gone_ns) * khz, 1000000, NULL);
}

/* Each store into a file asks, so this divides once a second. */
u32 clock_seconds(void)
{
	u64 cycles = clock_cycles();

	if (cycles >= second_end)
		begin_second(cycles);
	return second;
}

void clock_arm(u64 deadline)
{
	u64 now, ns;

	if (deadline == WAIT_FOREVER)
		return;
	now = clock_ns();
	ns = deadline > now ? deadline - now : 0;
	arm_alarm(MIN(MAX(ns, ALARM_MIN_NS), ALARM_MAX_NS));
}
