/*
 * msgctl: what it does for message queues alone. What queues and segments share: object.c.
 *
 * Source: msgctl(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/sysv/msg.h"
#include "mm/usercopy.h"

enum { MSG_STAT = 11, MSG_INFO = 12, MSG_STAT_ANY = 13 };

/* Linux's struct msqid64_ds for i386. */
struct msg_status {
	struct ipc_perm_user perm;
	u32 sent, sent_high, received, received_high, changed, changed_high;
	u32 bytes, count, most_bytes, last_sender, last_receiver;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct msg_status) == 88 && sizeof(struct msg_status) <= IPC_STATUS_MAX, "as Linux has it");

/* Linux's struct msginfo; the names are Linux's. */
struct msg_info {
	u32 msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql;
	u16 msgseg, pad;
};
STATIC_ASSERT(sizeof(struct msg_info) == 32, "as Linux has it");

static s32 msg_stat(const struct ipc_object *o, vaddr_t to)
{
	const struct queue *q = msg_queue_of(o);
	struct msg_status s = {
		.perm = ipc_perm_of(&msg_queues, o), .sent = q->sent, .received = q->received, .changed = o->changed,
		.bytes = q->bytes, .count = q->count, .most_bytes = q->most_bytes,
		.last_sender = q->last_sender, .last_receiver = q->last_receiver,
	};

	return usercopy_out(to, &s, sizeof(s));
}

/* The senders check again: a larger limit may let them go on. */
static int msg_set(struct ipc_object *o, const void *status)
{
	const struct msg_status *s = status;
	struct queue *q = msg_queue_of(o);

	if (s->most_bytes > QUEUE_BYTES)
		return -EPERM;
	q->most_bytes = s->most_bytes;
	wake_all(&q->senders);
	return 0;
}

static void msg_remove_object(struct ipc_object *o)
{
	msg_remove(msg_queue_of(o));
}

const struct ipc_kind_ops msg_kind_ops = {
	.status_bytes = sizeof(struct msg_status), .stat = msg_stat, .set = msg_set, .remove = msg_remove_object,
};

/* IPC_INFO: the limits; ALL (MSG_INFO): counts of queues, messages and bytes instead. => the highest place in use */
static s32 msg_info_out(vaddr_t to, bool all)
{
	struct msg_info info = {
		.msgpool = QUEUES * QUEUE_BYTES / 1024, .msgmap = QUEUE_BYTES, .msgmax = msg_max_bytes,
		.msgmnb = msg_queue_bytes, .msgmni = msg_queues.limit, .msgssz = 16, .msgtql = QUEUE_BYTES, .msgseg = 0xFFFF,
	};

	if (all)
		info.msgpool = info.msgmap = info.msgtql = 0;
	for (u32 i = 0; all && i < QUEUES; i++) {
		const struct queue *q = msg_queue_of(ipc_at(&msg_queues, i));

		info.msgpool += q != NULL;
		info.msgmap += q ? q->count : 0;
		info.msgtql += q ? q->bytes : 0;
	}
	return usercopy_out(to, &info, sizeof(info)) ? -EFAULT : ipc_highest(&msg_queues);
}

SYSCALL(msgctl)
{
	s32 id = arg[0];

	if (id < 0)
		return -EINVAL;
	switch (arg[1]) {
	case IPC_INFO:
	case MSG_INFO:
		return msg_info_out(arg[2], arg[1] == MSG_INFO);
	case MSG_STAT:
	case MSG_STAT_ANY:
		return ipc_stat_at(&msg_queues, id, arg[2]);
	default:
		return ipc_control(&msg_queues, id, arg[1], arg[2]);
	}
}
