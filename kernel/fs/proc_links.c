/*
 * What a task has hold of, as symbolic links: /proc/PID/cwd, exe, root, fd/N.
 *
 * A link's text is the path that the file has now, and to follow it is to walk that path. Linux goes straight to the
 * file; here a pipe, or a file that has lost its name, cannot be opened anew through its descriptor.
 *
 * Source: proc(5).
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/path.h"
#include "kernel/fs/proc.h"
#include "kernel/task.h"

static int proc_link_to(const struct inode *inode, char *buf, u32 size)
{
	return inode ? inode_describe(inode, buf, size) : -ENOENT;
}

int proc_link_cwd(const struct task *task, const char *name, char *buf, u32 size)
{
	(void)name;
	return proc_link_to(task->fs && task->fs->cwd ? task->fs->cwd : path_root(), buf, size);
}

int proc_link_program(const struct task *task, const char *name, char *buf, u32 size)
{
	(void)name;
	return proc_link_to(task->fs ? task->fs->program : NULL, buf, size);
}

int proc_link_root(const struct task *task, const char *name, char *buf, u32 size)
{
	(void)task, (void)name;
	return proc_link_to(path_root(), buf, size);
}

int proc_link_descriptor(const struct task *task, const char *name, char *buf, u32 size)
{
	u32 fd;

	if (!string_to_u32(name, &fd) || proc_descriptor_from(task, fd) != fd || fd >= FS_FILES)
		return -ENOENT;
	return proc_link_to(task->fs->files[fd]->inode, buf, size);
}

u32 proc_descriptor_from(const struct task *task, u32 fd)
{
	while (fd < FS_FILES && !(task->fs && task->fs->files[fd]))
		fd++;
	return fd;
}
