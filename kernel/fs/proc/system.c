/*
 * The files of /proc that describe the whole machine. Lines that Linux does not have come last.
 *
 * Source: proc(5).
 */
#include "drivers/ide.h"
#include "drivers/virtio/disk.h"
#include "kernel/base/clock.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/div64.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/kstack.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/ipc/futex.h"
#include "kernel/task/task.h"
#include "mm/anon.h"
#include "mm/backing.h"
#include "mm/commit.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/memobj.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmtrace.h"

#define KIB_PER_FRAME (PAGE_SIZE / 1024)

/* Frames by use, beyond their states. */
struct usage {
	u32 mapped; /* file pages that a task maps */
	u32 shm;    /* pages of shared memory objects */
};

static struct usage system_usage(void)
{
	struct usage u = { 0 };
	struct memobj *obj;

	for (u32 i = 0; i < frame_total(); i++) {
		const struct frame *f = frame_at(i);

		if (f->state == FRAME_FILE && f->maps)
			u.mapped++;
	}
	list_for_each(obj, &memobj_all, all) {
		const struct anon *a;

		for (u32 index = 0; obj->ops->anonymous && (a = pagemap_next(&obj->pages, &index, ~0u)); index++)
			if (a->frame)
				u.shm++;
	}
	return u;
}

static void system_kib(struct text *t, const char *name, u32 frames)
{
	u32 start = t->length;

	text_add(t, "%s:", name);
	text_pad(t, start, 16);
	text_add(t, "%8u kB\n", frames * KIB_PER_FRAME);
}

static void system_meminfo(struct text *t, struct task *task)
{
	struct usage u = system_usage();
	u32 files = frame_count(FRAME_FILE), metadata = MIN(filesystem_usage(NULL).metadata, files);

	(void)task;
	system_kib(t, "MemTotal", frame_total() - frame_count(FRAME_RESERVED));
	system_kib(t, "MemFree", frame_count(FRAME_FREE));
	system_kib(t, "MemAvailable", frame_count(FRAME_FREE) + files);
	system_kib(t, "Buffers", metadata);
	system_kib(t, "Cached", files - metadata + u.shm);
	system_kib(t, "SwapTotal", slot_total());
	system_kib(t, "SwapFree", slot_total() - slot_used());
	system_kib(t, "AnonPages", frame_count(FRAME_ANON) - MIN(u.shm, frame_count(FRAME_ANON)));
	system_kib(t, "Mapped", u.mapped);
	system_kib(t, "Shmem", u.shm);
	system_kib(t, "Slab", kmalloc_frames());
	system_kib(t, "KernelStack", kstack_frames());
	system_kib(t, "PageTables", frame_count(FRAME_TABLE));
	system_kib(t, "CommitLimit", commit_limit());
	system_kib(t, "Committed_AS", commit_promised());
	text_add(t, "FramesTotal:    %8u\n", frame_total());
	text_add(t, "FramesFree:     %8u\n", frame_count(FRAME_FREE));
	text_add(t, "FramesPageable: %8u\n", policy_pageable());
}

static void system_buddyinfo(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "Node 0, zone %8s ", "Normal");
	for (u32 order = 0; order <= FRAME_MAX_ORDER; order++)
		text_add(t, "%6u ", frame_blocks(order));
	text_add(t, "\n");
}

static void system_vmstat(struct text *t, struct task *task)
{
	struct filesystem_usage u = filesystem_usage(NULL);

	(void)task;
	text_add(t, "nr_free_pages %u\n", frame_count(FRAME_FREE));
	text_add(t, "nr_anon_pages %u\n", frame_count(FRAME_ANON));
	text_add(t, "nr_file_pages %u\n", frame_count(FRAME_FILE));
	text_add(t, "nr_page_table_pages %u\n", frame_count(FRAME_TABLE));
#define X(name) text_add(t, #name " %u\n", vmstat.name);
	VMSTAT_COUNTERS(X)
#undef X
	text_add(t, "syscalls %u\nswitches %u\n", syscall_count, (u32)thread_switches());
	text_add(t, "space_switches %u\n", thread_directory_loads());
	text_add(t, "futex_sleeps %u\nfutex_wakes %u\n", futex_sleeps, futex_wakes);
	text_add(t, "dir_pages_searched %u\n", u.dir_pages_searched);
	text_add(t, "dir_slots_searched %u\n", u.dir_slots_searched);
	text_add(t, "kmalloc_bytes %u\n", kmalloc_bytes_used());
	text_add(t, "ide_dma_commands %llu\n", (unsigned long long)ide_stats.dma_commands);
	text_add(t, "ide_pio_commands %llu\n", (unsigned long long)ide_stats.pio_commands);
	if (&virtio_disk_stats) {
		text_add(t, "virtio_commands %llu\n", (unsigned long long)virtio_disk_stats.commands);
		text_add(t, "virtio_notifications %llu\n", (unsigned long long)virtio_disk_stats.notifications);
	}
}

static void system_swaps(struct text *t, struct task *task)
{
	u32 start;

	(void)task;
	text_add(t, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	if (!slot_enabled())
		return;
	start = t->length;
	text_add(t, "/dev/%s", slot_backing()->name);
	text_pad(t, start, 40);
	text_add(t, "partition\t%u\t\t%u\t\t-2\n", slot_total() * KIB_PER_FRAME, slot_used() * KIB_PER_FRAME);
}

#define SYSTEM_PLACE_MAX 32 /* "/dev/shm" is the longest */

/* Nothing is mounted while programs run, and every task sees the same. */
void proc_mounts_show(struct text *t, struct task *task)
{
	const struct filesystem *fs;
	char place[SYSTEM_PLACE_MAX];

	(void)task;
	list_for_each(fs, &filesystems, link) {
		inode_path(fs->root, place, sizeof(place));
		text_add(t, "%s%s %s %s %s 0 0\n", fs->disk ? "/dev/" : "", fs->disk ? fs->disk : fs->name, place, fs->name,
			 fs->read_only ? "ro" : "rw");
	}
}

static int system_mounts(const struct task *task, const char *name, char *buf, u32 size)
{
	(void)task, (void)name;
	return MIN((u32)format(buf, size, "self/mounts"), size - 1);
}

/* Processor time since boot in ticks: in user mode, in the kernel, idle. */
struct processor_ticks {
	u32 user, system, idle;
};

/* A task that ended without being waited for is forgotten; its time then counts as the kernel's. */
static struct processor_ticks system_ticks(void)
{
	u64 user = 0, idle = thread_idle_ns(), all = clock_ns();
	struct task *t;

	list_for_each(t, &task_all, all)
		user += thread_user_ns(&t->thread) + t->child_user_ns;
	return (struct processor_ticks){
		.user = div64(user, NS_PER_TICK, NULL),
		.system = div64(all - MIN(all, user + idle), NS_PER_TICK, NULL),
		.idle = div64(idle, NS_PER_TICK, NULL),
	};
}

static void system_stat(struct text *t, struct task *task)
{
	struct processor_ticks ticks = system_ticks();
	u32 running = 0, blocked = 0, last = 0;
	struct task *each;

	(void)task;
	list_for_each(each, &task_all, all) {
		running += each->thread.state == THREAD_READY || each->thread.state == THREAD_RUNNING;
		blocked += each->as && each->thread.state == THREAD_SLEEPING && !each->thread.sleep_interruptible;
		last = MAX(last, each->pid);
	}
	text_add(t, "cpu  %u 0 %u %u 0 0 0 0 0 0\n", ticks.user, ticks.system, ticks.idle);
	text_add(t, "cpu0 %u 0 %u %u 0 0 0 0 0 0\n", ticks.user, ticks.system, ticks.idle);
	text_add(t, "intr 0\nctxt %llu\nbtime %u\nprocesses %u\n", (unsigned long long)thread_switches(),
		 clock_seconds() - (u32)div64(clock_ns(), NS_PER_SEC, NULL), last);
	text_add(t, "procs_running %u\nprocs_blocked %u\n", running, blocked);
}

static void system_uptime(struct text *t, struct task *task)
{
	u32 hundredths = div64(clock_ns(), NS_PER_TICK, NULL), idle = system_ticks().idle;

	(void)task;
	text_add(t, "%u.%02u %u.%02u\n", hundredths / 100, hundredths % 100, idle / 100, idle % 100);
}

static void system_loadavg(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "0.00 0.00 0.00 1/%u %u\n", task_count(), task_current()->pid);
}

static void system_version(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "Shisho (i386) compiled by " __VERSION__ "\n");
}

static void system_cmdline(struct text *t, struct task *task)
{
	(void)task;
	text_add_bytes(t, cmdline_text(), strlen(cmdline_text()));
	text_add_bytes(t, "\n", 1);
}

static int system_self(const struct task *task, const char *name, char *buf, u32 size)
{
	(void)task, (void)name;
	return MIN((u32)format(buf, size, "%u", task_current()->pid), size - 1);
}

static int system_thread_self(const struct task *task, const char *name, char *buf, u32 size)
{
	u32 pid = task_current()->pid;

	(void)task, (void)name;
	return MIN((u32)format(buf, size, "%u/task/%u", pid, pid), size - 1);
}

const struct proc_entry proc_system_entries[] = {
	{ .name = "buddyinfo", .show = system_buddyinfo },
	{ .name = "cmdline", .show = system_cmdline },
	{ .name = "cpuinfo", .show = proc_cpuinfo_show },
	{ .name = "filesystems", .show = proc_filesystems_show },
	{ .name = "kpagecount", .read = proc_kpagecount_read },
	{ .name = "kpageflags", .read = proc_kpageflags_read },
	{ .name = "loadavg", .show = system_loadavg },
	{ .name = "meminfo", .show = system_meminfo },
	{ .name = "mounts", .link = system_mounts },
	{ .name = "self", .link = system_self },
	{ .name = "stat", .show = system_stat },
	{ .name = "swaps", .show = system_swaps },
	{ .name = "sys", .children = proc_sys_entries },
	{ .name = "sysvipc", .children = compat_sysvipc_entries },
	{ .name = "thread-self", .link = system_thread_self },
	{ .name = "uptime", .show = system_uptime },
	{ .name = "version", .show = system_version },
	{ .name = "vmstat", .show = system_vmstat },
	{ 0 },
};
