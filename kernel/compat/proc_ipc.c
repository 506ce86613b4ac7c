/*
 * /proc/sysvipc and /proc/sys/kernel: the message queues and segments that there are, and how many and how large they may be.
 *
 * Sources: proc(5), sysvipc(7).
 */
#include "kernel/compat/shm.h"
#include "kernel/fs/proc.h"
#include "kernel/msg_queue.h"
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
		const struct queue *q = msg_queues[i];

		if (q)
			text_add(t, "%10d %10d  %4o  %10u %10u %5u %5u %5u %5u %5u %5u %10u %10u %10u\n", q->perm.key, q->perm.id,
				 q->perm.mode, q->bytes, q->count, q->last_sender, q->last_receiver, q->perm.uid, q->perm.gid, 0, 0,
				 q->sent, q->received, q->changed);
	}
}

static void ipc_show_segments(struct text *t, struct task *task)
{
	const struct segment *s;

	(void)task;
	text_add(t, "       key      shmid perms       size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      "
		    "ctime        rss       swap\n");
	list_for_each(s, &shm_segments, link) {
		struct shm_pages pages = shm_count_pages(s);

		text_add(t, "%10d %10d  %4o %10u %5u %5u  %5u %5u %5u %5u %5u %10u %10u %10u %10u %10u\n", s->perm.key,
			 s->perm.id, s->perm.mode | (s->removed ? SHM_DEST : 0), s->bytes, s->maker, s->last,
			 shm_count_attaches(s->obj), s->perm.uid, s->perm.gid, 0, 0, s->attached, s->detached, s->changed,
			 pages.resident << PAGE_SHIFT, pages.swapped << PAGE_SHIFT);
	}
}

static void ipc_show_msgmax(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", MESSAGE_BYTES);
}

static void ipc_show_msgmnb(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", QUEUE_BYTES);
}

static void ipc_show_msgmni(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", QUEUES);
}

static void ipc_show_shmall(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", memobj_shm_most());
}

static void ipc_show_shmmax(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", shm_bytes_max());
}

static void ipc_show_shmmni(struct text *t, struct task *task)
{
	(void)task;
	text_add(t, "%u\n", SEGMENTS);
}

const struct proc_entry compat_sysvipc_entries[] = {
	{ .name = "msg", .show = ipc_show_messages },
	{ .name = "shm", .show = ipc_show_segments },
	{ 0 },
};

const struct proc_entry compat_sys_kernel_entries[] = {
	{ .name = "hostname", .show = proc_hostname_show },
	{ .name = "msgmax", .show = ipc_show_msgmax },
	{ .name = "msgmnb", .show = ipc_show_msgmnb },
	{ .name = "msgmni", .show = ipc_show_msgmni },
	{ .name = "osrelease", .show = proc_osrelease_show },
	{ .name = "ostype", .show = proc_ostype_show },
	{ .name = "pid_max", .show = proc_pid_max_show },
	{ .name = "shmall", .show = ipc_show_shmall },
	{ .name = "shmmax", .show = ipc_show_shmmax },
	{ .name = "shmmni", .show = ipc_show_shmmni },
	{ .name = "tainted", .show = proc_tainted_show },
	{ .name = "version", .show = proc_version_show },
	{ 0 },
};
