/*
 * date - the time, in UTC: 2026-01-31 12:00:00 UTC; date +%s: in seconds since 1970.
 *
 * Years are counted from March, so that the leap day is the last day of a year.
 */
#include "tool.h"

#include <time.h>

enum { DAY = 86400, DAYS_400_YEARS = 146097, DAYS_BEFORE_1970 = 719468 /* since March of year 0 */ };

static void print_day(unsigned days)
{
	unsigned since = days + DAYS_BEFORE_1970, era = since / DAYS_400_YEARS, day = since % DAYS_400_YEARS;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned of_year = day - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;

	printf("%u-%02u-%02u", era * 400 + year + (month >= 10), month < 10 ? month + 3 : month - 9,
	       of_year - (153 * month + 2) / 5 + 1);
}

int main(int argc, char **argv)
{
	struct timespec now;
	unsigned seconds;

	argv = operands("date [+%s]", argv, 0, argc > 1);
	if (*argv && strcmp(*argv, "+%s") != 0)
		not_accepted("date [+%s]", *argv, strlen(*argv));
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		die("date", "clock");
	if (*argv) {
		printf("%ld\n", now.tv_sec);
		return finish("date", 0);
	}
	seconds = now.tv_sec % DAY;
	print_day(now.tv_sec / DAY);
	printf(" %02u:%02u:%02u UTC\n", seconds / 3600, seconds / 60 % 60, seconds % 60);
	return finish("date", 0);
}
