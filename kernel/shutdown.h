/* How the system ends. */
#pragma once

#include "kernel/base/types.h"

/* All is ready for the first program: what is free now must be free again at the end (I9). May sleep. */
void shutdown_note_start(void);

/* The first program has ended with WAIT_STATUS (as wait() reports it), or asks for the end: writes everything back first. Sleeps. */
void shutdown(u32 wait_status) NORETURN;

/*
 * Ends at once: one line tells how the first program has ended, and the machine is switched off with the contract's value.
 * Everything is written back already.
 */
void shutdown_with(u32 wait_status) NORETURN;

/* There is no first program, for a reason that was reported: ends as if one had exited with 125. */
void shutdown_without_program(void) NORETURN;
