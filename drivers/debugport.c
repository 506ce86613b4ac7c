/*
 * Port 0xE9 is the debug console of Bochs and QEMU: what is written there goes to a file at once,
 * and it reads back as 0xE9 where it exists. COM2 is for machines that have none.
 *
 * Sources: Bochs User Manual, "port_e9_hack"; National PC16550D data sheet, "Registers".
 */
#include "drivers/debugport.h"

#include "kernel/base/cpu.h"

enum {
	CONSOLE = 0xE9,
	COM2 = 0x2F8, DATA = COM2, INTERRUPTS = COM2 + 1, FIFO = COM2 + 2, LINE = COM2 + 3,
	MODEM = COM2 + 4, STATUS = COM2 + 5, SCRATCH = COM2 + 7,
	FIFO_ON_CLEAR = 0x07, LINE_8N1 = 0x03, LINE_DIVISOR = 0x80, MODEM_DTR_RTS = 0x03,
	STATUS_CAN_SEND = 0x20, SEND_SPINS = 1000000,
};

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

bool debugport_com2_present(void)
{
	cpu_out8(SCRATCH, 0x5A);
	if (cpu_in8(SCRATCH) != 0x5A)
		return false;
	cpu_out8(INTERRUPTS, 0);
	cpu_out8(LINE, LINE_DIVISOR);
	cpu_out8(DATA, 1); /* 115200 / 1 */
	cpu_out8(INTERRUPTS, 0);
	cpu_out8(LINE, LINE_8N1);
	cpu_out8(FIFO, FIFO_ON_CLEAR);
	cpu_out8(MODEM, MODEM_DTR_RTS);
	return true;
}

static bool can_send(void)
{
	u32 spins = SEND_SPINS;

	while (!(cpu_in8(STATUS) & STATUS_CAN_SEND))
		if (!--spins)
			return false;
	return true;
}

/* A text that nobody takes is given up before its first byte; once begun it is sent to its end. */
bool debugport_com2_write(const char *bytes, u32 n)
{
	if (!can_send())
		return false;
	for (u32 i = 0; i < n; i++) {
		can_send();
		cpu_out8(DATA, (u8)bytes[i]);
	}
	return true;
}
