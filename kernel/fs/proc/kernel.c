/*
 * Files of /proc that describe the system: the processor, names and limits of the kernel.
 *
 * Source: proc(5).
 */
#include "kernel/fs/proc/proc.h"
#include "kernel/lifecycle/uname.h"
#include "kernel/task/limit.h"
#include "kernel/task/task.h"

/* Names of the bits of CPUID's feature words: [SDM2] "CPUID". */
static const struct feature {
	u8 bit;
	const char *name;
} kernel_features[] = {
	{ 0, "fpu" }, { 3, "pse" }, { 4, "tsc" }, { 5, "msr" }, { 6, "pae" }, { 8, "cx8" }, { 9, "apic" }, { 11, "sep" },
	{ 13, "pge" }, { 15, "cmov" }, { 19, "clflush" }, { 23, "mmx" }, { 24, "fxsr" }, { 25, "sse" }, { 26, "sse2" },
};

static void kernel_cpuid(u32 leaf, u32 words[4])
{
	__asm__ volatile("cpuid" : "=a"(words[0]), "=b"(words[1]), "=c"(words[2]), "=d"(words[3]) : "a"(leaf), "c"(0));
}

void proc_cpuinfo_show(struct text *t, struct task *task)
{
	u32 vendor[4], version[4], family;

	(void)task;
	kernel_cpuid(0, vendor);
	kernel_cpuid(1, version);
	family = version[0] >> 8 & 0xF;
	text_add(t, "processor\t: 0\nvendor_id\t: ");
	text_add_bytes(t, (const char *)&vendor[1], 4);
	text_add_bytes(t, (const char *)&vendor[3], 4);
	text_add_bytes(t, (const char *)&vendor[2], 4);
	text_add(t, "\ncpu family\t: %u\nmodel\t\t: %u\nstepping\t: %u\n", family,
		 (version[0] >> 4 & 0xF) | (family == 6 || family == 15 ? version[0] >> 12 & 0xF0 : 0), version[0] & 0xF);
	text_add(t, "flags\t\t:");
	for (u32 i = 0; i < ARRAY_LEN(kernel_features); i++)
		if (version[3] >> kernel_features[i].bit & 1)
			text_add(t, " %s", kernel_features[i].name);
	text_add(t, "\n\n");
}

void proc_filesystems_show(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\n\text2\n");
}

/* Names and units of a task's limits, in the order of their numbers. */
void proc_limits_show(struct text *t, struct task *task)
{
	static const struct {
		const char *name, *unit;
	} kinds[LIMITS] = {
		{ "Max cpu time", "seconds" }, { "Max file size", "bytes" }, { "Max data size", "bytes" },
		{ "Max stack size", "bytes" }, { "Max core file size", "bytes" }, { "Max resident set", "bytes" },
		{ "Max processes", "processes" }, { "Max open files", "files" }, { "Max locked memory", "bytes" },
		{ "Max address space", "bytes" }, { "Max file locks", "locks" }, { "Max pending signals", "signals" },
		{ "Max msgqueue size", "bytes" }, { "Max nice priority", "" }, { "Max realtime priority", "" },
		{ "Max realtime timeout", "us" },
	};

	text_add(t, "Limit                     Soft Limit           Hard Limit           Units     \n");
	for (u32 i = 0; i < LIMITS && task->as; i++) {
		struct limit l = limit_of(task, i);
		const u32 values[2] = { l.soft, l.hard };
		u32 start = t->length;

		text_add(t, "%s", kinds[i].name);
		for (u32 k = 0; k < 2; k++) {
			text_pad(t, start, 26 + 21 * k);
			if (values[k] == LIMIT_NONE)
				text_add(t, "unlimited");
			else
				text_add(t, "%u", values[k]);
		}
		text_pad(t, start, 68);
		text_add(t, "%s\n", kinds[i].unit);
	}
}

/* --- /proc/sys/kernel ----------------------------------------------------------------------------------------------- */

static void kernel_word(struct text *t, u32 which)
{
	text_add(t, "%s\n", uname_words[which]);
}

void proc_ostype_show(struct text *t, struct task *task) { (void)task, kernel_word(t, UNAME_SYSTEM); }
void proc_hostname_show(struct text *t, struct task *task) { (void)task, kernel_word(t, UNAME_HOST); }
void proc_osrelease_show(struct text *t, struct task *task) { (void)task, kernel_word(t, UNAME_RELEASE); }
void proc_version_show(struct text *t, struct task *task) { (void)task, kernel_word(t, UNAME_VERSION); }

/* Empty: no core files are written (core(5)). */
void proc_core_pattern_show(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "\n");
}
