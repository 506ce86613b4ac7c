/*
 * The timer. One-shot (mode 0): a count is written, the output rises when it has run down, and
 * nothing more happens.
 *
 * Calibration: channel 2 counts down freely while we read it and the TSC together, twice, 1.5 ms
 * apart. Reading the count is right even if the host takes the processor away between the two
 * pairs; if it does so within a pair, that pair took conspicuously long and is read again. If it does so for so long that
 * the count has run down (55 ms), the channel's output has risen, and all is done again.
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

/* Counter and TSC at the same moment, as far as can be told: the quickest of some tries. */
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

/* => whether the count has not run down meanwhile */
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

static void arm(u64 ns)
{
	u32 count = (u32)(ns * PIT_HZ >> 30); /* 2^30 for 10^9: at most 7 % too early, never late */

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

	cpu_out8(COMMAND, SELECT0_MODE0); /* no count: silent until armed */
	clock_init(khz, arm);
	pit_tick = tick;
	irq_register(TIMER_IRQ, pit_interrupt, NULL);
	printk_verbose("clock: time-stamp counter at %u.%03u MHz\n", khz / 1000, khz % 1000);
}
