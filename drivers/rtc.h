/* The battery-backed clock: read once, at boot, for clock_set_realtime(). */
#pragma once

void rtc_init(void);
