/*
 * /proc/sys: what can be set while the kernel runs. A new knob is one more line in a table.
 */
#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2.h"
#include "kernel/fs/pipe_ring.h"
#include "kernel/fs/proc.h"
#include "kernel/load_control.h"
#include "kernel/swapper.h"
#include "mm/commit.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
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
		ext2_drop_caches();
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

static int sys_store_fail(struct task *task, const char *text)
{
	(void)task;
	return inject_set(text) ? 0 : -EINVAL;
}

static void sys_show_evict(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", reclaim_always);
}

/* 0 or 1. */
static int sys_switch(const char *text, bool *value)
{
	u32 on;

	if (!string_to_u32(text, &on) || on > 1)
		return -EINVAL;
	*value = on;
	return 0;
}

static int sys_store_evict(struct task *task, const char *text)
{
	(void)task;
	return sys_switch(text, &reclaim_always);
}

static void sys_show_load_control(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", load_control_enabled);
}

static int sys_store_load_control(struct task *task, const char *text)
{
	int error = sys_switch(text, &load_control_enabled);

	(void)task;
	swapper_wake();
	return error;
}

static void sys_show_max_map_count(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", regions_max);
}

/* Bounded, since regions are kernel memory, which is never paged out. */
static int sys_store_max_map_count(struct task *task, const char *text)
{
	u32 n;

	(void)task;
	if (!string_to_u32(text, &n) || n > REGIONS_MOST)
		return -EINVAL;
	regions_max = n;
	return 0;
}

/* 0, 1 or 2 as on Linux; changing it takes no promise back. */
static void sys_show_overcommit(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", (u32)commit_mode);
}

static int sys_store_overcommit(struct task *task, const char *text)
{
	u32 mode;

	(void)task;
	if (!string_to_u32(text, &mode) || mode > COMMIT_STRICT)
		return -EINVAL;
	commit_mode = mode;
	return 0;
}

static void sys_show_overcommit_ratio(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", commit_ratio);
}

static int sys_store_overcommit_ratio(struct task *task, const char *text)
{
	u32 percent;

	(void)task;
	if (!string_to_u32(text, &percent) || percent > INT32_MAX)
		return -EINVAL;
	commit_ratio = percent;
	return 0;
}

static void sys_show_min_free(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", frame_reserve() * (PAGE_SIZE / 1024));
}

static int sys_store_min_free(struct task *task, const char *text)
{
	u32 kib;

	(void)task;
	return string_to_u32(text, &kib) && frame_set_reserve(kib / (PAGE_SIZE / 1024)) ? 0 : -EINVAL;
}

static void sys_show_min_address(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", USER_START);
}

/* Out of memory is no reason to stop the machine. */
static void sys_show_panic_on_oom(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "0\n");
}

/* The policies treat pages of files and anonymous pages alike, which Linux calls a swappiness of 100. */
static void sys_show_swappiness(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "100\n");
}

static const struct proc_entry sys_vm_entries[] = {
	{ .name = "check", .show = sys_show_check, .store = sys_store_check },
	{ .name = "drop_caches", .store = sys_store_drop_caches },
	{ .name = "evict", .show = sys_show_evict, .store = sys_store_evict },
	{ .name = "fail", .store = sys_store_fail },
	{ .name = "load_control", .show = sys_show_load_control, .store = sys_store_load_control },
	{ .name = "max_map_count", .show = sys_show_max_map_count, .store = sys_store_max_map_count },
	{ .name = "min_free_kbytes", .show = sys_show_min_free, .store = sys_store_min_free },
	{ .name = "mmap_min_addr", .show = sys_show_min_address },
	{ .name = "overcommit_memory", .show = sys_show_overcommit, .store = sys_store_overcommit },
	{ .name = "overcommit_ratio", .show = sys_show_overcommit_ratio, .store = sys_store_overcommit_ratio },
	{ .name = "panic_on_oom", .show = sys_show_panic_on_oom },
	{ .name = "policy", .show = sys_show_policy, .store = sys_store_policy },
	{ .name = "swappiness", .show = sys_show_swappiness },
	{ 0 },
};

static void sys_show_pipe_max(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", PIPE_RING_MAX);
}

static const struct proc_entry sys_fs_entries[] = {
	{ .name = "pipe-max-size", .show = sys_show_pipe_max },
	{ 0 },
};

const struct proc_entry proc_sys_entries[] = {
	{ .name = "fs", .children = sys_fs_entries },
	{ .name = "kernel", .children = compat_sys_kernel_entries },
	{ .name = "vm", .children = sys_vm_entries },
	{ 0 },
};
