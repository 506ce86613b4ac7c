/*
 * The counters, and the lines of the trace: `@SEQ CYCLES LABEL EVENT key=value ...`.
 *
 * A line is formatted and handed over as a whole, without sleeping in between, so lines are never torn. Each event has a
 * number, written or not. A line `dropped n=N`, with the number of the last of the lost events, replaces lost lines: the
 * numbers in a file go up either by one, or by that N.
 *
 * The clock stands while a line is written. Otherwise a traced program would hardly wait for its disk, and to watch for thrashing
 * would end it.
 *
 * The thread that causes an event is not part of its line: an event `run` is written before the first event of another thread
 * than the last one.
 */
#include "mm/vmtrace.h"

#include "kernel/base/clock.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/base/thread.h"

#define LINE_SIZE 256
#define CUT "..." /* stands for the beginning of a text that does not fit: of a path the end says more */

struct vmstat vmstat;

u32 vmtrace_mask;
bool (*vmtrace_output)(const char *line, u32 n);
u32 (*vmtrace_label_of)(const struct thread *t);
void (*vmtrace_introduce_object)(struct memobj *obj);

static const char *const classes[] = VMTRACE_CLASSES;
static u32 seq;  /* of the last event */
static u32 lost; /* events before it whose loss has not been reported yet */
static bool describing;
static const struct thread *runner; /* the thread of the last `run`; NULL: the next event needs one */
static u32 runner_label;

/* Text of a program, or a file's name, must not look like another line. */
static void make_printable(char *text, u32 n)
{
	for (u32 i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
}

struct line {
	char text[LINE_SIZE];
	u32 n;
	u64 cycles; /* when it began */
};

static void line_begin(struct line *l, u32 label)
{
	l->cycles = clock_cycles();
	l->n = (u32)format(l->text, sizeof(l->text), "@%u %llu %u ", seq, (unsigned long long)l->cycles, label);
}

static void line_add_text(struct line *l, const char *key, const char *text)
{
	u32 length = strlen(text), room;
	bool whole;

	l->n += (u32)format(l->text + l->n, sizeof(l->text) - l->n, " %s=", key);
	room = sizeof(l->text) - 1 - l->n;
	whole = length <= room;
	if (!whole)
		text += length - (room - strlen(CUT));
	l->n += (u32)format(l->text + l->n, sizeof(l->text) - l->n, "%s%s", whole ? "" : CUT, text);
}

/* => false: no device took it */
static bool line_end(struct line *l)
{
	bool taken;

	make_printable(l->text, l->n);
	l->text[l->n++] = '\n';
	taken = vmtrace_output && vmtrace_output(l->text, l->n);
	clock_set_back(l->cycles);
	return taken;
}

static void report_loss(void)
{
	struct line l;

	line_begin(&l, 0);
	l.n += (u32)format(l.text + l.n, sizeof(l.text) - l.n, "dropped n=%u", lost);
	if (line_end(&l))
		lost = 0;
}

/* The event that comes is the current thread's doing. */
static void note_runner(void)
{
	const struct thread *t = thread_current();
	u32 label = vmtrace_label_of ? vmtrace_label_of(t) : 0;

	if (describing || (t == runner && label == runner_label))
		return;
	runner = t;
	runner_label = label;
	vmtrace_emit_run(0, label, t, t->name ? t->name : "");
}

void vmtrace_describe(bool begin)
{
	describing = begin;
	runner = NULL;
}

void vmtrace_introduce(const void *obj)
{
	if (obj && vmtrace_introduce_object)
		vmtrace_introduce_object((struct memobj *)(uintptr_t)obj);
}

void vmtrace_event(u32 label, u32 at, const char *key, const char *text, const char *fmt, ...)
{
	struct line l;
	va_list args;

	note_runner();
	if (lost)
		report_loss();
	seq++;
	line_begin(&l, label);
	va_start(args, fmt);
	l.n += (u32)format_v(l.text + l.n, sizeof(l.text) - l.n, fmt, args);
	va_end(args);
	if (at && !describing)
		l.n += (u32)format(l.text + l.n, sizeof(l.text) - l.n, " at=0x%x", at);
	if (key)
		line_add_text(&l, key, text);
	if (lost || !line_end(&l)) {
		lost++;
		runner = NULL;
	}
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
