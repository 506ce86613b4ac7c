/*
 * msg.c - System V message queues: the calls.
 */
#include <sys/msg.h>
#include <sys/syscall.h>
#include <unistd.h>

int msgget(key_t key, int flags)
{
	return syscall(SYS_msgget, key, flags);
}

int msgsnd(int queue, const void *message, size_t bytes, int flags)
{
	return syscall(SYS_msgsnd, queue, message, bytes, flags);
}

ssize_t msgrcv(int queue, void *message, size_t most, long type, int flags)
{
	return syscall(SYS_msgrcv, queue, message, most, type, flags);
}

int msgctl(int queue, int command, struct msqid_ds *status)
{
	return syscall(SYS_msgctl, queue, command, status);
}
