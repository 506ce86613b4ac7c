/*
 * Trace output: `trace=CLASS,...|all|off`, `tracedev=debugcon|com2|ring`, `tracestep`, /proc/sys/vm/trace and /dev/trace.
 */
#pragma once

#include "kernel/base/types.h"

extern const struct file_ops trace_device_ops; /* /dev/trace */

#define TRACE_LINE_MAX 120 /* bytes of a line that a program writes to /dev/trace */

/*
 * If the command line asks for a trace: begins it, with a hello and a snapshot of the state. Never
 * sleeps.
 */
void trace_start(void);

/* Ends the trace, with a second snapshot. */
void trace_end(void);

/* The ring. Open it before the first write. => false: no memory; true: the line is in the ring */
bool trace_ring_open(void);
bool trace_ring_write(const char *line, u32 n);
u32 trace_ring_size(void);   /* bytes, in one piece */
u32 trace_ring_frames(void); /* that it occupies for good */

/* Moves up to N bytes of the oldest lines from the ring to BUF. => how many; 0: the ring is empty */
u32 trace_read(char *buf, u32 n);

/* Emits TEXT, a line without newline of at most TRACE_LINE_MAX bytes, as an event of the current task. */
void trace_user_line(const char *text);
