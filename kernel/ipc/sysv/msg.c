/*
 * System V message queues: sharing by sending. A message is copied into the kernel and, when it is received, out of it;
 * sender and receiver never have the same memory.
 *
 * A message is copied in before anything is decided, since that may sleep; then it is put into a queue, or not, in one step.
 * Queues outlive the tasks that made them. Their memory belongs to the kernel and is never paged out, so it is bounded: QUEUES
 * of QUEUE_BYTES each, and what persistent kernel memory may take together (mm/wired.h). A sleeping task holds a reference to
 * its queue; a queue that was removed is freed with the last of them.
 *
 * Sources: msgop(2), msgctl(2), msgget(2).
 */
#include "kernel/ipc/sysv/msg.h"

#include "kernel/base/clock.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/cpu/syscall.h"
#include "kernel/task/task.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"
#include "mm/vmtrace.h"
#include "mm/wired.h"

enum { MSG_NOERROR = 010000, MSG_EXCEPT = 020000, MSG_COPY = 040000 };

u32 msg_max_bytes = MESSAGE_BYTES, msg_queue_bytes = QUEUE_BYTES;
struct ipc_kind msg_queues = {
	.ops = &msg_kind_ops, .table = (struct ipc_object *[QUEUES]){ NULL }, .places = QUEUES, .limit = QUEUES, .next_id = -1,
};

/* --- queues -------------------------------------------------------------------------------------------------------- */

/* => kernel memory that M takes while it is in a queue */
static s32 message_cost(const struct message *m)
{
	return kmalloc_size(sizeof(*m) + m->size);
}

static void queue_put(struct queue *q)
{
	if (--q->refs == 0)
		kfree(q);
}

static struct queue *msg_find(s32 id)
{
	return msg_queue_of(ipc_find(&msg_queues, id));
}

void msg_remove(struct queue *q)
{
	struct list *link;

	while ((link = list_pop_front(&q->messages))) {
		struct message *m = list_entry(link, struct message, link);

		wired_persistent_add(-message_cost(m));
		kfree(m);
	}
	ipc_take_out(&msg_queues, &q->object);
	q->removed = true;
	wake_all(&q->senders);
	wake_all(&q->receivers);
	queue_put(q);
}

void msg_end(void)
{
	for (u32 i = 0; i < QUEUES; i++)
		if (ipc_at(&msg_queues, i))
			msg_remove(msg_queue_of(ipc_at(&msg_queues, i)));
}

/* => its number, -ENOSPC, -ENOMEM */
static s32 queue_make(s32 key, u32 mode)
{
	struct queue *q;

	if (msg_queues.count >= msg_queues.limit)
		return -ENOSPC;
	q = kzalloc(sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->refs = 1;
	q->most_bytes = msg_queue_bytes;
	list_init(&q->messages);
	waitq_init(&q->senders);
	waitq_init(&q->receivers);
	return ipc_insert(&msg_queues, &q->object, key, mode);
}

SYSCALL(msgget)
{
	struct ipc_object *o;
	int error = ipc_get(&msg_queues, arg[0], arg[1], &o);

	if (error)
		return error;
	return o ? o->id : queue_make(arg[0], arg[1] & 0777);
}

/*
 * Sleeps in WHERE until Q changes. => 0: check again; -EIDRM: it was removed meanwhile, even if the sleep was interrupted, too;
 * -ERESTART_NO_HANDLER: interrupted. After an error Q may have been freed.
 */
static int queue_wait(struct queue *q, struct waitq *where)
{
	/* lab share: sleep with a reference to the queue, and see why it has ended */
	enum wait_result woken;
	int result;

	q->refs++;
	woken = wait_on_until(where, WAIT_FOREVER);
	result = q->removed ? -EIDRM : woken == WAIT_INTERRUPTED ? -ERESTART_NO_HANDLER : 0;
	queue_put(q);
	return result;
	/* end of lab share */
}

/* --- send ---------------------------------------------------------------------------------------------------------- */

/*
 * Copies a message into the kernel, as the user has it at FROM: a type, then SIZE bytes. SIZE is unchecked: with the structure's
 * size added it may overflow.
 * => 0 and the message, which is the caller's; -EFAULT; -EINVAL: a type below 1, or longer than msg_max_bytes; -ENOMEM; sleeps
 */
static int message_copy_in(vaddr_t from, u32 size, struct message **out)
{
	struct message *m;
	s32 type;

	/* lab share: a copy of the type and of the text in memory of the kernel */
	if (usercopy_in(&type, from, sizeof(type)))
		return -EFAULT;
	if (type < 1 || size > msg_max_bytes)
		return -EINVAL;
	m = kmalloc_wait(sizeof(*m) + size);
	if (!m)
		return -ENOMEM;
	m->type = type;
	m->size = size;
	if (usercopy_in(m->text, from + sizeof(type), size)) {
		kfree(m);
		return -EFAULT;
	}
	/* end of lab share */
	vmstat.msg_bytes += size;
	*out = m;
	return 0;
}

static bool queue_has_room(const struct queue *q, u32 size)
{
	return q->bytes + size <= q->most_bytes && q->count < MIN(q->most_bytes, QUEUE_MESSAGES);
}

/*
 * Puts M at the end of the queue ID when there is room, or not at all.
 * => 0: M is the queue's now; -EINVAL: no such queue; -EAGAIN: no room, and FLAGS have IPC_NOWAIT; -ENOMEM: too much
 * persistent memory; as queue_wait(); sleeps
 */
static int message_send(s32 id, struct message *m, u32 flags)
{
	struct queue *q = msg_find(id);

	/* lab share: wait for room, then put the message into the queue */
	if (!q)
		return -EINVAL;
	while (!queue_has_room(q, m->size)) {
		int error = flags & IPC_NOWAIT ? -EAGAIN : queue_wait(q, &q->senders);

		if (error)
			return error;
	}
	if (!wired_persistent_allowed(message_cost(m)))
		return -ENOMEM;
	wired_persistent_add(message_cost(m));
	list_push_back(&q->messages, &m->link);
	q->bytes += m->size;
	q->count++;
	wake_all(&q->receivers); /* each may wait for another type */
	/* end of lab share */
	q->sent = clock_seconds();
	q->last_sender = task_current()->pid;
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

/*
 * Takes the message that queue_pick() chooses by TYPE and FLAGS from the queue ID, when there is one.
 * => 0 and the message, which is the caller's; -EINVAL: no such queue; -ENOMSG: none there, and FLAGS have IPC_NOWAIT;
 * -E2BIG: it is longer than SIZE, and FLAGS have no MSG_NOERROR: it stays where it is; as queue_wait(); sleeps
 */
static int message_receive(s32 id, u32 size, s32 type, u32 flags, struct message **out)
{
	struct queue *q = msg_find(id);
	struct message *m;

	/* lab share: wait for a message, then take it out of the queue */
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
	wired_persistent_add(-message_cost(m));
	q->bytes -= m->size;
	q->count--;
	wake_all(&q->senders);
	/* end of lab share */
	q->received = clock_seconds();
	q->last_receiver = task_current()->pid;
	*out = m;
	return 0;
}

/* MSG_COPY: copies the message at position NUMBER, which stays in the queue. => 0 and a copy, or an error */
static s32 message_copy(s32 id, u32 size, s32 number, u32 flags, struct message **out)
{
	struct queue *q = msg_find(id);
	struct message *m;

	if (!q)
		return -EINVAL;
	list_for_each(m, &q->messages, link)
		if (number-- == 0)
			break;
	if (&m->link == &q->messages)
		return -ENOMSG;
	if (m->size > size)
		return flags & MSG_NOERROR ? -EINVAL : -E2BIG;
	*out = kmalloc(sizeof(*m) + m->size);
	if (!*out)
		return -ENOMEM;
	memcpy(*out, m, sizeof(*m) + m->size);
	return 0;
}

static s32 msg_receive(s32 id, vaddr_t to, u32 size, s32 type, u32 flags)
{
	struct message *m;
	s32 result;

	if (id < 0 || (s32)size < 0)
		return -EINVAL;
	if ((flags & MSG_COPY) && ((flags & MSG_EXCEPT) || !(flags & IPC_NOWAIT)))
		return -EINVAL;
	result = flags & MSG_COPY ? message_copy(id, size, type, flags, &m) : message_receive(id, size, type, flags, &m);
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
