/* The first serial port (COM1), 115200 baud: a console, and a source of input (drivers/input.h). */
#pragma once

#include "kernel/base/types.h"

/* For any serial port: sets it up without interrupts, MODEM being its control lines. => false: there is none at BASE */
bool uart_open(u16 base, u8 modem);
/* Waits, but not for ever, until it takes a byte. => false: it does not */
bool uart_can_send(u16 base);
enum { UART_DTR_RTS = 0x03, UART_OUT2 = 0x08 }; /* control lines; OUT2 lets the interrupt through to the PIC */

/* Makes it a console; works without interrupts. */
void uart_init(void);

/* From now on it is heard as well; traps must be set up. */
void uart_enable_input(void);
