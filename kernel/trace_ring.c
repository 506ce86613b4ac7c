/*
 * A ring in memory that holds the newest lines of the trace. Reading removes them. If lines were overwritten since the last
 * read, the reader gets one line `dropped` in their place, with the number of the last of them.
 */
#include "kernel/base/printk.h"
#include "kernel/trace.h"
#include "mm/frame.h"

#define RING_ORDER 4
#define RING_SIZE (PAGE_SIZE << RING_ORDER)
#define LINE_SIZE 256 /* longer than any line */

static char *ring;
static u32 head, tail;         /* bytes ever written; position of the oldest line */
static u32 overwritten;        /* lines, since the last line `dropped` */
static char taken[LINE_SIZE];  /* the line that is being read, of TAKEN_N bytes; TAKEN_AT are read */
static u32 taken_n, taken_at;

/* Removes the oldest line, copying it to TO unless that is NULL. => its length */
static u32 take_line(char *to)
{
	u32 n = 0;
	char byte;

	do {
		byte = ring[tail++ % RING_SIZE];
		if (to)
			to[n] = byte;
		n++;
	} while (byte != '\n');
	return n;
}

bool trace_ring_write(const char *line, u32 n)
{
	while (head + n - tail > RING_SIZE) {
		take_line(NULL);
		overwritten++;
	}
	for (u32 i = 0; i < n; i++)
		ring[head++ % RING_SIZE] = line[i];
	return true;
}

/* => the number of the oldest line */
static u32 oldest_seq(void)
{
	u32 seq = 0;

	for (u32 i = tail + 1; ring[i % RING_SIZE] != ' '; i++)
		seq = seq * 10 + (u32)(ring[i % RING_SIZE] - '0');
	return seq;
}

static void take_next(void)
{
	taken_at = 0;
	if (overwritten)
		taken_n = (u32)format(taken, sizeof(taken), "@%u 0 0 dropped n=%u\n",
				      oldest_seq() - 1, overwritten);
	else
		taken_n = head == tail ? 0 : take_line(taken);
	overwritten = 0;
}

u32 trace_read(char *buf, u32 n)
{
	u32 done = 0;

	while (ring && done < n) {
		if (taken_at == taken_n)
			take_next();
		if (!taken_n)
			break;
		buf[done++] = taken[taken_at++];
	}
	return done;
}

bool trace_ring_open(void)
{
	struct frame *f = ring ? NULL : frame_alloc(FRAME_KERNEL, RING_ORDER, FRAME_FOR_KERNEL);

	if (f)
		ring = frame_ptr(f);
	return ring != NULL;
}

u32 trace_ring_size(void)
{
	return RING_SIZE;
}

u32 trace_ring_frames(void)
{
	return ring ? 1u << RING_ORDER : 0;
}
