/*
 * calls-errors: messages, segments and futexes.
 */
#include "calls-errors.h"

#include <futex.h>
#include <sys/msg.h>
#include <time.h>

enum { FUTEX = 240, WAIT = 0, WAKE = 1, PRIVATE = 128, KEY = 0x5EE, IPC = 117, EXCEPT_AND_COPY = MSG_EXCEPT | MSG_COPY };

struct message {
	long type;
	char text[9000];
};

static struct message message = { 3, "text" }, received;

static int fill(int queue)
{
	int sent = 0;

	while (msgsnd(queue, &message, 8000, IPC_NOWAIT) == 0)
		sent++;
	return sent;
}

static void cases_of_messages(void)
{
	int queue = msgget(KEY, IPC_CREAT | 0600);
	struct msqid_ds status;

	CASE("msgget again", 1, msgget(KEY, 0) == queue);
	CASE("msgget exclusively", -EEXIST, msgget(KEY, IPC_CREAT | IPC_EXCL));
	CASE("msgget missing", -ENOENT, msgget(KEY + 1, 0));
	CASE("msgsnd", 0, msgsnd(queue, &message, 5, 0));
	CASE("msgsnd unknown", -EINVAL, msgsnd(queue + 12345, &message, 5, 0));
	CASE("msgsnd negative queue", -EINVAL, msgsnd(-1, &message, 5, 0));
	CASE("msgsnd too much", -EINVAL, msgsnd(queue, &message, 8193, 0));
	message.type = 0;
	CASE("msgsnd without a type", -EINVAL, msgsnd(queue, &message, 5, 0));
	message.type = 3;
	CASE("msgrcv too large", -E2BIG, msgrcv(queue, &received, 4, 0, 0));
	CASE("msgrcv other type", -ENOMSG, msgrcv(queue, &received, 5, 4, IPC_NOWAIT));
	CASE("msgrcv all but its type", -ENOMSG, msgrcv(queue, &received, 5, 3, IPC_NOWAIT | MSG_EXCEPT));
	CASE("msgrcv lower types", -ENOMSG, msgrcv(queue, &received, 5, -2, IPC_NOWAIT));
	CASE("msgrcv a part", 4, msgrcv(queue, &received, 4, 0, MSG_NOERROR));
	CASE("msgrcv nothing", -ENOMSG, msgrcv(queue, &received, 5, 0, IPC_NOWAIT));
	CASE("msgrcv unknown", -EINVAL, msgrcv(queue + 12345, &received, 5, 0, 0));
	CASE("msgrcv negative size", -EINVAL, msgrcv(queue, &received, -1, 0, 0));
	CASE("msgrcv a copy and waits", -EINVAL, msgrcv(queue, &received, 5, 0, MSG_COPY));
	CASE("msgrcv a copy of others", -EINVAL, msgrcv(queue, &received, 5, 0, EXCEPT_AND_COPY | IPC_NOWAIT));
	CASE("msgsnd until full", 2, fill(queue));
	CASE("msgsnd when full", -EAGAIN, msgsnd(queue, &message, 8000, IPC_NOWAIT));
	CASE("msgctl stat", 0, msgctl(queue, IPC_STAT, &status));
	CASE("msgctl counts", 2, status.msg_qnum);
	CASE("msgctl set", 0, msgctl(queue, IPC_SET, &status));
	CASE("msgctl unknown", -EINVAL, msgctl(queue, 99, &status));
	CASE("msgctl IPC_64", -EINVAL, msgctl(queue, IPC_STAT | 0x100, &status));
	CASE("msgctl of unknown", -EINVAL, msgctl(queue + 12345, IPC_STAT, &status));
	CASE("msgctl removes", 0, msgctl(queue, IPC_RMID, NULL));
	CASE("msgctl removes again", -EINVAL, msgctl(queue, IPC_RMID, NULL));
	CASE("msgsnd to what is removed", -EINVAL, msgsnd(queue, &message, 5, 0));
	CASE("ipc msgget missing", -ENOENT, syscall(IPC, 13, KEY, 0, 0, 0, 0));
	CASE("ipc unknown", -ENOSYS, syscall(IPC, 99, 0, 0, 0, 0, 0));
}

static void cases_of_segments(void)
{
	enum { SHMGET = 395, SHMCTL, LOCK = 11, UNLOCK = 12 };
	int segment = syscall(SHMGET, KEY, 4096, IPC_CREAT | 0600);

	CASE("shmget exclusively", -EEXIST, syscall(SHMGET, KEY, 4096, IPC_CREAT | IPC_EXCL));
	CASE("shmget more", -EINVAL, syscall(SHMGET, KEY, 8192, 0));
	CASE("shmget missing", -ENOENT, syscall(SHMGET, KEY + 1, 4096, 0));
	CASE("shmctl unlocks what is not locked", 0, syscall(SHMCTL, segment, UNLOCK, NULL));
	CASE("shmctl locks", 0, syscall(SHMCTL, segment, LOCK, NULL));
	CASE("shmctl locks again", 0, syscall(SHMCTL, segment, LOCK, NULL));
	CASE("shmctl locks unknown", -EINVAL, syscall(SHMCTL, segment + 12345, LOCK, NULL));
	CASE("shmctl unlocks unknown", -EINVAL, syscall(SHMCTL, segment + 12345, UNLOCK, NULL));
	CASE("shmctl locks a negative one", -EINVAL, syscall(SHMCTL, -1, LOCK, NULL));
	CASE("shmctl IPC_64", -EINVAL, syscall(SHMCTL, segment, LOCK | 0x100, NULL));
	CASE("shmctl removes", 0, syscall(SHMCTL, segment, IPC_RMID, NULL));
}

static void wait_for_message(void *queue)
{
	CHECK_ERROR(msgrcv(*(int *)queue, &received, 5, 0, 0), EIDRM);
}

/* A queue is removed while a task waits for it: the call fails with EIDRM. */
static void case_of_removal(void)
{
	int queue = msgget(IPC_PRIVATE, 0600), status = -1;
	struct timespec t = { 0, 50000000 };
	pid_t pid = fork();

	if (pid == 0) {
		wait_for_message(&queue);
		_exit(0);
	}
	nanosleep(&t, NULL);
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CASE("msgrcv from what is removed meanwhile", 0, status);
}

static void cases_of_futex(void)
{
	struct timespec soon = { 0, 1000 }, bad = { 0, 1000000000 };
	int word = 5;

	CASE("futex wakes nobody", 0, syscall(FUTEX, &word, WAKE, 1, NULL));
	CASE("futex waits for another value", -EAGAIN, syscall(FUTEX, &word, WAIT, 4, NULL));
	CASE("futex waits in vain", -ETIMEDOUT, syscall(FUTEX, &word, WAIT, 5, &soon));
	CASE("futex waits in vain alone", -ETIMEDOUT, syscall(FUTEX, &word, WAIT | PRIVATE, 5, &soon));
	CASE("futex ns", -EINVAL, syscall(FUTEX, &word, WAIT, 5, &bad));
	CASE("futex between words", -EINVAL, syscall(FUTEX, (char *)&word + 2, WAIT, 5, &soon));
	CASE("futex wakes between words", -EINVAL, syscall(FUTEX, (char *)&word + 2, WAKE, 1, NULL));
	CASE("futex wakes nobody with bits", 0, syscall(FUTEX, &word, 10, 1, NULL, NULL, 1));
	CASE("futex wakes without bits", -EINVAL, syscall(FUTEX, &word, 10, 1, NULL, NULL, 0));
	CASE("futex waits until the past", -ETIMEDOUT, syscall(FUTEX, &word, 9, 5, &soon, NULL, -1));
	CASE("futex waits until the past, real time", -ETIMEDOUT, syscall(FUTEX, &word, 9 | 256, 5, &soon, NULL, -1));
	CASE("futex waits with a clock and a span", -ENOSYS, syscall(FUTEX, &word, WAIT | 256, 5, &soon));
	CASE("futex moves nobody", 0, syscall(FUTEX, &word, 3, 1, 1, &word, 0));
	CASE("futex moves for another value", -EAGAIN, syscall(FUTEX, &word, 4, 1, 1, &word, 4));
	CASE("futex moves between words", -EINVAL, syscall(FUTEX, &word, 3, 1, 1, (char *)&word + 2, 0));
	CASE("futex unknown", -ENOSYS, syscall(FUTEX, &word, 99, 1, NULL));
}

void cases_of_waiting(void)
{
	cases_of_messages();
	cases_of_segments();
	case_of_removal();
	cases_of_futex();
}
