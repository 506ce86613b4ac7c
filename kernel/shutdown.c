/*
 * The last line that the system prints, and the value that it ends with: both are part of the
 * contract.
 */
#include "kernel/shutdown.h"

#include "kernel/base/printk.h"

#define VALUE_EXIT_MAX 125u
#define VALUE_SIGNAL 126u

void power_end(u32 wait_status)
{
	u32 signal = wait_status & 0x7f, status = wait_status >> 8 & 0xff;

	if (signal) {
		printk("shisho: init killed by signal %u\n", signal);
		power_off(VALUE_SIGNAL);
	}
	printk("shisho: init exited with status %u\n", status);
	power_off(MIN(status, VALUE_EXIT_MAX));
}

void power_end_without_program(void)
{
	power_end(VALUE_EXIT_MAX << 8);
}
