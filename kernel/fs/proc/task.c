/*
 * The files of /proc/PID that describe a task as a whole.
 *
 * Source: proc(5), with the fields of /proc/PID/stat by number.
 */
#include "kernel/base/clock.h"
#include "kernel/base/div64.h"
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/fs/tty/job.h"
#include "kernel/pressure/held.h"
#include "kernel/pressure/swapper.h"
#include "kernel/signal/queue.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/touched.h"

#define KIB_PER_PAGE (PAGE_SIZE / 1024)
#define TASK_TTY_DEVICE 1025 /* 4:1 in Linux's encoding of tty_nr */

static const struct task_state {
	char letter;
	const char *name;
} task_states[] = {
	{ 'R', "running" }, { 'S', "sleeping" }, { 'D', "disk sleep" }, { 'Z', "zombie" }, { 'W', "swapped out" },
	{ 'T', "stopped" },
};

static const struct task_state *task_state(const struct task *task)
{
	if (task->zombie)
		return &task_states[3];
	if (task->stopped)
		return &task_states[5];
	if (task->swap.state >= SWAP_OUT)
		return &task_states[4];
	if (task->thread.state != THREAD_SLEEPING)
		return &task_states[0];
	return &task_states[task->thread.sleep_interruptible || !task->as ? 1 : 2];
}

static u32 task_parent_pid(const struct task *task)
{
	return task->parent ? task->parent->pid : 0;
}

static u32 task_ticks(u64 ns)
{
	return div64(ns, NS_PER_TICK, NULL);
}

/* As in Linux's /proc/PID/stat: 0 to 39 by nice value, negative for real-time policies. */
static s32 task_priority(const struct schedule *s)
{
	return s->priority ? -1 - s->priority : NICE_MAX + 1 + s->nice;
}

static void task_stat(struct text *t, struct task *task)
{
	const struct addrspace *as = task->as;
	const struct signals *s = task->signals;
	struct proc_memory m;

	proc_memory(task, &m);
	/* 1 pid .. 9 flags */
	text_add(t, "%u (%s) %c %u %u %u %d %d %u ", task->pid, task->name, task_state(task)->letter,
		 task_parent_pid(task), task->pgid, task->sid, as ? TASK_TTY_DEVICE : 0,
		 as ? (int)tty_job_foreground() : -1, as ? 0u : 0x200000u);
	/* 10 minflt .. 13 cmajflt */
	text_add(t, "%u %u %u %u ", task->min_faults + (as ? as->minor_faults : 0), task->child_min_faults,
		 task->maj_faults + (as ? as->major_faults : 0), task->child_maj_faults);
	/* 14 utime .. 21 itrealvalue */
	text_add(t, "%u %u %u %u %d %d 1 0 ", task_ticks(thread_user_ns(&task->thread)),
		 task_ticks(thread_run_ns(&task->thread) - thread_user_ns(&task->thread)), task_ticks(task->child_user_ns),
		 task_ticks(task->child_ns - task->child_user_ns),
		 task_priority(&task->schedule), task->schedule.nice);
	/* 22 starttime, 23 vsize, 24 rss, 25 rsslim */
	text_add(t, "%u %u %u %u ", task_ticks(task->started_ns), m.size * PAGE_SIZE, m.anon + m.file + m.shm,
		 as && as->resident_limit ? as->resident_limit * PAGE_SIZE : ~0u);
	/* 26 startcode .. 30 kstkeip, 31 signal .. 34 sigcatch */
	text_add(t, "0 0 %u 0 0 %u %u %u %u ", as ? USER_STACK_TOP : 0, (u32)s->pending & 0x7FFFFFFF,
		 (u32)s->blocked & 0x7FFFFFFF, (u32)signal_ignored(s) & 0x7FFFFFFF,
		 (u32)signal_caught(s) & 0x7FFFFFFF);
	/* 35 wchan .. 44 cguest_time */
	text_add(t, "0 0 0 17 0 %u %u 0 0 0 ", task->schedule.priority, task->schedule.policy);
	/* 45 start_data .. 52 exit_code */
	text_add(t, "0 0 %u 0 0 0 0 %u\n", as ? as->heap_start : 0, task->zombie ? task->wait_status : 0);
}

static void task_status_kib(struct text *t, const char *name, u32 pages)
{
	text_add(t, "%s:\t%8u kB\n", name, pages * KIB_PER_PAGE);
}

/* VmKernel is not Linux's: all kernel memory that the task holds, page tables included. */
static void task_status_held(struct text *t, struct task *task)
{
	struct held h;

	held_by(task, &h);
	text_add(t, "VmPTE:\t%8u kB\nVmKernel:\t%8u kB\n", h.kib[HELD_TABLES], held_sum(&h, HELD_TABLES));
}

static void task_status_memory(struct text *t, struct task *task)
{
	struct proc_memory m;

	proc_memory(task, &m);
	task_status_kib(t, "VmSize", m.size);
	task_status_kib(t, "VmLck", m.wired);
	/* Private pages count as resident before they are mapped here, so the peak of the mapped ones may be less. */
	task_status_kib(t, "VmHWM", MAX(pagetable_peak(&task->as->pagetable), m.anon + m.file + m.shm));
	task_status_kib(t, "VmRSS", m.anon + m.file + m.shm);
	task_status_kib(t, "RssAnon", m.anon);
	task_status_kib(t, "RssFile", m.file);
	task_status_kib(t, "RssShmem", m.shm);
	task_status_kib(t, "VmData", m.data);
	task_status_kib(t, "VmStk", m.stack);
	task_status_kib(t, "VmExe", m.text);
	task_status_held(t, task);
	task_status_kib(t, "VmSwap", m.swapped);
}

static void task_status(struct text *t, struct task *task)
{
	const struct task_state *state = task_state(task);

	text_add(t, "Name:\t%s\nState:\t%c (%s)\n", task->name, state->letter, state->name);
	text_add(t, "Tgid:\t%u\nPid:\t%u\nPPid:\t%u\n", task->pid, task->pid, task_parent_pid(task));
	text_add(t, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
	if (task->as)
		task_status_memory(t, task);
	text_add(t, "Threads:\t1\n");
	text_add(t, "SigQ:\t%u/%u\n", signal_queue_length(), LIMIT_QUEUED_SIGNALS);
	text_add(t, "SigPnd:\t%016llx\n", (unsigned long long)task->signals->pending);
	text_add(t, "SigBlk:\t%016llx\n", (unsigned long long)task->signals->blocked);
	text_add(t, "SigIgn:\t%016llx\n", (unsigned long long)signal_ignored(task->signals));
	text_add(t, "SigCgt:\t%016llx\n", (unsigned long long)signal_caught(task->signals));
	text_add(t, "voluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t%u\n", task->thread.sleeps,
		 task->thread.yields);
}

static void task_statm(struct text *t, struct task *task)
{
	struct proc_memory m;

	proc_memory(task, &m);
	text_add(t, "%u %u %u %u 0 %u 0\n", m.size, m.anon + m.file + m.shm, m.file + m.shm, m.text,
		 m.data + m.stack);
}

static void task_cmdline(struct text *t, struct task *task)
{
	text_add_bytes(t, task->command, task->command_length);
}

static void task_procswap_figures(struct text *t, const char *name, const struct procswap_figures *f, u64 ns)
{
	text_add(t, "%s_pages %u\n%s_moved %u\n%s_runs %u\n%s_frames %u\n%s_us %u\n", name, f->pages, name, f->moved,
		 name, f->runs, name, f->frames, name, (u32)div64(ns, 1000, NULL));
}

static void task_procswap(struct text *t, struct task *task)
{
	static const char *const states[] = { "in", "leaving", "out", "entering" };

	text_add(t, "state %s\ntimes %u\n", states[task->swap.state], task->swap.times);
	task_procswap_figures(t, "out", &task->swap.out, task->swap.out_ns);
	task_procswap_figures(t, "in", &task->swap.in, task->swap.in_ns);
}

static int task_store_procswap(struct task *task, const char *text)
{
	if (strcmp(text, "out") == 0)
		return swapper_command(task, SWAP_STAY_OUT);
	if (strcmp(text, "in") == 0)
		return swapper_command(task, SWAP_COME_IN);
	return -EINVAL;
}

/* 1: accessed bits of all pages; 2: of anonymous ones; 3: of files'; 4: soft-dirty; 5: the peak. */
static int task_store_clear_refs(struct task *task, const char *text)
{
	static const u32 kinds[] = { 0, TOUCHED_ANON | TOUCHED_FILE, TOUCHED_ANON, TOUCHED_FILE, 0, 0 };
	u32 what;

	if (!string_to_u32(text, &what) || what < 1 || what >= ARRAY_LEN(kinds))
		return -EINVAL;
	if (!task->as)
		return 0;
	if (kinds[what])
		touched_clear_accessed(task->as, kinds[what]);
	if (what == 4)
		touched_clear_written(task->as);
	if (what == 5)
		task->as->pagetable.peak = pagetable_frames(&task->as->pagetable);
	return 0;
}

const struct proc_entry proc_task_entries[] = {
	{ .name = "task", .threads = true }, /* the first: it is in no thread's directory */
	{ .name = "auxv", .read = proc_auxv_read },
	{ .name = "clear_refs", .store = task_store_clear_refs },
	{ .name = "cmdline", .show = task_cmdline },
	{ .name = "comm", .show = proc_comm_show, .store = proc_comm_store },
	{ .name = "cwd", .held = proc_held_cwd },
	{ .name = "environ", .read = proc_environ_read },
	{ .name = "exe", .held = proc_held_program },
	{ .name = "fd", .descriptors = true },
	{ .name = "limits", .show = proc_limits_show },
	{ .name = "maps", .show = proc_maps_show, .parts = true },
	{ .name = "mounts", .show = proc_mounts_show },
	{ .name = "oom_score", .show = proc_oom_score_show },
	{ .name = "oom_score_adj", .show = proc_oom_adjust_show, .store = proc_oom_adjust_store },
	{ .name = "pagemap", .read = proc_pagemap_read },
	{ .name = "procswap", .show = task_procswap, .store = task_store_procswap },
	{ .name = "root", .held = proc_held_root },
	{ .name = "smaps", .show = proc_smaps_show, .parts = true },
	{ .name = "smaps_rollup", .show = proc_smaps_rollup_show },
	{ .name = "stat", .show = task_stat },
	{ .name = "statm", .show = task_statm },
	{ .name = "status", .show = task_status },
	{ 0 },
};
