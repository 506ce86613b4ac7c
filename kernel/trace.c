/*
 * The output devices of the trace. mm/vmtrace.c passes whole lines; a device writes a line or drops
 * it, never writes a part.
 *
 * The ring holds the newest lines. Reading removes them. If lines were overwritten since the last read,
 * the reader gets one line `dropped` in their place, with the number of the last of them.
 */
#include "kernel/trace.h"

#include "drivers/debugport.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/task/task.h"
#include "mm/frame.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmsnapshot.h"
#include "mm/vmtrace.h"

#define RING_ORDER 4
#define RING_SIZE (PAGE_SIZE << RING_ORDER)
#define LINE_SIZE 256 /* longer than any line */

/* --- the ring --------------------------------------------------------------------------------- */

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

static bool trace_ring_write(const char *line, u32 n)
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

static bool ring_make(void)
{
	struct frame *f = ring ? NULL : frame_alloc(FRAME_KERNEL, RING_ORDER, FRAME_FOR_KERNEL);

	if (f)
		ring = frame_ptr(f);
	return ring != NULL;
}

/* --- devices ---------------------------------------------------------------------------------- */

static const struct device {
	const char *name;
	bool (*present)(void);
	bool (*write)(const char *line, u32 n);
} devices[] = {
	{ "debugcon", debugport_console_present, debugport_console_write },
	{ "com2", debugport_com2_present, debugport_com2_write },
	{ "ring", ring_make, trace_ring_write },
};

/*
 * => the device with that NAME, NULL if it is not present; for NAME NULL the debug console if present,
 * else the ring
 */
static const struct device *find_device(const char *name)
{
	for (u32 i = 0; i < ARRAY_LEN(devices); i++) {
		const struct device *d = &devices[i];
		bool asked = name ? strcmp(name, d->name) == 0 : d->write != debugport_com2_write;

		if (asked && d->present())
			return d;
	}
	return NULL;
}

/* --- beginning and end ------------------------------------------------------------------------ */

void trace_start(void)
{
	const char *text = cmdline_value("trace"), *name = cmdline_value("tracedev");
	const struct device *d;
	char classes[128];
	u32 mask;

	if (text && !vmtrace_parse(text, &mask)) {
		vmtrace_names(VMTRACE_ALL, classes, sizeof(classes));
		printk("trace=%s: not understood; off, all, or some of %s\n", text, classes);
		return;
	}
	if (!text || !mask)
		return;
	d = find_device(name);
	if (!d) {
		printk("tracedev=%s: not there; no trace\n", name ? name : "ring");
		return;
	}
	vmtrace_output = d->write;
	vmtrace_mask = mask;
	vmtrace_names(mask, classes, sizeof(classes));
	TRACE_HELLO(0, VMTRACE_VERSION, PAGE_SIZE, frame_total(), slot_total(), frame_limit(),
		    policy_name(), classes);
	vmsnapshot();
}

void trace_end(void)
{
	if (!vmtrace_mask)
		return;
	vmsnapshot();
	vmtrace_mask = 0;
}

void trace_user_line(const char *text)
{
	TRACE_USER(task_current()->pid, text);
}
