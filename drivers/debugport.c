/*
 * Port 0xE9 is the debug console of Bochs and QEMU: bytes written to it go to a file at once, and it
 * reads as 0xE9 where it exists. COM2 is for machines without it.
 *
 * Sources: Bochs User Manual, "port_e9_hack".
 */
#include "drivers/debugport.h"

#include "drivers/uart.h"
#include "kernel/base/cpu.h"

enum { CONSOLE = 0xE9, COM2 = 0x2F8 };

bool debugport_console_present(void)
{
	return cpu_in8(CONSOLE) == CONSOLE;
}

bool debugport_console_write(const char *bytes, u32 n)
{
	for (u32 i = 0; i < n; i++)
		cpu_out8(CONSOLE, (u8)bytes[i]);
	return true;
}

void debugport_console_wait(void)
{
	while (cpu_in8(CONSOLE) == 0)
		continue;
}

bool debugport_com2_present(void)
{
	return uart_open(COM2, UART_DTR_RTS);
}

/* If the line does not become free, the text is dropped before its first byte; once begun, all of it is sent. */
bool debugport_com2_write(const char *bytes, u32 n)
{
	if (!uart_can_send(COM2))
		return false;
	for (u32 i = 0; i < n; i++) {
		while (!uart_can_send(COM2))
			continue;
		cpu_out8(COM2, (u8)bytes[i]);
	}
	return true;
}

void debugport_com2_wait(void)
{
	uart_wait_for_byte(COM2);
}
