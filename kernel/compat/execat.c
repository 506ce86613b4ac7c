/*
 * execveat: runs the program at a path relative to a descriptor's directory, or the descriptor's own file, which need
 * not have a name.
 *
 * /dev/fd/N is the file of descriptor N. So the call is an execve of a path that begins there, which is also the name
 * that a script's interpreter gets, as on Linux.
 *
 * Source: execveat(2).
 */
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/path.h"
#include "kernel/lifecycle/exec.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

#define PREFIX_MAX sizeof("/dev/fd/4294967295/")

/*
 * Checks the file. => 0; -ELOOP: a symbolic link, and FLAGS forbid these, -EACCES: no regular file, or as
 * path_inode_user()
 */
static s32 execat_check(s32 dirfd, vaddr_t text, u32 flags)
{
	struct inode *inode;
	s32 r = path_inode_user(dirfd, text, path_flags_at(flags), &inode);

	if (r < 0)
		return r;
	r = inode_is(inode, S_IFLNK) ? -ELOOP : inode_is(inode, S_IFREG) ? 0 : -EACCES;
	inode_unref(inode);
	return r;
}

/* Stores the path for execve in PATH, of PREFIX_MAX + PATH_MAX bytes. => 0, -EFAULT, -ENAMETOOLONG */
static s32 make_path(char *path, s32 dirfd, vaddr_t text)
{
	char *end;
	s32 r = usercopy_string(path + PREFIX_MAX, text, PATH_MAX);

	if (r < 0)
		return r;
	end = path;
	if (path[PREFIX_MAX] != '/' && dirfd != PATH_AT_FDCWD)
		end += format(path, PREFIX_MAX, r ? "/dev/fd/%d/" : "/dev/fd/%d", dirfd);
	memmove(end, path + PREFIX_MAX, r + 1);
	return 0;
}

SYSCALL(execveat)
{
	char *path;
	s32 r;

	if (arg[4] & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	r = arg[1] ? execat_check(arg[0], arg[1], arg[4]) : -EFAULT;
	if (r < 0)
		return r;
	path = kmalloc_wait(PREFIX_MAX + PATH_MAX);
	r = path ? make_path(path, arg[0], arg[1]) : -ENOMEM;
	if (r == 0)
		r = exec_user(path, arg[2], arg[3]);
	kfree(path);
	return r;
}
