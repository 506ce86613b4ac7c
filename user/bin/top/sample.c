/*
 * sample.c - reads /proc. Each file is read with few calls into memory that exists already, so that the monitor changes
 * little of what it shows.
 *
 * Memory is counted in pages of 4 KiB everywhere: frames, slots and pages can then be compared with each other.
 */
#include "sample.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KIB_PER_PAGE = 4, MS_PER_TICK = 10, VMSTAT = 4096 };

struct sample sample;
struct term terms[TERMS];
int term_count;
unsigned long history[HISTORY];
int history_count;

static struct task before[TASKS];
static int before_count;

unsigned long sample_field(const char *text, const char *key)
{
	size_t n = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
		if (strncmp(line, key, n) == 0 && line[n] && strchr(": \t", line[n]))
			return strtoul(line + n + 1, NULL, 10);
	return 0;
}

static unsigned long long clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

/* => N events in the last interval as a number per second, rounded */
static unsigned long per_second(unsigned long n)
{
	return sample.interval ? (n * 1000ull + sample.interval / 2) / sample.interval : 0;
}

static void read_counters(const char *vmstat)
{
	static const char *const names[] = {
#define X(name) #name,
		SAMPLE_COUNTERS(X)
#undef X
	};
	unsigned long *now = (unsigned long *)&sample.now, *rate = (unsigned long *)&sample.rate;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		unsigned long value = sample_field(vmstat, names[i]);

		rate[i] = per_second(value - now[i]);
		now[i] = value;
	}
}

static void read_frames(const char *vmstat, const char *meminfo)
{
	struct frames *f = &sample.frames;
	unsigned long usable = sample_field(meminfo, "MemTotal") / KIB_PER_PAGE;

	f->total = sample_field(meminfo, "FramesTotal");
	f->total = f->total ? f->total : usable;
	f->reserved = f->total - usable;
	f->free = sample_field(vmstat, "nr_free_pages");
	f->anon = sample_field(vmstat, "nr_anon_pages");
	f->file = sample_field(vmstat, "nr_file_pages");
	f->tables = sample_field(vmstat, "nr_page_table_pages");
	f->kernel = usable - f->free - f->anon - f->file - f->tables;
	sample.slots = sample_field(meminfo, "SwapTotal") / KIB_PER_PAGE;
	sample.slots_used = sample.slots - sample_field(meminfo, "SwapFree") / KIB_PER_PAGE;
}

/* A change of policy, here or by another program, begins a new term; the oldest is forgotten. */
static void note_policy(const struct counters *old)
{
	const unsigned long *was = (const unsigned long *)old, *now = (const unsigned long *)&sample.now;
	struct term *t = &terms[term_count - 1];

	if (term_count && sample.interval) {
		t->ms += sample.interval;
		for (size_t i = 0; i < sizeof(*old) / sizeof(*was); i++)
			((unsigned long *)&t->counted)[i] += now[i] - was[i];
	}
	if (term_count && strcmp(t->policy, sample.policy) == 0)
		return;
	if (term_count == TERMS)
		memmove(terms, terms + 1, --term_count * sizeof(terms[0]));
	t = &terms[term_count++];
	memset(t, 0, sizeof(*t));
	strcpy(t->policy, sample.policy);
}

static void note_history(void)
{
	if (history_count == HISTORY)
		memmove(history, history + 1, --history_count * sizeof(history[0]));
	history[history_count++] = sample.rate.pgmajfault;
}

static void read_system(void)
{
	static char vmstat[VMSTAT], meminfo[VMSTAT / 2];
	struct counters old = sample.now;

	if (proc_text("/proc/sys/vm/policy", sample.policy, sizeof(sample.policy)) < 0)
		strcpy(sample.policy, "-");
	sample.policy[strcspn(sample.policy, "\n")] = '\0';
	proc_text("/proc/meminfo", meminfo, sizeof(meminfo));
	proc_text("/proc/vmstat", vmstat, sizeof(vmstat));
	read_counters(vmstat);
	read_frames(vmstat, meminfo);
	note_policy(&old);
	if (sample.interval)
		note_history();
}

/* Fields of /proc/PID/stat by their numbers in proc(5), from the third on, the state. */
static bool parse_stat(struct task *t, char *text)
{
	char *name = strchr(text, '('), *p = strrchr(text, ')');

	if (!name || !p || p[1] != ' ')
		return false;
	*p++ = '\0';
	strncpy(t->name, name + 1, NAME - 1);
	t->state = p[1];
	p += 2;
	for (int field = 4; field <= 24; field++) {
		unsigned long n = strtoul(p, &p, 10);

		if (field == 10)
			t->minor = n;
		else if (field == 12)
			t->major = n;
		else if (field == 14 || field == 15)
			t->ticks += n;
		else if (field == 24)
			t->resident = n;
	}
	return true;
}

/* => false: it has just ended */
static bool read_task(struct task *t, const char *pid)
{
	char path[32], text[2048];

	memset(t, 0, sizeof(*t));
	t->pid = atoi(pid);
	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	if (proc_text(path, text, sizeof(text)) <= 0 || !parse_stat(t, text))
		return false;
	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	if (proc_text(path, text, sizeof(text)) <= 0)
		return false;
	t->swapped = sample_field(text, "VmSwap") / KIB_PER_PAGE;
	t->tables = sample_field(text, "VmPTE") / KIB_PER_PAGE;
	return true;
}

static int by_number(const void *a, const void *b)
{
	return ((const struct task *)a)->pid - ((const struct task *)b)->pid;
}

static const struct task *find(const struct task *in, int count, int pid)
{
	for (int i = 0; i < count; i++)
		if (in[i].pid == pid)
			return &in[i];
	return NULL;
}

struct task *sample_task(int pid)
{
	return (struct task *)find(sample.task, sample.tasks, pid);
}

static void rate_task(struct task *t)
{
	const struct task *old = find(before, before_count, t->pid);

	if (!old)
		return;
	t->minor_rate = per_second(t->minor - old->minor);
	t->major_rate = per_second(t->major - old->major);
	t->cpu = per_second((t->ticks - old->ticks) * MS_PER_TICK);
}

static void read_tasks(void)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	memcpy(before, sample.task, sample.tasks * sizeof(before[0]));
	before_count = sample.tasks;
	sample.tasks = sample.out = 0;
	while (dir && sample.tasks < TASKS && (entry = readdir(dir)) != NULL) {
		struct task *t = &sample.task[sample.tasks];

		if (!isdigit(entry->d_name[0]) || !read_task(t, entry->d_name))
			continue;
		rate_task(t);
		sample.tasks++;
		sample.out += t->state == 'W';
	}
	if (dir)
		closedir(dir);
	qsort(sample.task, sample.tasks, sizeof(sample.task[0]), by_number);
}

void sample_take(void)
{
	unsigned long long now = clock_ms();

	sample.interval = sample.ms ? now - sample.ms : 0;
	sample.ms = now;
	read_system();
	read_tasks();
}

bool sample_next_policy(void)
{
	char text[128], *next, *end;
	size_t length = strlen(sample.policy);

	if (proc_text("/proc/sys/vm/available_policies", text, sizeof(text)) <= 0)
		return false;
	for (next = text; next; next = *end ? end + 1 : NULL) {
		end = next + strcspn(next, " \n");
		if ((size_t)(end - next) == length && strncmp(next, sample.policy, length) == 0)
			break;
	}
	/* After the last one comes the first again. */
	next = next && *end == ' ' ? end + 1 : text;
	next[strcspn(next, " \n")] = '\0';
	return proc_write("/proc/sys/vm/policy", next);
}
