/* How a task begins by fork, ends, and is waited for. */
#pragma once

#include "kernel/task.h"

/* Wait statuses as wait(2) reports them. */
#define WAIT_STATUS_EXIT(code) (((code) & 0xFF) << 8)
#define WAIT_STATUS_SIGNAL(signal) (signal)

/* The current task ends with STATUS: gives everything back and becomes a zombie until its parent has waited. */
void lifecycle_exit(u32 status) NORETURN;

/* When the first program ends: called with its wait status, must not return. */
extern void (*lifecycle_end_of_world)(u32 status);
