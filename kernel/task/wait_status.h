/* Wait statuses: how a task has ended, stopped or continued, as wait(2) reports it. */
#pragma once

#define WAIT_STATUS_EXIT(code) (((code) & 0xFF) << 8)
#define WAIT_STATUS_SIGNAL(signal) (signal)
#define WAIT_STATUS_STOPPED(signal) ((signal) << 8 | 0x7F)
#define WAIT_STATUS_CONTINUED 0xFFFFu

/* => the signal that ended the task; 0: it has exited, with the status below. Not for a stopped or continued task. */
#define WAIT_STATUS_SIGNAL_OF(status) ((status) & 0x7F)
#define WAIT_STATUS_CODE_OF(status) ((status) >> 8 & 0xFF)

/* => the task was stopped, by the signal in WAIT_STATUS_CODE_OF() */
#define WAIT_STATUS_IS_STOPPED(status) (((status) & 0x7F) == 0x7F)
