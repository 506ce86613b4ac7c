/* Powering off. */
#pragma once

#include "kernel/base/types.h"

/*
 * Switches the machine off: through isa-debug-exit where there is one, which passes VALUE (0..127)
 * to the host; else through ACPI; else prints a message and halts. Writes nothing to any disk: the
 * caller has done that.
 */
void power_off(u32 value) NORETURN;
