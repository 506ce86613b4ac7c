/* How the system ends; see also kernel/base/power.h. */
#pragma once

#include "kernel/base/power.h"

/*
 * The first program has ended with WAIT_STATUS (as wait() reports it): says so in one line and
 * switches off with the contract's value. Everything is written back already.
 */
void power_end(u32 wait_status) NORETURN;

/* There is no first program, for a reason that was told: ends as if one had exited with 125. */
void power_end_without_program(void) NORETURN;
