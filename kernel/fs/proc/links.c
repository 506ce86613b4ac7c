/*
 * The files that a task holds, as symbolic links: /proc/PID/cwd, exe, root, fd/N.
 *
 * A link's text is the path that the file has, or had. Following the link does not walk that path: it leads straight to
 * the inode, so that a file without a name can be opened again, or run.
 *
 * Source: proc(5).
 */
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/task/task.h"

struct inode *proc_held_cwd(const struct task *task, const char *name)
{
	(void)name;
	return task->fs && task->fs->cwd ? task->fs->cwd : filesystem_root;
}

struct inode *proc_held_program(const struct task *task, const char *name)
{
	(void)name;
	return task->fs ? task->fs->program : NULL;
}

struct inode *proc_held_root(const struct task *task, const char *name)
{
	(void)task, (void)name;
	return filesystem_root;
}

struct inode *proc_held_descriptor(const struct task *task, const char *name)
{
	u32 fd;

	if (!string_to_u32(name, &fd) || proc_descriptor_from(task, fd) != fd || fd >= FS_FILES)
		return NULL;
	return task->fs->files[fd]->inode;
}

u32 proc_descriptor_from(const struct task *task, u32 fd)
{
	while (fd < FS_FILES && !(task->fs && task->fs->files[fd]))
		fd++;
	return fd;
}
