/*
 * /proc/sysvipc and System V's files in /proc/sys/kernel: the message queues and segments, their limits, and the number that
 * the next one gets.
 *
 * Sources: proc(5), sysvipc(7).
 */
#include "kernel/fs/proc/proc.h"
#include "kernel/ipc/sysv/msg.h"
#include "kernel/ipc/sysv/shm.h"
#include "kernel/task/task.h"
#include "mm/addrspace.h"
#include "mm/anon.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/memobj_shm.h"

static void ipc_show_messages(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      "
		    "rtime      ctime\n");
	for (u32 i = 0; i < QUEUES; i++) {
		const struct queue *q = msg_queue_of(ipc_at(&msg_queues, i));

		if (q)
			text_add(t, "%10d %10d  %4o  %10u %10u %5u %5u %5u %5u %5u %5u %10u %10u %10u\n", q->object.key,
				 q->object.id,
				 q->object.mode, q->bytes, q->count, q->last_sender, q->last_receiver, q->object.uid,
				 q->object.gid, 0, 0,
				 q->sent, q->received, q->object.changed);
	}
}

static void ipc_show_segments(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "       key      shmid perms       size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      "
		    "ctime        rss       swap\n");
	for (u32 i = 0; i < SEGMENTS; i++) {
		const struct segment *s = shm_segment_of(ipc_at(&shm_segments, i));
		struct shm_pages pages;

		if (!s)
			continue;
		pages = shm_count_pages(s);
		text_add(t, "%10d %10d  %4o %10u %5u %5u  %5u %5u %5u %5u %5u %10u %10u %10u %10u %10u\n", s->object.key,
			 s->object.id, s->object.mode | (s->removed ? SHM_DEST : 0), s->bytes, s->maker, s->last,
			 shm_count_attaches(s->obj), s->object.uid, s->object.gid, 0, 0, s->attached,
				 s->detached, s->object.changed,
			 pages.resident << PAGE_SHIFT, pages.swapped << PAGE_SHIFT);
	}
}

const struct proc_entry compat_sysvipc_entries[] = {
	{ .name = "msg", .show = ipc_show_messages },
	{ .name = "shm", .show = ipc_show_segments },
	{ 0 },
};

/*
 * Queues and messages are kernel memory, and segments take some too, none of which can be evicted: the limits cannot
 * be raised. An object gets any identifier while its kind's next_id is -1. No module or warning can taint this kernel.
 */
const struct proc_entry compat_sys_kernel_entries[] = {
	{ .name = "core_pattern", .show = proc_core_pattern_show },
	{ .name = "hostname", .show = proc_hostname_show },
	{ .name = "msg_next_id", .number = PROC_NUMBER(msg_queues.next_id, INT32_MAX) },
	{ .name = "msgmax", .number = PROC_NUMBER(msg_max_bytes, MESSAGE_BYTES) },
	{ .name = "msgmnb", .number = PROC_NUMBER(msg_queue_bytes, QUEUE_BYTES) },
	{ .name = "msgmni", .number = PROC_NUMBER(msg_queues.limit, QUEUES) },
	{ .name = "osrelease", .show = proc_osrelease_show },
	{ .name = "ostype", .show = proc_ostype_show },
	{ .name = "pid_max", .number = PROC_CONSTANT(TASK_PID_MAX) },
	{ .name = "shm_next_id", .number = PROC_NUMBER(shm_segments.next_id, INT32_MAX) },
	{ .name = "shmall", .number = PROC_NUMBER(shm_set_pages, ~0u, .get = shm_all_max) },
	{ .name = "shmmax", .number = PROC_NUMBER(shm_max_bytes, ~0u) },
	{ .name = "shmmni", .number = PROC_NUMBER(shm_segments.limit, SEGMENTS) },
	{ .name = "tainted", .number = PROC_CONSTANT(0) },
	{ .name = "version", .show = proc_version_show },
	{ 0 },
};
