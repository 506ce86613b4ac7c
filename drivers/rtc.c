/*
 * MC146818 clock: date and time in UTC, as QEMU keeps it. It is read until two readings agree, so that a
 * reading in the middle of an update is not used. Waiting for the end of an update could take a second.
 *
 * Source: Motorola MC146818A data sheet, "Time, Calendar and Alarm Locations", "Register A",
 * "Register B".
 */
#include "drivers/rtc.h"

#include "kernel/base/clock.h"
#include "kernel/base/cpu.h"
#include "kernel/base/string.h"

enum {
	INDEX_PORT = 0x70, DATA_PORT = 0x71,
	REG_SECOND = 0, REG_MINUTE = 2, REG_HOUR = 4, REG_DAY = 7, REG_MONTH = 8, REG_YEAR = 9,
	REG_B = 0x0B, B_24_HOURS = 2, B_BINARY = 4, HOUR_PM = 0x80,
	TRIES = 8,
};

struct date {
	u32 second, minute, hour, day, month, year;
};

static u8 read_register(u8 index)
{
	cpu_out8(INDEX_PORT, index);
	return cpu_in8(DATA_PORT);
}

static u32 from_bcd(u32 value)
{
	return (value >> 4) * 10 + (value & 15);
}

static struct date read_date(void)
{
	u8 mode = read_register(REG_B);
	u32 hour = read_register(REG_HOUR), pm = hour & HOUR_PM;
	struct date d = {
		.second = read_register(REG_SECOND), .minute = read_register(REG_MINUTE),
		.hour = hour & ~(u32)HOUR_PM, .day = read_register(REG_DAY),
		.month = read_register(REG_MONTH), .year = read_register(REG_YEAR),
	};

	if (!(mode & B_BINARY))
		d = (struct date){
			from_bcd(d.second), from_bcd(d.minute), from_bcd(d.hour),
			from_bcd(d.day), from_bcd(d.month), from_bcd(d.year),
		};
	if (!(mode & B_24_HOURS))
		d.hour = d.hour % 12 + (pm ? 12 : 0);
	return d;
}

/*
 * Days from 1970-01-01 to the first of MONTH (1..12) of YEAR (1970..2099: every fourth is a leap
 * year).
 */
static u32 days_before(u32 year, u32 month)
{
	static const u16 days[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	u32 leap_days = (year - 1969) / 4;

	if (year % 4 == 0 && month > 2)
		leap_days++;
	return (year - 1970) * 365 + leap_days + days[(month - 1) % 12];
}

void rtc_init(void)
{
	struct date d = read_date(), again;
	u32 seconds;

	for (int i = 0; i < TRIES; i++) {
		again = read_date();
		if (!memcmp(&d, &again, sizeof(d)))
			break;
		d = again;
	}
	seconds = (days_before(2000 + d.year % 100, d.month) + d.day - 1) * 86400 + d.hour * 3600 + d.minute * 60 + d.second;
	clock_set_realtime((u64)seconds * NS_PER_SEC);
}
