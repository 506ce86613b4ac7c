/* sys/msg.h: System V message queues. */
#ifndef SYS_MSG_H
#define SYS_MSG_H

#include <stdint.h>
#include <sys/types.h>

#define IPC_PRIVATE 0
#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000
#define MSG_NOERROR 010000
#define MSG_EXCEPT 020000
#define MSG_COPY 040000

#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

typedef int key_t;

struct ipc_perm {
	key_t key;
	uint32_t uid, gid, cuid, cgid;
	uint16_t mode, pad1, seq, pad2;
	uint32_t unused1, unused2;
};

struct msqid_ds {
	struct ipc_perm msg_perm;
	uint32_t msg_stime, stime_high, msg_rtime, rtime_high, msg_ctime, ctime_high;
	uint32_t msg_cbytes, msg_qnum, msg_qbytes, msg_lspid, msg_lrpid;
	uint32_t unused[2];
};

/* A message in memory: a long, its type, above 0; then the bytes, whose number is passed. */
int msgget(key_t key, int flags);
int msgsnd(int queue, const void *message, size_t bytes, int flags);
ssize_t msgrcv(int queue, void *message, size_t most, long type, int flags);
int msgctl(int queue, int command, struct msqid_ds *status);

#endif
