/* The first serial port (COM1), 115200 baud: a console, and a source of input (drivers/input.h). */
#pragma once

/* Makes it a console; works without interrupts. */
void uart_init(void);

/* From now on it is heard as well; traps must be set up. */
void uart_enable_input(void);
