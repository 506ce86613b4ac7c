/*
 * The tree of /proc: its inodes and directories. (Reading and writing of its files: file.c.)
 *
 * A name's inode is made when the name is looked up, from the entry that describes it in a table, and freed with its
 * last reference: only the root exists forever.
 */
#include "kernel/fs/proc/proc.h"

#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/proc/inode.h"
#include "kernel/task/task.h"
#include "mm/kmalloc.h"

#define PROC_MAGIC 0x9FA0   /* f_type of statfs(2) */
#define PROC_PIDS 0x1000u /* position of the task with number 0 in /proc */

static const struct inode_ops proc_ops;

static const struct proc_entry proc_task_directory = { .children = proc_task_entries };
static const struct proc_entry proc_thread_directory = { .children = proc_task_entries + 1 };
static const struct proc_entry proc_root_directory = { .children = proc_system_entries };
static const struct proc_entry proc_descriptor = { .held = proc_held_descriptor };

static struct proc_inode proc_root_inode;
static struct inode proc_root = {
	.refs = 1, .dev = INODE_DEV_PROC, .ino = 1, .mode = S_IFDIR | 0555, .links = 2, .ops = &proc_ops,
	.file_ops = &directory_ops,
};

static const struct filesystem_ops proc_filesystem_ops = { 0 };
struct filesystem proc_filesystem = {
	.name = "proc", .dev = INODE_DEV_PROC, .type = PROC_MAGIC, .ops = &proc_filesystem_ops, .root = &proc_root,
};

const struct proc_inode *proc_of(const struct inode *inode)
{
	return inode == &proc_root ? &proc_root_inode : container_of(inode, struct proc_inode, inode);
}

static const struct proc_entry *proc_children(const struct inode *dir)
{
	return dir == &proc_root ? proc_root_directory.children : proc_of(dir)->entry->children;
}

struct task *proc_task(const struct proc_inode *p)
{
	struct task *t = p->pid ? task_find(p->pid) : NULL;

	return t && t->started_ns == p->started ? t : NULL;
}

static u32 proc_ino(const struct proc_entry *e, u32 pid)
{
	return pid << 12 | ((u32)(uintptr_t)e >> 3 & 0xFFF);
}

static u32 proc_mode(const struct proc_entry *e)
{
	if (e->children || e->descriptors || e->threads)
		return S_IFDIR | 0555;
	if (e->link || e->held)
		return S_IFLNK | 0777;
	if (e->number)
		return S_IFREG | (e->number->high ? 0644 : 0444);
	return S_IFREG | (e->show || e->read ? 0444 : 0) | (e->store ? 0200 : 0);
}

static int proc_create(struct inode *dir, const struct proc_entry *e, const char *name, u32 pid, struct inode **out)
{
	struct proc_inode *p = kmalloc_wait(sizeof(*p));
	struct task *task = pid ? task_find(pid) : NULL; /* again: the allocation may have slept */

	if (!p || (pid && !task)) {
		kfree(p);
		return p ? -ENOENT : -ENOMEM;
	}
	memset(p, 0, sizeof(*p));
	p->entry = e;
	p->pid = pid;
	p->started = task ? task->started_ns : 0;
	strlcpy(p->name, name, sizeof(p->name));
	p->inode = (struct inode){
		.refs = 1, .dev = INODE_DEV_PROC, .ino = proc_ino(e, pid), .mode = proc_mode(e), .links = 1,
		.ops = &proc_ops,
	};
	p->inode.file_ops = inode_is(&p->inode, S_IFDIR) ? &directory_ops : &proc_file_ops;
	sleeplock_init(&p->inode.write_lock);
	inode_set_place(&p->inode, dir, p->name);
	*out = &p->inode;
	return 0;
}

static void proc_release(struct inode *inode)
{
	inode_unref(inode->parent);
	kfree(container_of(inode, struct proc_inode, inode));
}

/* => the number that NAME is, without a sign or leading zeros; ~0: it is none */
static u32 proc_number(const char *name, u32 length)
{
	char text[12];
	u32 number;

	if (length >= sizeof(text) || (name[0] == '0' && length > 1) || name[0] < '0' || name[0] > '9')
		return ~0u;
	memcpy(text, name, length);
	text[length] = 0;
	return string_to_u32(text, &number) ? number : ~0u;
}

/* The link of descriptor number FD in a task's fd directory DIR. */
static int proc_lookup_descriptor(struct inode *dir, u32 fd, struct inode **out)
{
	const struct proc_inode *d = proc_of(dir);
	char name[12];

	if (fd >= FS_FILES || proc_descriptor_from(proc_task(d), fd) != fd)
		return -ENOENT;
	format(name, sizeof(name), "%u", fd);
	return proc_create(dir, &proc_descriptor, name, d->pid, out);
}

static int proc_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	const struct proc_inode *d = proc_of(dir);
	u32 number = proc_number(name, length);
	char text[12];

	if (d->pid && !proc_task(d))
		return -ENOENT;
	if (dir != &proc_root && d->entry->descriptors)
		return proc_lookup_descriptor(dir, number, out);
	if (dir != &proc_root && d->entry->threads)
		return number == d->pid ? proc_create(dir, &proc_thread_directory, d->name, number, out) : -ENOENT;
	for (const struct proc_entry *e = proc_children(dir); e->name; e++)
		if (inode_name_is(name, length, e->name))
			return proc_create(dir, e, e->name, d->pid, out);
	if (dir != &proc_root || !number || !task_find(number))
		return -ENOENT;
	format(text, sizeof(text), "%u", number);
	return proc_create(dir, &proc_task_directory, text, number, out);
}

/* The task with the lowest number that is at least *POS - PROC_PIDS. */
static int proc_next_task(u64 *pos, struct dirent *out)
{
	u64 least = MAX(*pos, (u64)PROC_PIDS) - PROC_PIDS;
	const struct task *found = task_find_from(MIN(least, TASK_PID_MAX + 1ull));
	char name[12];

	if (!found)
		return 0;
	dirent_set(out, proc_ino(&proc_task_directory, found->pid), S_IFDIR, name,
		   format(name, sizeof(name), "%u", found->pid));
	*pos = (u64)PROC_PIDS + found->pid + 1;
	return 1;
}

static int proc_next_descriptor(struct inode *dir, u64 *pos, struct dirent *out)
{
	const struct proc_inode *d = proc_of(dir);
	const struct task *task = proc_task(d);
	u32 fd = task && *pos < FS_FILES + 2 ? proc_descriptor_from(task, (u32)*pos - 2) : FS_FILES;
	char name[12];

	if (fd == FS_FILES)
		return 0;
	dirent_set(out, proc_ino(&proc_descriptor, d->pid), S_IFLNK, name, format(name, sizeof(name), "%u", fd));
	*pos = fd + 3;
	return 1;
}

/* A task is its only thread. */
static int proc_next_thread(struct inode *dir, u64 *pos, struct dirent *out)
{
	u32 pid = proc_of(dir)->pid;
	char name[12];

	if (*pos > 2)
		return 0;
	dirent_set(out, proc_ino(&proc_thread_directory, pid), S_IFDIR, name, format(name, sizeof(name), "%u", pid));
	*pos = 3;
	return 1;
}

static int proc_next(struct inode *dir, u64 *pos, struct dirent *out)
{
	const struct proc_inode *d = proc_of(dir);
	const struct proc_entry *e = proc_children(dir);
	u64 at = 2;

	if (dirent_dots(dir, pos, out))
		return 1;
	if (dir != &proc_root && d->entry->descriptors)
		return proc_next_descriptor(dir, pos, out);
	if (dir != &proc_root && d->entry->threads)
		return proc_next_thread(dir, pos, out);
	for (; e->name && at < *pos; e++)
		at++;
	if (at == *pos && e->name) {
		dirent_set(out, proc_ino(e, d->pid), proc_mode(e), e->name, strlen(e->name));
		++*pos;
		return 1;
	}
	return dir == &proc_root ? proc_next_task(pos, out) : 0;
}

static int proc_readlink(struct inode *inode, char *buf, u32 size)
{
	const struct proc_inode *p = proc_of(inode);
	const struct task *task = proc_task(p);
	const struct inode *held;

	if (p->pid && !task)
		return -ENOENT;
	if (p->entry->link)
		return p->entry->link(task, p->name, buf, size);
	held = p->entry->held(task, p->name);
	return held ? inode_describe(held, buf, size) : -ENOENT;
}

static int proc_follow(struct inode *inode, struct inode **out)
{
	const struct proc_inode *p = proc_of(inode);
	const struct task *task = proc_task(p);

	if (!p->entry->held)
		return 1;
	*out = task ? p->entry->held(task, p->name) : NULL;
	if (!*out)
		return -ENOENT;
	inode_ref(*out);
	return 0;
}

static const struct inode_ops proc_ops = {
	.lookup = proc_lookup, .next = proc_next, .readlink = proc_readlink, .follow = proc_follow, .release = proc_release,
};
