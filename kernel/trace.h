/*
 * The trace's way out of the kernel: `trace=CLASS,...|all|off`, `tracedev=debugcon|com2|ring`, and
 * /dev/trace.
 */
#pragma once

#include "kernel/base/types.h"

extern const struct file_ops trace_device_ops; /* /dev/trace */

#define TRACE_LINE_MAX 120 /* bytes of a program's own line */

/*
 * Reads the command line; where it asks for a trace: begins it with a hello and a snapshot. Never
 * sleeps.
 */
void trace_start(void);

/* Ends it with a second snapshot. */
void trace_end(void);

/*
 * Takes up to N bytes of the oldest lines out of the ring. => how many; 0: nothing (more) is there
 */
u32 trace_read(char *buf, u32 n);

/*
 * A program's line without newline, at most TRACE_LINE_MAX bytes, becomes an event of the current
 * task.
 */
void trace_user_line(const char *text);
