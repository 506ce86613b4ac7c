/*
 * 16550 UART. Output is polled: a panic must be able to speak. Input comes by interrupt into
 * drivers/input.c.
 *
 * A newline is sent as carriage return and newline, unless the carriage return is there already.
 *
 * Source: National PC16550D data sheet, "Registers".
 */
#include "drivers/uart.h"

#include "drivers/input.h"
#include "drivers/irq.h"
#include "kernel/base/cpu.h"
#include "kernel/base/printk.h"

enum {
	BASE = 0x3F8, DATA = BASE, INTERRUPTS = BASE + 1, FIFO = BASE + 2, LINE = BASE + 3,
	MODEM = BASE + 4, STATUS = BASE + 5, SCRATCH = BASE + 7,
	INTERRUPT_RECEIVED = 1, FIFO_ON_CLEAR = 0x07, LINE_8N1 = 0x03, LINE_DIVISOR = 0x80,
	MODEM_DTR_RTS_OUT2 = 0x0B, /* OUT2 lets the interrupt through to the PIC */
	STATUS_RECEIVED = 1, STATUS_CAN_SEND = 0x20,
	UART_IRQ = 4,
	SEND_SPINS = 1000000, /* a line that never gets free must not stop the kernel */
};

static bool present;

static void send(u8 byte)
{
	for (u32 i = 0; i < SEND_SPINS && !(cpu_in8(STATUS) & STATUS_CAN_SEND); i++)
		continue;
	cpu_out8(DATA, byte);
}

static void uart_write(const char *bytes, u32 n)
{
	static char last;

	for (u32 i = 0; i < n; i++) {
		if (bytes[i] == '\n' && last != '\r')
			send('\r');
		send((u8)bytes[i]);
		last = bytes[i];
	}
}

static struct console uart_console = { .write = uart_write };

static void uart_interrupt(void)
{
	while (cpu_in8(STATUS) & STATUS_RECEIVED)
		input_byte(cpu_in8(DATA));
}

void uart_init(void)
{
	cpu_out8(SCRATCH, 0x5A);
	present = cpu_in8(SCRATCH) == 0x5A;
	if (!present)
		return;
	cpu_out8(INTERRUPTS, 0);
	cpu_out8(LINE, LINE_DIVISOR);
	cpu_out8(DATA, 1); /* 115200 / 1 */
	cpu_out8(INTERRUPTS, 0);
	cpu_out8(LINE, LINE_8N1);
	cpu_out8(FIFO, FIFO_ON_CLEAR);
	cpu_out8(MODEM, MODEM_DTR_RTS_OUT2);
	printk_add_console(&uart_console);
}

void uart_enable_input(void)
{
	if (!present)
		return;
	irq_register(UART_IRQ, uart_interrupt);
	cpu_out8(INTERRUPTS, INTERRUPT_RECEIVED);
	uart_interrupt(); /* what came before interrupts were on raises no edge any more */
}
