/*
 * /proc/sys: what can be set while the kernel runs. A new setting is one more line in a table.
 */
#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "kernel/base/string.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/pipe.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/pressure/load_control.h"
#include "kernel/pressure/swapper.h"
#include "mm/commit.h"
#include "mm/fault_around.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/memobj_file.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/region.h"
#include "mm/vmcheck.h"

static void sys_show_policy(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%s\n", policy_name());
}

static void sys_show_available_policies(struct text *t, struct task *task)
{
	(void)task;
	for (u32 i = 0; policy_table[i]; i++)
		text_add(t, "%s%s", i ? " " : "", policy_table[i]->name);
	text_add(t, "\n");
}

static int sys_store_policy(struct task *task, const char *text)
{
	(void)task;
	return policy_select(text) ? 0 : -EINVAL;
}

/* 1: the page cache, 2: inodes and slabs, 3: both, as on Linux. */
static int sys_store_drop_caches(struct task *task, const char *text)
{
	u32 what;

	(void)task;
	if (!string_to_u32(text, &what) || what < 1 || what > 3)
		return -EINVAL;
	if (what & 2)
		filesystem_drop_caches();
	if (what & 1)
		memobj_file_drop_all();
	if (what & 2)
		kmalloc_trim();
	return 0;
}

static void sys_show_check(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%s\n", vmcheck_always ? "always" : "off");
}

/* `always`: after every call and fault; `off`: not; anything else: once, now. */
static int sys_store_check(struct task *task, const char *text)
{
	(void)task;
	if (strcmp(text, "always") == 0 || strcmp(text, "off") == 0)
		vmcheck_always = text[0] == 'a';
	else
		vmcheck();
	return 0;
}

/* In the form in which it can be written. */
static void sys_show_fail(struct text *t, struct task *task)
{
	const char *space = "";

	(void)task;
	for (enum inject_point p = 0; p < INJECT_POINTS; p++) {
		if (!inject_every(p))
			continue;
		text_add(t, "%s%s:%u", space, inject_name(p), inject_every(p));
		space = " ";
	}
	text_add(t, *space ? "\n" : "off\n");
}

static int sys_store_fail(struct task *task, const char *text)
{
	(void)task;
	return inject_set(text) ? 0 : -EINVAL;
}

static void sys_show_trace(struct text *t, struct task *task)
{
	trace_setting_ops.show(t, task);
}

static int sys_store_trace(struct task *task, const char *text)
{
	return trace_setting_ops.store(task, text);
}

static bool sys_set_exact(u32 on)
{
	reclaim_set_exact(on);
	return true;
}

static bool sys_set_load_control(u32 on)
{
	load_control_enabled = on;
	swapper_wake();
	return true;
}

static u32 sys_get_min_free(void)
{
	return frame_reserve() * (PAGE_SIZE / 1024);
}

static bool sys_set_min_free(u32 kib)
{
	return frame_set_reserve(kib / (PAGE_SIZE / 1024));
}

/*
 * A change of overcommit_memory takes back no promise. panic_on_oom: the machine never stops for want of memory. The policies
 * treat pages of files and anonymous pages alike, which Linux calls a swappiness of 100.
 */
static const struct proc_entry sys_vm_entries[] = {
	{ .name = "available_policies", .show = sys_show_available_policies },
	{ .name = "check", .show = sys_show_check, .store = sys_store_check },
	{ .name = "drop_caches", .store = sys_store_drop_caches },
	{ .name = "evict", .number = PROC_NUMBER(reclaim_always, 1) },
	{ .name = "exact", .number = PROC_NUMBER(reclaim_exact, 1, .set = sys_set_exact) },
	{ .name = "fail", .show = sys_show_fail, .store = sys_store_fail },
	{ .name = "fault_around", .number = PROC_NUMBER(fault_around_enabled, 1) },
	{ .name = "load_control", .number = PROC_NUMBER(load_control_enabled, 1, .set = sys_set_load_control) },
	{ .name = "max_map_count", .number = PROC_NUMBER(regions_max, REGIONS_MAX) },
	{ .name = "min_free_kbytes",
	  .number = &(const struct proc_number){ .get = sys_get_min_free, .set = sys_set_min_free, .high = ~0u } },
	{ .name = "mmap_min_addr", .number = PROC_CONSTANT(USER_START) },
	{ .name = "overcommit_memory", .number = PROC_NUMBER(commit_mode, COMMIT_STRICT) },
	{ .name = "overcommit_ratio", .number = PROC_NUMBER(commit_ratio, INT32_MAX) },
	{ .name = "panic_on_oom", .number = PROC_CONSTANT(0) },
	{ .name = "policy", .show = sys_show_policy, .store = sys_store_policy },
	{ .name = "swappiness", .number = PROC_CONSTANT(100) },
	{ .name = "trace", .show = sys_show_trace, .store = sys_store_trace },
	{ 0 },
};

static const struct proc_entry sys_fs_entries[] = {
	{ .name = "pipe-max-size", .number = PROC_CONSTANT(PIPE_SIZE_MAX) },
	{ 0 },
};

const struct proc_entry proc_sys_entries[] = {
	{ .name = "fs", .children = sys_fs_entries },
	{ .name = "kernel", .children = compat_sys_kernel_entries },
	{ .name = "vm", .children = sys_vm_entries },
	{ 0 },
};
