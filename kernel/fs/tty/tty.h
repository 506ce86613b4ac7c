/* The terminal: a line discipline between the console's drivers and the programs. */
#pragma once

#include "kernel/base/types.h"

extern const struct file_ops tty_ops;

/* Takes the window size from the command line (columns=, rows=): it cannot be asked of a serial line. */
void tty_init(void);

/*
 * A byte from the keyboard or the serial line. Called from interrupt handlers: keeps the byte and wakes the readers;
 * the interrupt, quit and suspend characters raise their signal in the foreground group at once. Never sleeps.
 */
void tty_input(u8 byte);
