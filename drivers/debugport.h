/*
 * Output of long texts to a tool on the host: the debug console of an emulator, and the second serial
 * port.
 */
#pragma once

#include "kernel/base/types.h"

/* => true: the port exists. Then the write function sends a whole text, polling. => false: it sent nothing */
bool debugport_console_present(void);
bool debugport_console_write(const char *bytes, u32 n);
/* Waits while the port reads as 0. An emulator can hold the kernel up by that; QEMU and Bochs do not. */
void debugport_console_wait(void);

bool debugport_com2_present(void); /* also initialises it: 115200 baud, 8N1 */
bool debugport_com2_write(const char *bytes, u32 n);
void debugport_com2_wait(void);    /* for a byte from the other side */
