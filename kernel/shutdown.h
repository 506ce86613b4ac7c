/* The end of the system. */
#pragma once

#include "kernel/base/types.h"

/*
 * Called just before the first program starts: records how many frames are free, for the check at the end (I9). May
 * sleep.
 */
void shutdown_record_start(void);

/*
 * The first program has ended with WAIT_STATUS (as wait() reports it), or has called reboot(): writes everything back,
 * then as shutdown_with(). Sleeps.
 */
void shutdown(u32 wait_status) NORETURN;

/*
 * Prints how the first program has ended and powers off: with its exit status, at most 125, or with 126 after a signal.
 * Writes nothing back.
 */
void shutdown_with(u32 wait_status) NORETURN;

/* The first program could not be started, for a reason that was reported: ends as if it had exited with 125. */
void shutdown_without_program(void) NORETURN;
