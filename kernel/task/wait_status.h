/* Wait statuses: how a task has ended, stopped or continued, as wait(2) reports it. */
#pragma once

#define WAIT_STATUS_EXIT(code) (((code) & 0xFF) << 8)
#define WAIT_STATUS_SIGNAL(signal) (signal)
#define WAIT_STATUS_STOPPED(signal) ((signal) << 8 | 0x7F)
#define WAIT_STATUS_CONTINUED 0xFFFFu
