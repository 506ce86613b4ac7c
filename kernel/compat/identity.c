/*
 * Who a program is: root, always, alone on the machine.
 *
 * Sources: getuid(2), getresuid(2), setsid(2), umask(2), capget(2).
 */
#include "kernel/fs/file.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/usercopy.h"

/* The user's number, the group's, how many further groups: 0. And whoever wants to become another one may. */
SYSCALL(is_root)
{
	(void)arg;
	return 0;
}

/* Real, effective and saved. */
SYSCALL(three_ids)
{
	const u32 root = 0;

	for (u32 i = 0; i < 3; i++)
		if (usercopy_out(arg[i], &root, sizeof(root)))
			return -EFAULT;
	return 0;
}

SYSCALL(umask)
{
	struct fs_context *ctx = fs_context_current();
	u32 old = ctx->umask;

	ctx->umask = arg[0] & 0777;
	return old;
}

SYSCALL(setsid)
{
	struct task *self = task_current(), *t;

	(void)arg;
	list_for_each(t, &task_all, all)
		if (t->pgid == self->pid)
			return -EPERM;
	self->sid = self->pgid = self->pid;
	return self->pid;
}

SYSCALL(getsid)
{
	const struct task *t = arg[0] ? task_find(arg[0]) : task_current();

	return t ? (s32)t->sid : -ESRCH;
}

/* As the call counts: 20 minus the "nice" value, which is 0. */
SYSCALL(getpriority)
{
	return arg[0] > 2 ? -EINVAL : 20;
}

#define CAPABILITY_VERSION_3 0x20080522u

/* All of them. */
SYSCALL(capget)
{
	u32 header[2], sets[6] = { ~0u, ~0u, 0, ~0u, ~0u, 0 }; /* effective, permitted, inheritable; twice 32 */

	if (usercopy_in(header, arg[0], sizeof(header)))
		return -EFAULT;
	if (header[0] != CAPABILITY_VERSION_3) {
		header[0] = CAPABILITY_VERSION_3;
		return usercopy_out(arg[0], header, sizeof(header[0])) ? -EFAULT : arg[1] ? -EINVAL : 0;
	}
	return arg[1] && usercopy_out(arg[1], sets, sizeof(sets)) ? -EFAULT : 0;
}
