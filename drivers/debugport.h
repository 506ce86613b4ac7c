/*
 * Ports for long texts to a host's tool: the debug console of an emulator, and the second serial
 * port.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * => is it there? Then the function below it sends whole texts, polling; false: nothing was sent.
 */
bool debugport_console_present(void);
bool debugport_console_write(const char *bytes, u32 n);

bool debugport_com2_present(void); /* sets it up: 115200 baud, 8N1 */
bool debugport_com2_write(const char *bytes, u32 n);
