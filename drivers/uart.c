/*
 * 16550 UART. Output is polled, so that it works in a panic. Input comes by interrupt and goes to
 * drivers/input.c.
 *
 * The FIFOs stay as they are, off in a PC that was switched on: to change that discards a byte that has come while the machine
 * starts, and a byte at a time is enough for a keyboard.
 *
 * A newline is sent as carriage return and newline, unless a carriage return precedes it already.
 *
 * Source: National PC16550D data sheet, "Registers".
 */
#include "drivers/uart.h"

#include "drivers/input.h"
#include "drivers/irq.h"
#include "kernel/base/cpu.h"
#include "kernel/base/printk.h"

enum {
	COM1 = 0x3F8,
	DATA = 0, INTERRUPTS = 1, LINE = 3, MODEM = 4, STATUS = 5, SCRATCH = 7, /* from a port's base */
	INTERRUPT_RECEIVED = 1, LINE_8N1 = 0x03, LINE_DIVISOR = 0x80,
	STATUS_RECEIVED = 1, STATUS_CAN_SEND = 0x20,
	UART_IRQ = 4,
	SEND_SPINS = 1000000, /* a line that never becomes free must not hang the kernel */
};

static bool present;

static bool is_there(u16 base)
{
	cpu_out8(base + SCRATCH, 0x5A);
	return cpu_in8(base + SCRATCH) == 0x5A;
}

bool uart_open(u16 base, u8 modem)
{
	if (!is_there(base))
		return false;
	cpu_out8(base + INTERRUPTS, 0);
	cpu_out8(base + LINE, LINE_DIVISOR);
	cpu_out8(base + DATA, 1); /* 115200 / 1 */
	cpu_out8(base + INTERRUPTS, 0);
	cpu_out8(base + LINE, LINE_8N1);
	cpu_out8(base + MODEM, modem);
	return true;
}

bool uart_can_send(u16 base)
{
	u32 spins = SEND_SPINS;

	while (!(cpu_in8(base + STATUS) & STATUS_CAN_SEND))
		if (!--spins)
			return false;
	return true;
}

void uart_wait_for_byte(u16 base)
{
	while (!(cpu_in8(base + STATUS) & STATUS_RECEIVED))
		continue;
	cpu_in8(base + DATA);
}

static void uart_send(u8 byte)
{
	uart_can_send(COM1);
	cpu_out8(COM1 + DATA, byte);
}

static void uart_write(const char *bytes, u32 n)
{
	static char last;

	for (u32 i = 0; i < n; i++) {
		if (bytes[i] == '\n' && last != '\r')
			uart_send('\r');
		uart_send((u8)bytes[i]);
		last = bytes[i];
	}
}

static struct console uart_console = { .write = uart_write };

static void uart_interrupt(UNUSED void *arg)
{
	while (cpu_in8(COM1 + STATUS) & STATUS_RECEIVED)
		input_byte(cpu_in8(COM1 + DATA));
}

void uart_init(void)
{
	present = uart_open(COM1, UART_DTR_RTS | UART_OUT2);
	if (!present)
		return;
	printk_add_console(&uart_console);
}

void uart_enable_input(void)
{
	if (!present)
		return;
	irq_register(UART_IRQ, uart_interrupt, NULL);
	cpu_out8(COM1 + INTERRUPTS, INTERRUPT_RECEIVED);
	uart_interrupt(NULL); /* a byte received before interrupts were enabled raises no edge */
}
