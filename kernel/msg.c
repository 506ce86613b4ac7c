/*
 * System V message queues: sharing by sending. What is sent is copied into the kernel and, when it is received, out of it;
 * sender and receiver never have the same memory.
 *
 * A message is copied in before anything is decided, since that may sleep; then it is put into a queue, or not, in one go.
 * Queues outlive their makers. Their memory is the kernel's and never paged, so it is bounded: QUEUES of QUEUE_BYTES each.
 * Who sleeps holds a reference to the queue; one that was removed is freed with the last.
 *
 * Sources: msgop(2), msgctl(2), msgget(2).
 */
#include "kernel/msg.h"

#include "kernel/base/clock.h"
#include "kernel/base/list.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/base/wait.h"
#include "kernel/fs/alloc.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"
#include "mm/vmtrace.h"

#define QUEUES 32u
#define QUEUE_BYTES 16384u
#define QUEUE_MESSAGES 1024u /* empty ones cost memory too */
#define MESSAGE_BYTES 8192u

enum { IPC_CREAT = 01000, IPC_EXCL = 02000, IPC_NOWAIT = 04000, MSG_NOERROR = 010000, MSG_EXCEPT = 020000,
       MSG_COPY = 040000 };
enum { IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, IPC_64 = 0x100 };

struct message {
	struct list link;
	s32 type;
	u32 size;
	u8 text[];
};

struct queue {
	u32 refs;            /* the table's, and one for each who sleeps */
	s32 key, id;
	u32 mode, uid, gid;
	u32 bytes, count;    /* in messages */
	u32 most_bytes;
	u32 sent, received, changed; /* seconds since 1970 */
	u32 last_sender, last_receiver;
	bool removed;
	struct list messages;
	struct waitq senders, receivers;
};

/* Linux's struct msqid64_ds for i386. */
struct msg_status {
	s32 key;
	u32 uid, gid, cuid, cgid;
	u16 mode, pad1, seq, pad2;
	u32 unused1, unused2;
	u32 sent, sent_high, received, received_high, changed, changed_high;
	u32 bytes, count, most_bytes, last_sender, last_receiver;
	u32 unused[2];
};
STATIC_ASSERT(sizeof(struct msg_status) == 88, "as Linux has it");

static struct queue *queues[QUEUES];
static u32 made;

/* --- queues -------------------------------------------------------------------------------------------------------- */

static void queue_put(struct queue *q)
{
	if (--q->refs == 0)
		kfree(q);
}

static struct queue *queue_find(s32 id)
{
	struct queue *q = id < 0 ? NULL : queues[(u32)id % QUEUES];

	return q && q->id == id ? q : NULL;
}

static void queue_remove(struct queue *q)
{
	struct list *link;

	while ((link = list_pop_front(&q->messages)))
		kfree(list_entry(link, struct message, link));
	queues[(u32)q->id % QUEUES] = NULL;
	q->removed = true;
	wake_all(&q->senders);
	wake_all(&q->receivers);
	queue_put(q);
}

void msg_end(void)
{
	for (u32 i = 0; i < QUEUES; i++)
		if (queues[i])
			queue_remove(queues[i]);
}

/* => its number, -ENOSPC, -ENOMEM */
static s32 queue_make(s32 key, u32 mode)
{
	struct queue *q;
	u32 place = 0;

	while (place < QUEUES && queues[place])
		place++;
	if (place == QUEUES)
		return -ENOSPC;
	q = kzalloc(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->refs = 1;
	q->key = key;
	q->id = (s32)((made++ * QUEUES + place) & INT32_MAX);
	q->mode = mode;
	q->most_bytes = QUEUE_BYTES;
	q->changed = clock_seconds();
	list_init(&q->messages);
	waitq_init(&q->senders);
	waitq_init(&q->receivers);
	queues[place] = q;
	return q->id;
}

SYSCALL(msgget)
{
	s32 key = arg[0];

	for (u32 i = 0; key && i < QUEUES; i++)
		if (queues[i] && queues[i]->key == key)
			return (arg[1] & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL) ? -EEXIST : queues[i]->id;
	if (key && !(arg[1] & IPC_CREAT))
		return -ENOENT;
	return queue_make(key, arg[1] & 0777);
}

/* Sleeps until somebody has changed Q. => 0: look again; -EIDRM, -ERESTART_NO_HANDLER. Q may be gone unless it is 0. */
static int queue_wait(struct queue *q, struct waitq *where)
{
	enum wait_result woken;
	int result;

	q->refs++;
	woken = wait_on_until(where, WAIT_FOREVER);
	result = q->removed ? -EIDRM : woken == WAIT_INTERRUPTED ? -ERESTART_NO_HANDLER : 0;
	queue_put(q);
	return result;
}

/* --- send ---------------------------------------------------------------------------------------------------------- */

/* => a message as the user has it at FROM: a type, then SIZE bytes. Sleeps */
static int message_copy_in(vaddr_t from, u32 size, struct message **out)
{
	struct message *m;
	s32 type;

	if (usercopy_in(&type, from, sizeof(type)))
		return -EFAULT;
	if (type < 1 || size > MESSAGE_BYTES)
		return -EINVAL;
	m = alloc_wait(sizeof(*m) + size);
	if (!m)
		return -ENOMEM;
	m->type = type;
	m->size = size;
	if (usercopy_in(m->text, from + sizeof(type), size)) {
		kfree(m);
		return -EFAULT;
	}
	vmstat.msg_bytes += size;
	*out = m;
	return 0;
}

static bool queue_has_room(const struct queue *q, u32 size)
{
	return q->bytes + size <= q->most_bytes && q->count < MIN(q->most_bytes, QUEUE_MESSAGES);
}

/* => 0: M is the queue's now; else an error */
static int message_send(s32 id, struct message *m, u32 flags)
{
	struct queue *q = queue_find(id);

	if (!q)
		return -EINVAL;
	while (!queue_has_room(q, m->size)) {
		int error = flags & IPC_NOWAIT ? -EAGAIN : queue_wait(q, &q->senders);

		if (error)
			return error;
	}
	list_push_back(&q->messages, &m->link);
	q->bytes += m->size;
	q->count++;
	q->sent = clock_seconds();
	q->last_sender = task_current()->pid;
	wake_all(&q->receivers); /* each may wait for another type */
	return 0;
}

static s32 msg_send(s32 id, vaddr_t from, u32 size, u32 flags)
{
	struct message *m;
	int error;

	error = message_copy_in(from, size, &m);
	if (error)
		return error;
	error = message_send(id, m, flags);
	if (error)
		kfree(m);
	return error;
}

SYSCALL(msgsnd)
{
	return msg_send(arg[0], arg[1], arg[2], arg[3]);
}

/* --- receive ------------------------------------------------------------------------------------------------------- */

/* 0: the first; N: the first of type N (or not of it); -N: the first of the lowest type up to N. => NULL: none */
static struct message *queue_pick(struct queue *q, s32 type, u32 flags)
{
	struct message *m, *best = NULL;

	list_for_each(m, &q->messages, link) {
		if (type == 0 || (type > 0 && (m->type == type) == !(flags & MSG_EXCEPT)))
			return m;
		if (type < 0 && (s64)m->type <= -(s64)type && (!best || m->type < best->type))
			best = m;
	}
	return best;
}

/* => 0 and a message that is in no queue any more; else an error; sleeps */
static int message_receive(s32 id, u32 size, s32 type, u32 flags, struct message **out)
{
	struct queue *q = queue_find(id);
	struct message *m;

	if (!q)
		return -EINVAL;
	while (!(m = queue_pick(q, type, flags))) {
		int error = flags & IPC_NOWAIT ? -ENOMSG : queue_wait(q, &q->receivers);

		if (error)
			return error;
	}
	if (m->size > size && !(flags & MSG_NOERROR))
		return -E2BIG;
	list_remove(&m->link);
	q->bytes -= m->size;
	q->count--;
	q->received = clock_seconds();
	q->last_receiver = task_current()->pid;
	wake_all(&q->senders);
	*out = m;
	return 0;
}

static s32 msg_receive(s32 id, vaddr_t to, u32 size, s32 type, u32 flags)
{
	struct message *m;
	s32 result;

	if (id < 0 || (s32)size < 0)
		return -EINVAL;
	if (flags & MSG_COPY) /* for who saves a queue with its readers: of Linux's kernels, too, not all have that */
		return (flags & MSG_EXCEPT) || !(flags & IPC_NOWAIT) ? -EINVAL : -ENOSYS;
	result = message_receive(id, size, type, flags, &m);
	if (result)
		return result;
	size = MIN(size, m->size);
	result = size;
	if (usercopy_out(to, &m->type, sizeof(m->type)) || usercopy_out(to + sizeof(m->type), m->text, size))
		result = -EFAULT;
	else
		vmstat.msg_bytes += size;
	kfree(m);
	return result;
}

SYSCALL(msgrcv)
{
	return msg_receive(arg[0], arg[1], arg[2], arg[3], arg[4]);
}

/* --- control ------------------------------------------------------------------------------------------------------- */

static s32 msg_stat(const struct queue *q, vaddr_t to)
{
	struct msg_status s = {
		.key = q->key, .uid = q->uid, .gid = q->gid, .mode = q->mode, .seq = (u32)q->id / QUEUES,
		.sent = q->sent, .received = q->received, .changed = q->changed, .bytes = q->bytes, .count = q->count,
		.most_bytes = q->most_bytes, .last_sender = q->last_sender, .last_receiver = q->last_receiver,
	};

	return usercopy_out(to, &s, sizeof(s));
}

/* What was waited for may be possible now: all look again. */
static s32 msg_set(s32 id, vaddr_t from)
{
	struct msg_status s;
	struct queue *q;

	if (usercopy_in(&s, from, sizeof(s)))
		return -EFAULT;
	q = queue_find(id);
	if (!q)
		return -EINVAL;
	if (s.most_bytes > QUEUE_BYTES)
		return -EPERM;
	q->most_bytes = s.most_bytes;
	q->uid = s.uid;
	q->gid = s.gid;
	q->mode = s.mode & 0777;
	q->changed = clock_seconds();
	wake_all(&q->senders);
	return 0;
}

static s32 msg_control(s32 id, u32 command, vaddr_t buf)
{
	struct queue *q = queue_find(id);

	if (id < 0)
		return -EINVAL;
	switch (command & ~IPC_64) {
	case IPC_STAT:
		return q ? msg_stat(q, buf) : -EINVAL;
	case IPC_SET:
		return msg_set(id, buf);
	case IPC_RMID:
		if (!q)
			return -EINVAL;
		queue_remove(q);
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL(msgctl)
{
	return msg_control(arg[0], arg[1], arg[2]);
}
