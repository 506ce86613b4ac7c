/*
 * msgctl: status and limits, IPC_SET, removal.
 *
 * Source: msgctl(2).
 */
#include "kernel/base/clock.h"
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/sysv/msg_queue.h"
#include "mm/usercopy.h"

enum { MSG_STAT = 11, MSG_INFO = 12, MSG_STAT_ANY = 13 };

/* Linux's struct msqid64_ds for i386. */
struct msg_status {
	struct ipc_perm_user perm;
	u32 sent, sent_high, received, received_high, changed, changed_high;
	u32 bytes, count, most_bytes, last_sender, last_receiver;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct msg_status) == 88, "as Linux has it");

/* Linux's struct msginfo; the names are Linux's. */
struct msg_info {
	u32 msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql;
	u16 msgseg, pad;
};
STATIC_ASSERT(sizeof(struct msg_info) == 32, "as Linux has it");

static s32 msg_stat(const struct queue *q, vaddr_t to)
{
	struct msg_status s = {
		.perm = ipc_perm_tell(&q->perm, QUEUES),
		.sent = q->sent, .received = q->received, .changed = q->changed, .bytes = q->bytes, .count = q->count,
		.most_bytes = q->most_bytes, .last_sender = q->last_sender, .last_receiver = q->last_receiver,
	};

	return usercopy_out(to, &s, sizeof(s));
}

/* The senders check again: a larger limit may let them go on. */
static s32 msg_set(s32 id, vaddr_t from)
{
	struct msg_status s;
	struct queue *q;

	if (usercopy_in(&s, from, sizeof(s)))
		return -EFAULT;
	q = msg_find(id);
	if (!q)
		return -EINVAL;
	if (s.most_bytes > QUEUE_BYTES)
		return -EPERM;
	q->most_bytes = s.most_bytes;
	ipc_perm_set(&q->perm, &s.perm);
	q->changed = clock_seconds();
	wake_all(&q->senders);
	return 0;
}

/* IPC_INFO: the limits; ALL (MSG_INFO): counts of queues, messages and bytes instead. => the highest place in use */
static s32 msg_tell_info(vaddr_t to, bool all)
{
	struct msg_info info = {
		.msgpool = QUEUES * QUEUE_BYTES / 1024, .msgmap = QUEUE_BYTES, .msgmax = msg_set_bytes,
		.msgmnb = msg_set_queue_bytes, .msgmni = msg_set_queues, .msgssz = 16, .msgtql = QUEUE_BYTES, .msgseg = 0xFFFF,
	};
	s32 highest = 0;

	if (all)
		info.msgpool = info.msgmap = info.msgtql = 0;
	for (u32 i = 0; i < QUEUES; i++) {
		if (!msg_queues[i])
			continue;
		highest = i;
		info.msgpool += all;
		info.msgmap += all ? msg_queues[i]->count : 0;
		info.msgtql += all ? msg_queues[i]->bytes : 0;
	}
	return usercopy_out(to, &info, sizeof(info)) ? -EFAULT : highest;
}

/* MSG_STAT: by its place. => its number */
static s32 msg_stat_place(u32 place, vaddr_t to)
{
	const struct queue *q = place < QUEUES ? msg_queues[place] : NULL;
	s32 id = q ? q->perm.id : -EINVAL;

	return q && msg_stat(q, to) ? -EFAULT : id;
}

static s32 msg_control(s32 id, u32 command, vaddr_t buf)
{
	struct queue *q = msg_find(id);

	if (id < 0)
		return -EINVAL;
	switch (command) {
	case IPC_INFO:
	case MSG_INFO:
		return msg_tell_info(buf, command == MSG_INFO);
	case MSG_STAT:
	case MSG_STAT_ANY:
		return msg_stat_place(id, buf);
	case IPC_STAT:
		return q ? msg_stat(q, buf) : -EINVAL;
	case IPC_SET:
		return msg_set(id, buf);
	case IPC_RMID:
		if (!q)
			return -EINVAL;
		msg_remove(q);
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL(msgctl)
{
	return msg_control(arg[0], arg[1], arg[2]);
}
