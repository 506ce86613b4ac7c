/*
 * Time: the processor's time-stamp counter scaled to nanoseconds, and one alarm.
 *
 * The counter is calibrated once against the PIT. The alarm is one-shot, so that an idle machine takes no periodic
 * interrupts (under QEMU's virtual time an idle wait then costs nothing).
 */
#pragma once

#include "kernel/base/types.h"

#define NS_PER_SEC 1000000000u
#define US_PER_SEC 1000000u
#define NS_PER_TICK (NS_PER_SEC / 100) /* for times reported to programs in ticks: Linux's USER_HZ is 100 */

/*
 * Called once by the timer's driver: the counter's frequency, and a function that requests an interrupt in NS
 * nanoseconds.
 */
void clock_init(u32 tsc_khz, void (*arm)(u64 ns));

u32 clock_mhz(void);           /* ticks of the counter in a microsecond */
u64 clock_ns(void);            /* since boot */
u64 clock_cycles(void);        /* since boot, in ticks of the counter */
void clock_set_back(u64 cycles); /* to what clock_cycles() has returned last: what was done since then takes no time */
u64 clock_ns_of(u64 cycles);   /* converts ticks of the counter to nanoseconds */
void clock_arm(u64 deadline);  /* interrupt no later than DEADLINE (clock_ns() scale); WAIT_FOREVER disarms */

/*
 * The time of day in nanoseconds since 1970. The driver of the battery-backed clock sets it at boot; NS >= clock_ns().
 */
u64 clock_realtime_ns(void);
void clock_set_realtime(u64 ns);
u32 clock_seconds(void);       /* the same in seconds */
