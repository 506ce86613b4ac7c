/*
 * /proc/sysvipc and System V's files in /proc/sys/kernel: the message queues and segments, their limits, and the number that
 * the next one gets.
 *
 * Sources: proc(5), sysvipc(7).
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
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

/* Parses a number, MOST at most. */
static int ipc_set(const char *text, u32 most, u32 *value)
{
	u32 n;

	if (!string_to_u32(text, &n) || n > most)
		return -EINVAL;
	*value = n;
	return 0;
}

static int ipc_set_next_id(const char *text, s32 *next)
{
	u32 id;
	int error = ipc_set(text, INT32_MAX, &id);

	if (!error)
		*next = id;
	return error;
}

/* Defines the file NAME, which shows SHOWN and sets VARIABLE, to MOST at most. */
#define LIMIT(name, shown, variable, most)                                      \
	static void ipc_show_##name(struct text *t, struct task *task)          \
	{                                                                       \
		(void)task;                                                     \
		text_add(t, "%u\n", shown);                                     \
	}                                                                       \
	static int ipc_store_##name(struct task *task, const char *text)        \
	{                                                                       \
		(void)task;                                                     \
		return ipc_set(text, most, &(variable));                        \
	}

/* The number that the next object gets; negative: any. */
#define NEXT_ID(name)                                                           \
	static void ipc_show_##name(struct text *t, struct task *task)          \
	{                                                                       \
		(void)task;                                                     \
		text_add(t, "%d\n", name);                                      \
	}                                                                       \
	static int ipc_store_##name(struct task *task, const char *text)        \
	{                                                                       \
		(void)task;                                                     \
		return ipc_set_next_id(text, &(name));                          \
	}

/* Queues and messages are kernel memory, and segments take some too, none of which can be evicted: the limits cannot be raised. */
LIMIT(msgmax, msg_set_bytes, msg_set_bytes, MESSAGE_BYTES)
LIMIT(msgmnb, msg_set_queue_bytes, msg_set_queue_bytes, QUEUE_BYTES)
LIMIT(msgmni, msg_set_queues, msg_set_queues, QUEUES)
LIMIT(shmall, shm_all_max(), shm_set_pages, ~0u)
LIMIT(shmmax, shm_set_bytes, shm_set_bytes, ~0u)
LIMIT(shmmni, shm_set_segments, shm_set_segments, SEGMENTS)
NEXT_ID(msg_next_id)
NEXT_ID(shm_next_id)

#define ENTRY(file) { .name = #file, .show = ipc_show_##file, .store = ipc_store_##file }

const struct proc_entry compat_sysvipc_entries[] = {
	{ .name = "msg", .show = ipc_show_messages },
	{ .name = "shm", .show = ipc_show_segments },
	{ 0 },
};

const struct proc_entry compat_sys_kernel_entries[] = {
	{ .name = "core_pattern", .show = proc_core_pattern_show },
	{ .name = "hostname", .show = proc_hostname_show },
	{ .name = "osrelease", .show = proc_osrelease_show },
	{ .name = "ostype", .show = proc_ostype_show },
	{ .name = "pid_max", .show = proc_pid_max_show },
	{ .name = "tainted", .show = proc_tainted_show },
	{ .name = "version", .show = proc_version_show },
	ENTRY(msg_next_id), ENTRY(msgmax), ENTRY(msgmnb), ENTRY(msgmni),
	ENTRY(shm_next_id), ENTRY(shmall), ENTRY(shmmax), ENTRY(shmmni),
	{ 0 },
};
