/*
 * The timer. One-shot (mode 0): a count is written, and when it has reached 0 the output rises, once.
 *
 * Calibration: channel 2 counts down while it is read together with the TSC, twice, 1.5 ms apart. If the
 * host preempts the virtual machine between the two readings, the result is still right. If it does so
 * within a reading, that takes longer, so the fastest of several is used. If the count reaches 0 (after
 * 55 ms), the channel's output has risen, and the calibration is repeated.
 *
 * Source: Intel 8254 data sheet, "Mode 0: Interrupt on Terminal Count", "Counter Latch Command".
 */
#include "drivers/pit.h"

#include "drivers/irq.h"
#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/div64.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"

#define PIT_HZ 1193182u
#define CALIBRATION_TICKS (PIT_HZ / 1000 * 3 / 2)
#define PAIR_TRIES 4

enum {
	CHANNEL0 = 0x40, CHANNEL2 = 0x42, COMMAND = 0x43,
	SELECT0_MODE0 = 0x30, /* channel 0, low byte then high byte, mode 0 */
	SELECT2_MODE0 = 0xB0,
	LATCH2 = 0x80,
	GATE_PORT = 0x61, GATE2_ON = 1, SPEAKER_ON = 2, OUT2 = 0x20,
	TIMER_IRQ = 0,
};

struct pair {
	u64 tsc;
	u32 count;
};

static u32 read_count(void)
{
	u32 low;

	cpu_out8(COMMAND, LATCH2);
	low = cpu_in8(CHANNEL2);
	return low | (u32)cpu_in8(CHANNEL2) << 8;
}

/* Reads counter and TSC at the same moment, as nearly as possible: the fastest of several tries. */
static struct pair read_pair(void)
{
	struct pair best = { 0, 0 };
	u64 shortest = ~0ull;

	for (int i = 0; i < PAIR_TRIES; i++) {
		u64 before = cpu_tsc();
		u32 count = read_count();
		u64 took = cpu_tsc() - before;

		if (took < shortest) {
			shortest = took;
			best = (struct pair){ before + took / 2, count };
		}
	}
	return best;
}

/* => false: the count has reached 0 meanwhile, so the pairs are useless */
static bool read_twice(struct pair *first, struct pair *last)
{
	cpu_out8(COMMAND, SELECT2_MODE0);
	cpu_out8(CHANNEL2, 0xFF);
	cpu_out8(CHANNEL2, 0xFF);
	*first = read_pair();
	while (first->count - read_count() < CALIBRATION_TICKS)
		continue;
	*last = read_pair();
	return !(cpu_in8(GATE_PORT) & OUT2);
}

static u32 measure_tsc_khz(void)
{
	struct pair first, last;
	u32 ticks;

	cpu_out8(GATE_PORT, (u8)((cpu_in8(GATE_PORT) & ~SPEAKER_ON) | GATE2_ON));
	while (!read_twice(&first, &last))
		continue;
	ticks = first.count - last.count;
	ASSERT_CMP(ticks, >=, CALIBRATION_TICKS);
	return (u32)div64(div64((last.tsc - first.tsc) * PIT_HZ, ticks, NULL), 1000, NULL);
}

static void pit_arm(u64 ns)
{
	u32 count = (u32)(ns * PIT_HZ >> 30); /* 2^30 instead of 10^9: at most 7 % too early, never too late */

	count = MIN(MAX(count, 1), 0xFFFF);
	cpu_out8(COMMAND, SELECT0_MODE0);
	cpu_out8(CHANNEL0, (u8)count);
	cpu_out8(CHANNEL0, (u8)(count >> 8));
}

static void (*pit_tick)(void);

static void pit_interrupt(UNUSED void *arg)
{
	pit_tick();
}

void pit_init(void (*tick)(void))
{
	u32 khz = measure_tsc_khz();

	cpu_out8(COMMAND, SELECT0_MODE0); /* without a count: no interrupt until armed */
	clock_init(khz, pit_arm);
	pit_tick = tick;
	irq_register(TIMER_IRQ, pit_interrupt, NULL);
	printk_verbose("clock: time-stamp counter at %u.%03u MHz\n", khz / 1000, khz % 1000);
}
