/* The battery-backed clock: read once, at boot, into clock_boot_epoch. */
#pragma once

void rtc_init(void);
