/*
 * System V message queues: what msg.c shares with msg_control.c and /proc.
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/wait.h"
#include "kernel/ipc/sysv/object.h"

#define QUEUES 32u
#define QUEUE_BYTES 16384u
#define QUEUE_MESSAGES 1024u /* empty ones cost memory too */
#define MESSAGE_BYTES 8192u

struct message {
	struct list link;
	s32 type;
	u32 size;
	u8 text[];
};

struct queue {
	struct ipc_object object;
	u32 refs;            /* the table's, and one for each sleeping task */
	u32 bytes, count;    /* in messages */
	u32 most_bytes;
	u32 sent, received;  /* seconds since 1970 */
	u32 last_sender, last_receiver;
	bool removed;
	struct list messages;
	struct waitq senders, receivers;
};

/* Limits of a message and of a new queue, as set in /proc/sys/kernel. */
extern u32 msg_max_bytes, msg_queue_bytes;

extern struct ipc_kind msg_queues;

/* => the queue that O, of msg_queues, is; O may be NULL */
static inline struct queue *msg_queue_of(const struct ipc_object *o)
{
	return o ? container_of(o, struct queue, object) : NULL;
}

/* Removes Q and its messages and wakes the tasks that wait for it. Q may be freed. */
void msg_remove(struct queue *q);

/* msg_control.c */
extern const struct ipc_kind_ops msg_kind_ops;

/* Removes every queue with its messages: they outlive programs, but not the kernel. */
void msg_end(void);
