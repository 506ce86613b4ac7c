/* Inodes of /proc, for proc.c, which makes them, and file.c, which reads and writes their files. */
#pragma once

#include "kernel/fs/inode.h"

struct proc_entry;
struct task;

struct proc_inode {
	struct inode inode;
	const struct proc_entry *entry;
	u32 pid;          /* 0: of no task */
	u64 started;      /* that task's started_ns */
	char name[20];
};

extern const struct file_ops proc_file_ops;

/* => what describes INODE, which is in /proc */
const struct proc_inode *proc_of(const struct inode *inode);

/* => the task that P belongs to; NULL: it has ended, or P belongs to none. Valid until the next sleep. */
struct task *proc_task(const struct proc_inode *p);
