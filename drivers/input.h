/*
 * Input from the user, through the serial line or the keyboard, as the bytes that a terminal would
 * send.
 */
#pragma once

#include "kernel/base/types.h"

/* From now on HANDLER is called with each byte, in an interrupt handler; bytes typed before are passed to it now. */
void input_set_handler(void (*handler)(u8 byte));

/* Called by the devices' interrupt handlers with each byte. */
void input_byte(u8 byte);
