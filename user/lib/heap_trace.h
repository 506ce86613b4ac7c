/*
 * heap_trace.h - HEAP_TRACE=1: the heap reports its events. Otherwise each trace point costs a test of one word.
 */
#ifndef HEAP_TRACE_H
#define HEAP_TRACE_H

#include "heap.h"

extern bool heap_tracing;
extern uint32_t heap_watched;		/* heap_best.c: smaller blocks take the way on which they may be told */

/* Opens the trace if HEAP_TRACE asks for it. => functions that trace each call and pass it to `ops`; otherwise `ops` */
const struct heap_ops *heap_trace_begin(const struct heap_ops *ops);

void heap_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes each reference that exists now, if the trace is on. */
void heap_trace_refs(void);

/* For heap_trace.c: looks for HEAP_REFS; counts a call of malloc or its family, and may write the references. */
void heap_refs_begin(void);
void heap_refs_count(void);

#define HEAP_TELL(...) \
	do { if (__builtin_expect(heap_tracing, 0)) heap_tell(__VA_ARGS__); } while (0)

#endif
