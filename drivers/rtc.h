/* The battery-backed clock. */
#pragma once

/* Reads date and time and calls clock_set_realtime(). The clock must be initialised (pit_init()). */
void rtc_init(void);
