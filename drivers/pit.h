/*
 * The 8253/8254 timer: channel 0 as the one-shot alarm of kernel/base/clock.c, channel 2 to measure
 * the TSC.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * Measures the time-stamp counter (2 ms), initialises the clock, and calls TICK from each timer
 * interrupt from now on. The PIC and traps must be initialised.
 */
void pit_init(void (*tick)(void));
