/*
 * The counters, and the lines of the trace: `@SEQ CYCLES LABEL EVENT key=value ...`.
 *
 * A line is formatted and handed over as a whole, without sleeping in between, so lines are never torn. Each event has a
 * number, written or not. A line `dropped n=N`, with the number of the last of the lost events, replaces lost lines: the
 * numbers in a file go up either by one, or by that N.
 */
#include "mm/vmtrace.h"

#include "kernel/base/clock.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"

#define LINE_SIZE 256

struct vmstat vmstat;

u32 vmtrace_mask;
bool (*vmtrace_output)(const char *line, u32 n);

static const char *const classes[] = VMTRACE_CLASSES;
static u32 seq;  /* of the last event */
static u32 lost; /* events before it whose loss has not been reported yet */

/* Text of a program, or a file's name, must not look like another line. */
static void make_printable(char *text, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
}

/* => false: too long, or no device took it */
static bool put_v(u32 label, const char *fmt, va_list args)
{
	char line[LINE_SIZE];
	unsigned long long cycles = clock_cycles();
	u32 n = (u32)format(line, sizeof(line), "@%u %llu %u ", seq, cycles, label);

	n += (u32)format_v(line + n, sizeof(line) - n, fmt, args);
	if (n + 1 > sizeof(line) || !vmtrace_output)
		return false;
	make_printable(line, n);
	line[n++] = '\n';
	return vmtrace_output(line, n);
}

static bool vmtrace_put(u32 label, const char *fmt, ...)
{
	va_list args;
	bool taken;

	va_start(args, fmt);
	taken = put_v(label, fmt, args);
	va_end(args);
	return taken;
}

void vmtrace_event(u32 label, const char *fmt, ...)
{
	va_list args;

	if (lost && vmtrace_put(0, "dropped n=%u", lost))
		lost = 0;
	seq++;
	va_start(args, fmt);
	if (lost || !put_v(label, fmt, args))
		lost++;
	va_end(args);
}

/* => the bits of the class whose name are the N bytes at WORD; 0: there is none */
static u32 class_bits(const char *word, u32 n)
{
	if (n == 3 && strncmp(word, "all", n) == 0)
		return VMTRACE_ALL;
	for (u32 i = 0; i < ARRAY_LEN(classes); i++)
		if (strlen(classes[i]) == n && strncmp(word, classes[i], n) == 0)
			return 1u << i;
	return 0;
}

bool vmtrace_parse(const char *text, u32 *mask)
{
	*mask = 0;
	if (strcmp(text, "off") == 0)
		return true;
	for (;;) {
		const char *comma = strchr(text, ',');
		u32 bits = class_bits(text, comma ? (u32)(comma - text) : strlen(text));

		if (!bits)
			return false;
		*mask |= bits | VMTRACE_STATE;
		if (!comma)
			return true;
		text = comma + 1;
	}
}

void vmtrace_names(u32 mask, char *buf, u32 size)
{
	u32 n = 0;

	buf[0] = '\0';
	for (u32 i = 0; i < ARRAY_LEN(classes) && n < size; i++)
		if (mask & (1u << i))
			n += (u32)format(buf + n, size - n, "%s%s", n ? "," : "", classes[i]);
}
