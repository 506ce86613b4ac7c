/* The end of the machine. */
#pragma once

#include "kernel/base/types.h"

/*
 * Switches the machine off, telling VALUE (0..127) to who watches, through isa-debug-exit where
 * there is one; else through ACPI; else halts with a message. What must be on a disk is there
 * already.
 */
void power_off(u32 value) NORETURN;
