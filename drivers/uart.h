/* The first serial port (COM1), 115200 baud: a console, and a source of input (drivers/input.h). */
#pragma once

#include "kernel/base/types.h"

/* Initialises any serial port, without interrupts, with the control lines MODEM. => false: there is none at BASE */
bool uart_open(u16 base, u8 modem);
/* Waits, with a limit, until the port accepts a byte. => false: it does not */
bool uart_can_send(u16 base);
/* Waits for a received byte and discards it. */
void uart_wait_for_byte(u16 base);
enum { UART_DTR_RTS = 0x03, UART_OUT2 = 0x08 }; /* control lines; OUT2 lets the interrupt through to the PIC */

/* Registers COM1 as a console, without interrupts. */
void uart_init(void);

/* Enables input from COM1; traps must be initialised. */
void uart_enable_input(void);
