/*
 * The one call that System V's kinds of communication once had; most C libraries for i386 still use it. It stands for the
 * calls of message queues and of shared memory; there are no semaphores.
 *
 * Through this call IPC_64 says that the structures have their newer layout; the separate calls know no other and refuse it.
 *
 * Source: ipc(2); Linux's ipc/syscall.c for the order of the arguments.
 */
#include "kernel/cpu/syscall.h"
#include "kernel/ipc/sysv/msg.h"
#include "kernel/ipc/sysv/object.h"
#include "kernel/ipc/sysv/shm.h"
#include "kernel/ipc/sysv/sysv.h"
#include "mm/usercopy.h"

enum { MSGSND = 11, MSGRCV = 12, MSGGET = 13, MSGCTL = 14, SHMAT = 21, SHMDT = 22, SHMGET = 23, SHMCTL = 24 };

SYSCALL(msgsnd);
SYSCALL(msgrcv);
SYSCALL(msgget);
SYSCALL(msgctl);
SYSCALL(shmat);
SYSCALL(shmdt);
SYSCALL(shmget);
SYSCALL(shmctl);

/* The buffer and the type lie together in memory, except in the newer form of the call. */
static s32 receive(const u32 *arg, bool newer)
{
	u32 inner[2] = { arg[4], arg[5] };

	if (!newer && !arg[4])
		return -EINVAL;
	if (!newer && usercopy_in(inner, arg[4], sizeof(inner)))
		return -EFAULT;
	return sys_msgrcv((u32[]){ arg[1], inner[0], arg[2], inner[1], arg[3] });
}

/* The address is returned in memory. */
static s32 attach(const u32 *arg, bool newer)
{
	s32 at;

	if (newer)
		return -EINVAL;
	at = sys_shmat((u32[]){ arg[1], arg[4], arg[2] });
	if ((u32)at > (u32)-4096)
		return at;
	return usercopy_out(arg[3], &at, sizeof(at));
}

SYSCALL(ipc)
{
	bool newer = arg[0] >> 16;

	switch (arg[0] & 0xFFFF) {
	case MSGSND:
		return sys_msgsnd((u32[]){ arg[1], arg[4], arg[2], arg[3] });
	case MSGRCV:
		return receive(arg, newer);
	case MSGGET:
		return sys_msgget((u32[]){ arg[1], arg[2] });
	case MSGCTL:
		return sys_msgctl((u32[]){ arg[1], arg[2] & ~(u32)IPC_64, arg[4] });
	case SHMAT:
		return attach(arg, newer);
	case SHMDT:
		return sys_shmdt((u32[]){ arg[4] });
	case SHMGET:
		return sys_shmget((u32[]){ arg[1], arg[2], arg[3] });
	case SHMCTL:
		return sys_shmctl((u32[]){ arg[1], arg[2] & ~(u32)IPC_64, arg[4] });
	default:
		return -ENOSYS;
	}
}

void sysv_end(void)
{
	msg_end();
	shm_end();
}
