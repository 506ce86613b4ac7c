/*
 * Shutdown: frees the objects that programs have left behind, writes files back, and with check=always verifies that
 * every frame and slot has been freed. The last line, and the value that is passed to the host, are interfaces that
 * scripts rely on.
 */
#include "kernel/shutdown.h"

#include "drivers/block.h"
#include "kernel/base/panic.h"
#include "kernel/base/power.h"
#include "kernel/base/printk.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/tmpfs.h"
#include "kernel/ipc/sysv/sysv.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"
#include "kernel/trace.h"
#include "mm/commit.h"
#include "mm/memobj_file.h"
#include "mm/mm.h"
#include "mm/slot.h"
#include "mm/vmcheck.h"

#define VALUE_EXIT_MAX 125u
#define VALUE_SIGNAL 126u

void shutdown_with(u32 wait_status)
{
	u32 signal = WAIT_STATUS_SIGNAL_OF(wait_status), status = WAIT_STATUS_CODE_OF(wait_status);

	if (signal) {
		printk("shisho: init killed by signal %u\n", signal);
		power_off(VALUE_SIGNAL);
	}
	printk("shisho: init exited with status %u\n", status);
	power_off(MIN(status, VALUE_EXIT_MAX));
}

void shutdown_without_program(void)
{
	shutdown_with(WAIT_STATUS_EXIT(VALUE_EXIT_MAX));
}

/* Before the first program: I9 compares with them at the end. */
static u32 frames_at_start, tasks_at_start;

static void drop_caches(void)
{
	filesystem_drop_caches();
	memobj_file_drop_all();
	kmalloc_trim();
}

void shutdown_record_start(void)
{
	drop_caches();
	frames_at_start = frame_count(FRAME_FREE);
	tasks_at_start = task_count();
}

/* I9: when no program is left, every frame and every slot is free again. */
static void check_all_freed(void)
{
	u32 frames;

	drop_caches();
	vmcheck();
	frames = frame_count(FRAME_FREE) + trace_ring_frames();
	printk("check: %u frames free (%u before the first program), %u slots in use, pswpout %u, pswpin %u\n",
	       frames, frames_at_start, slot_used(), vmstat.pswpout, vmstat.pswpin);
	if (frames != frames_at_start || slot_used() || commit_promised())
		panic("I9: memory was lost");
}

void shutdown(u32 status)
{
	struct block_device *d;

	if (sysv_end)
		sysv_end();
	tmpfs_end();
	task_current()->thread.killed = false; /* its sleeps must not end early from here on */
	filesystem_sync();
	if (vmcheck_always && task_count() == tasks_at_start)
		check_all_freed();
	filesystem_end();
	trace_end();
	list_for_each(d, &block_devices, link)
		block_flush(d);
	shutdown_with(status);
}
