/*
 * What a person types, from whichever device: serial line or keyboard. Bytes as a terminal would
 * send them.
 */
#pragma once

#include "kernel/base/types.h"

/*
 * From now on HANDLER gets each byte, in an interrupt; what was typed before is handed to it now.
 */
void input_set_handler(void (*handler)(u8 byte));

/* Called by the devices' interrupt handlers. */
void input_byte(u8 byte);
