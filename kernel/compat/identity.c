/*
 * Identities and capabilities: the only user is root, who has all capabilities.
 *
 * Sources: getuid(2), getresuid(2), setsid(2), umask(2), capget(2).
 */
#include "kernel/cpu/syscall.h"
#include "kernel/fs/file.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

/* User and group: always 0, root. */
SYSCALL(is_root)
{
	(void)arg;
	return 0;
}

/* Supplementary groups: only group 0 can be set, any number of times. */
SYSCALL(setgroups)
{
	enum { GROUPS_MAX = 65536 };
	u32 group, any = 0;

	if (arg[0] > GROUPS_MAX)
		return -EINVAL;
	for (u32 i = 0; i < arg[0]; i++) {
		if (usercopy_in(&group, arg[1] + i * sizeof(group), sizeof(group)))
			return -EFAULT;
		any |= group;
	}
	if (any)
		return -EPERM;
	task_current()->groups = arg[0];
	return 0;
}

/* There is no user or group but root's, 0. -1 is an invalid number. */
static s32 become(u32 id)
{
	if (id == ~0u)
		return -EINVAL;
	return id ? -EPERM : 0;
}

SYSCALL(become_user) { return become(arg[0]); }
SYSCALL(become_user16) { return become((u16)arg[0] == 0xFFFF ? ~0u : (u16)arg[0]); }

/* Sets COUNT numbers; -1 leaves one unchanged. */
static s32 become_each(const u32 *id, u32 count)
{
	for (u32 i = 0; i < count; i++)
		if (id[i] && id[i] != ~0u)
			return -EPERM;
	return 0;
}

SYSCALL(become_two) { return become_each(arg, 2); }
SYSCALL(become_three) { return become_each(arg, 3); }

/* Writes the supplementary groups, of SIZE bytes each, to TO if ROOM is not 0. => how many there are */
static s32 get_groups(s32 room, vaddr_t to, u32 size)
{
	const u32 root = 0;
	s32 groups = task_current()->groups;

	if (room < 0 || (room && room < groups))
		return -EINVAL;
	for (s32 i = 0; room && i < groups; i++)
		if (usercopy_out(to + i * size, &root, size))
			return -EFAULT;
	return groups;
}

SYSCALL(getgroups) { return get_groups(arg[0], arg[1], sizeof(u32)); }
SYSCALL(getgroups16) { return get_groups(arg[0], arg[1], sizeof(u16)); }

/* The real, effective and saved number. */
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
	struct task *self = task_current();

	(void)arg;
	if (task_in_group(self->pid, 0))
		return -EPERM;
	self->sid = self->pid;
	task_set_group(self, self->pid);
	return self->pid;
}

SYSCALL(getsid)
{
	const struct task *t = arg[0] ? task_find(arg[0]) : task_current();

	return t ? (s32)t->sid : -ESRCH;
}

/* --- capabilities -------------------------------------------------------------------------------------------------- */

enum { VERSION_1 = 0x19980330, VERSION_2 = 0x20071026, VERSION_3 = 0x20080522 };
enum { SETS = 3 }; /* effective, permitted, inheritable */

/*
 * => words in a set of the version that HEADER names; -EINVAL: unknown, and a known version was stored in HEADER;
 * -EFAULT
 */
static s32 capability_words(vaddr_t header)
{
	const u32 known = VERSION_3;
	u32 version;

	if (usercopy_in(&version, header, sizeof(version)))
		return -EFAULT;
	if (version == VERSION_1)
		return 1;
	if (version == VERSION_2 || version == VERSION_3)
		return 2;
	return usercopy_out(header, &known, sizeof(known)) ? -EFAULT : -EINVAL;
}

/* All capabilities. Without an address for the sets the caller only asks for the version. */
SYSCALL(capget)
{
	const u32 sets[2 * SETS] = { ~0u, ~0u, 0, ~0u, ~0u, 0 };
	s32 words = capability_words(arg[0]), pid;

	if (!arg[1])
		return words == -EFAULT ? -EFAULT : 0;
	if (words < 0)
		return words;
	if (usercopy_in(&pid, arg[0] + sizeof(u32), sizeof(pid)))
		return -EFAULT;
	if (pid < 0)
		return -EINVAL;
	if (pid && !task_find(pid))
		return -ESRCH;
	return usercopy_out(arg[1], sets, words * SETS * sizeof(u32)) ? -EFAULT : 0;
}

/* None can be dropped, since the kernel checks none, and none made inheritable, since every program has them all. */
SYSCALL(capset)
{
	u32 sets[2 * SETS];
	s32 words = capability_words(arg[0]), pid;

	if (words < 0)
		return words;
	if (usercopy_in(&pid, arg[0] + sizeof(u32), sizeof(pid)))
		return -EFAULT;
	if (pid && pid != (s32)task_current()->pid)
		return -EPERM;
	if (usercopy_in(sets, arg[1], words * SETS * sizeof(u32)))
		return -EFAULT;
	for (s32 i = 0; i < words; i++)
		if (~sets[i * SETS] || ~sets[i * SETS + 1] || sets[i * SETS + 2])
			return -EPERM;
	return 0;
}
