/*
 * System V message queues: the queues of msg.c, for msg_control.c.
 */
#pragma once

#include "kernel/base/list.h"
#include "kernel/base/wait.h"
#include "kernel/ipc/sysv/perm.h"

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
	u32 refs;            /* the table's, and one for each sleeping task */
	struct ipc_perm perm;
	u32 bytes, count;    /* in messages */
	u32 most_bytes;
	u32 sent, received, changed; /* seconds since 1970 */
	u32 last_sender, last_receiver;
	bool removed;
	struct list messages;
	struct waitq senders, receivers;
};

/* /proc/sys/kernel: the limits as set there, and the number that the next queue gets (negative: any). */
extern u32 msg_set_bytes, msg_set_queue_bytes, msg_set_queues;
extern s32 msg_next_id;

/* Each at the place that its number holds; NULL: there is none. */
extern struct queue *msg_queues[QUEUES];

/* => the queue with that number, or NULL */
struct queue *msg_find(s32 id);

/* Removes Q and its messages and wakes the tasks that wait for it. Q may be freed. */
void msg_remove(struct queue *q);
