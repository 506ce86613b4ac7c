/*
 * msg-queue - System V message queues: types, order, limits, blocking, and every refusal.
 */
#include "check.h"

#include <sched.h>
#include <sys/msg.h>
#include <time.h>

struct letter {
	long type;
	char text[9000];
};

static struct letter out, in;
static int queue;

static void send(long type, char what, size_t bytes)
{
	out.type = type;
	memset(out.text, what, bytes);
	CHECK_EQ(msgsnd(queue, &out, bytes, 0), 0);
}

static void expect_letter(long asked, int flags, long type, char what, int bytes)
{
	memset(&in, 0, sizeof(in));
	CHECK_EQ(msgrcv(queue, &in, sizeof(in.text), asked, flags | IPC_NOWAIT), bytes);
	CHECK_EQ(in.type, type);
	for (int i = 0; i < bytes; i++)
		CHECK_EQ(in.text[i], what);
	CHECK_EQ(in.text[bytes], 0);
}

static void test_keys(void)
{
	key_t key = 0x5EED0000 + getpid();
	int a = msgget(key, IPC_CREAT | IPC_EXCL | 0600), b;

	CHECK(a >= 0);
	CHECK_EQ(msgget(key, 0), a);
	CHECK_EQ(msgget(key, IPC_CREAT), a);
	CHECK_ERROR(msgget(key, IPC_CREAT | IPC_EXCL), EEXIST);
	b = msgget(IPC_PRIVATE, 0600);
	CHECK(b >= 0 && b != a);
	CHECK_EQ(msgctl(b, IPC_RMID, NULL), 0);
	CHECK_EQ(msgctl(a, IPC_RMID, NULL), 0);
	CHECK_ERROR(msgget(key, 0), ENOENT);
	CHECK_ERROR(msgctl(a, IPC_RMID, NULL), EINVAL);
}

static void test_types(void)
{
	send(3, 'a', 10);
	send(1, 'b', 0);
	send(2, 'c', 8192);
	send(1, 'd', 5);
	send(3, 'e', 7);
	expect_letter(2, 0, 2, 'c', 8192);
	expect_letter(-2, 0, 1, 'b', 0);
	expect_letter(3, MSG_EXCEPT, 1, 'd', 5);
	expect_letter(0, 0, 3, 'a', 10);
	CHECK_ERROR(msgrcv(queue, &in, 100, 7, IPC_NOWAIT), ENOMSG);
	CHECK_ERROR(msgrcv(queue, &in, 6, 3, 0), E2BIG);
	expect_letter(-100, 0, 3, 'e', 7);
	send(1, 'f', 20);
	CHECK_EQ(msgrcv(queue, &in, 6, 0, MSG_NOERROR), 6);
	CHECK_ERROR(msgrcv(queue, &in, 6, 0, IPC_NOWAIT), ENOMSG);
}

static void test_refused(void)
{
	out.type = 0;
	CHECK_ERROR(msgsnd(queue, &out, 1, 0), EINVAL);
	out.type = -1;
	CHECK_ERROR(msgsnd(queue, &out, 1, 0), EINVAL);
	out.type = 1;
	CHECK_ERROR(msgsnd(queue, &out, 8193, 0), EINVAL);
	CHECK_ERROR(msgsnd(queue, &out, -1, 0), EINVAL);
	CHECK_ERROR(msgsnd(-1, &out, 1, 0), EINVAL);
	CHECK_ERROR(msgsnd(queue + 1, &out, 1, 0), EINVAL);
	CHECK_ERROR(msgsnd(queue, (void *)16, 1, 0), EFAULT);
	CHECK_ERROR(msgsnd(-1, (void *)16, 1, 0), EFAULT);
	CHECK_ERROR(msgrcv(-1, &in, 1, 0, 0), EINVAL);
	CHECK_ERROR(msgrcv(queue, &in, -1, 0, 0), EINVAL);
	CHECK_ERROR(msgrcv(queue, &in, 1, 0, MSG_COPY), EINVAL);
	CHECK_ERROR(msgrcv(queue, &in, 1, 0, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT), EINVAL);
	CHECK_ERROR(msgrcv(queue, &in, 1, 0, MSG_COPY | IPC_NOWAIT), ENOMSG);
	CHECK_ERROR(msgctl(queue, 99, NULL), EINVAL);
	CHECK_ERROR(msgctl(queue, IPC_STAT, (void *)16), EFAULT);
	CHECK_ERROR(msgctl(-1, IPC_SET, (void *)16), EINVAL);
	send(4, 'x', 3);
	CHECK_ERROR(msgrcv(queue, (void *)16, 3, 4, 0), EFAULT);
	CHECK_ERROR(msgrcv(queue, &in, 3, 4, IPC_NOWAIT), ENOMSG);
}

/* By number, and they stay. */
static void test_copies(void)
{
	struct msqid_ds status;

	send(4, 'x', 3);
	send(2, 'y', 5);
	CHECK_EQ(msgrcv(queue, &in, 5, 1, MSG_COPY | IPC_NOWAIT), 5);
	CHECK_EQ(in.type, 2);
	CHECK_EQ(in.text[4], 'y');
	CHECK_EQ(msgrcv(queue, &in, 5, 0, MSG_COPY | IPC_NOWAIT), 3);
	CHECK_EQ(in.type, 4);
	CHECK_ERROR(msgrcv(queue, &in, 5, 2, MSG_COPY | IPC_NOWAIT), ENOMSG);
	CHECK_ERROR(msgrcv(queue, &in, 5, -1, MSG_COPY | IPC_NOWAIT), ENOMSG);
	CHECK_ERROR(msgrcv(queue, &in, 4, 1, MSG_COPY | IPC_NOWAIT), E2BIG);
	CHECK_ERROR(msgrcv(queue, &in, 4, 1, MSG_COPY | IPC_NOWAIT | MSG_NOERROR), EINVAL);
	CHECK_EQ(msgctl(queue, IPC_STAT, &status), 0);
	CHECK_EQ(status.msg_qnum, 2);
	CHECK_EQ(msgrcv(queue, &in, 5, 0, 0), 3);
	CHECK_EQ(msgrcv(queue, &in, 5, 0, 0), 5);
}

/* Information about all queues, and about one by its index in the table. */
static void test_told(void)
{
	enum { INFO = 3, MSG_STAT = 11, MSG_INFO = 12 };
	struct {
		int pool, map, max, mnb, mni, ssz, tql;
		unsigned short seg, pad;
	} info;
	int other = msgget(IPC_PRIVATE, 0640), last, found = 0;
	struct msqid_ds status;

	send(4, 'x', 30);
	last = msgctl(queue, MSG_INFO, (struct msqid_ds *)&info);
	CHECK(last >= 1);
	CHECK_EQ(info.pool, 2);
	CHECK_EQ(info.map, 1);
	CHECK_EQ(info.tql, 30);
	CHECK_EQ(msgctl(0, INFO, (struct msqid_ds *)&info), last);
	CHECK_EQ(info.max, 8192);
	CHECK_EQ(info.mnb, 16384);
	for (int i = 0; i <= last; i++) {
		int id = msgctl(i, MSG_STAT, &status);

		found += id == queue && status.msg_qnum == 1;
		found += id == other && (status.msg_perm.mode & 0777) == 0640;
	}
	CHECK_EQ(found, 2);
	CHECK_ERROR(msgctl(last + 1, MSG_STAT, &status), EINVAL);
	CHECK_ERROR(msgctl(-1, MSG_INFO, (struct msqid_ds *)&info), EINVAL);
	CHECK_EQ(msgctl(other, IPC_RMID, NULL), 0);
	CHECK_EQ(msgrcv(queue, &in, 30, 0, 0), 30);
}

static void test_full(void)
{
	struct msqid_ds status;
	int sent = 0;

	out.type = 1;
	while (msgsnd(queue, &out, 1000, IPC_NOWAIT) == 0)
		sent++;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(sent, 16);
	CHECK_EQ(msgctl(queue, IPC_STAT, &status), 0);
	CHECK_EQ(status.msg_qnum, 16);
	CHECK_EQ(status.msg_cbytes, 16000);
	CHECK_EQ(status.msg_qbytes, 16384);
	CHECK_EQ(status.msg_lspid, getpid());
	CHECK_EQ(status.msg_perm.mode & 0777, 0600);
	while (sent--)
		CHECK_EQ(msgrcv(queue, &in, 1000, 0, 0), 1000);
}

/* A full queue blocks the sender, an empty one the receiver; messages arrive in order. */
static void test_blocking(void)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		for (int i = 0; i < 100; i++) {
			out.type = 1 + i;
			memset(out.text, i, 1500);
			CHECK_EQ(msgsnd(queue, &out, 1500, 0), 0);
		}
		_exit(0);
	}
	for (int i = 0; i < 30; i++)
		sched_yield();
	for (int i = 0; i < 100; i++) {
		CHECK_EQ(msgrcv(queue, &in, sizeof(in.text), 0, 0), 1500);
		CHECK_EQ(in.type, 1 + i);
		CHECK_EQ(in.text[1499], (char)i);
	}
	CHECK_EQ(check_wait(child), 0);
}

static pid_t start_receiver(void)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		CHECK_ERROR(msgrcv(queue, &in, 10, 77, 0), EIDRM);
		_exit(0);
	}
	for (int i = 0; i < 50; i++)
		sched_yield();
	return child;
}

/* A sleeper can be killed, and fails with EIDRM when the queue is removed. */
static void test_removed(void)
{
	pid_t killed = start_receiver(), told = start_receiver();

	CHECK_EQ(kill(killed, SIGKILL), 0);
	CHECK_EQ(check_wait(killed), SIGKILL);
	nanosleep(&(struct timespec){ 0, 100000000 }, NULL);
	send(1, 'g', 100);
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
	CHECK_EQ(check_wait(told), 0);
	CHECK_ERROR(msgrcv(queue, &in, 10, 0, 0), EINVAL);
}

int main(void)
{
	test_keys();
	queue = msgget(IPC_PRIVATE, 0600);
	CHECK(queue >= 0);
	test_types();
	test_refused();
	test_copies();
	test_told();
	test_full();
	test_blocking();
	test_removed();
	return CHECK_OK();
}
