/* /proc: the kernel's state as text files, in Linux's formats. */
#pragma once

#include "kernel/fs/filesystem.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/text.h"

struct file;
struct task;

extern struct filesystem proc_filesystem;

/*
 * A number that is shown and can perhaps be set: a variable of BYTES bytes, or what GET returns. A new number must be
 * from 0 to HIGH. SET is called in place of a store to the variable, and returns false if it refuses the number. Neither
 * function sleeps.
 */
struct proc_number {
	void *variable;
	u32 bytes;
	u32 high; /* 0: read-only; INT32_MAX or less: the variable is signed */
	u32 (*get)(void);
	bool (*set)(u32 number);
};

/* A variable that can be set from 0 to HIGHEST, and a number that never changes. */
#define PROC_NUMBER(name, highest, ...) \
	(&(const struct proc_number){ .variable = &(name), .bytes = sizeof(name), .high = (highest), ##__VA_ARGS__ })
#define PROC_CONSTANT(value) PROC_NUMBER((u32){ (value) }, 0)

/*
 * One name in /proc. Exactly one of children, descriptors, threads, number, show, read, link, held says what it is.
 * Tables of entries end with a NULL name. TASK is the task of the directory in which the entry is; NULL elsewhere.
 */
struct proc_entry {
	const char *name;
	/* a directory */
	const struct proc_entry *children;
	bool descriptors; /* of the task's open files, by number: links */
	bool threads;     /* of the task's threads: itself */
	const struct proc_number *number;
	/* generates the whole text; never sleeps, so that it shows one moment */
	void (*show)(struct text *t, struct task *task);
	/* SHOW appends as much as fits, from T->next (at first 0) on, and advances it; PROC_PARTS_END after the last part */
	bool parts;
	/* by position, as pagemap */
	s32 (*read)(struct file *f, vaddr_t dst, u32 n, u64 pos);
	/* the target of the symbolic link NAME => its length, -ENOENT, -ERANGE; never sleeps */
	int (*link)(const struct task *task, const char *name, char *buf, u32 size);
	/* the file that the symbolic link NAME leads to => NULL: none; no reference; never sleeps */
	struct inode *(*held)(const struct task *task, const char *name);
	/* stores what was written; NULL: read-only. May sleep, and TASK may end meanwhile. => 0 or error */
	int (*store)(struct task *task, const char *text);
};

/* A setting that is made in a higher folder; the functions are those of an entry. */
struct proc_setting_ops {
	void (*show)(struct text *t, struct task *task);
	int (*store)(struct task *task, const char *text);
};

extern const struct proc_setting_ops trace_setting_ops; /* kernel/trace.c */

extern const struct proc_entry proc_system_entries[]; /* system.c: /proc/meminfo and so on */
extern const struct proc_entry proc_task_entries[];   /* task.c: /proc/PID/... */
extern const struct proc_entry proc_sys_entries[];    /* sys.c: /proc/sys/... */

/* kernel/compat's: /proc/sysvipc and /proc/sys/kernel; NULL, and so no directories, in a kernel without that folder */
extern const struct proc_entry compat_sysvipc_entries[] __attribute__((weak));
extern const struct proc_entry compat_sys_kernel_entries[] __attribute__((weak));

/* kernel.c: the processor, names and limits of the kernel */
void proc_core_pattern_show(struct text *t, struct task *task);
void proc_cpuinfo_show(struct text *t, struct task *task);
void proc_filesystems_show(struct text *t, struct task *task);
void proc_limits_show(struct text *t, struct task *task);
void proc_hostname_show(struct text *t, struct task *task);
void proc_osrelease_show(struct text *t, struct task *task);
void proc_ostype_show(struct text *t, struct task *task);
void proc_version_show(struct text *t, struct task *task);

/* => the task whose directory F was opened in; NULL: it has ended, or F belongs to none. Valid until the next sleep. */
struct task *proc_file_task(const struct file *f);

void proc_mounts_show(struct text *t, struct task *task); /* system.c */

/* program.c: environment, auxiliary vector, name and out-of-memory adjustment of a task */
s32 proc_environ_read(struct file *f, vaddr_t dst, u32 n, u64 pos);
s32 proc_auxv_read(struct file *f, vaddr_t dst, u32 n, u64 pos);
void proc_comm_show(struct text *t, struct task *task);
int proc_comm_store(struct task *task, const char *text);
void proc_oom_score_show(struct text *t, struct task *task);
void proc_oom_adjust_show(struct text *t, struct task *task);
int proc_oom_adjust_store(struct task *task, const char *text);

/* links.c: links to the files of a task; and the first descriptor in use from FD on, FS_FILES: there is none */
struct inode *proc_held_cwd(const struct task *task, const char *name);
struct inode *proc_held_program(const struct task *task, const char *name);
struct inode *proc_held_root(const struct task *task, const char *name);
struct inode *proc_held_descriptor(const struct task *task, const char *name);
u32 proc_descriptor_from(const struct task *task, u32 fd);

/* maps.c: texts with an entry for each region, PROC_REGION_MAX bytes at most; made in parts */
#define PROC_PARTS_END 0xFFFFFFFFu
#define PROC_REGION_MAX 2048u
struct addrspace;
struct region;
void proc_regions_show(struct text *t, struct task *task,
		       void (*show)(struct text *t, struct addrspace *as, const struct region *r));
void proc_maps_show(struct text *t, struct task *task);
void proc_maps_line(struct text *t, const struct region *r);
s32 proc_pagemap_read(struct file *f, vaddr_t dst, u32 n, u64 pos);

/* Resident pages of a task by kind, in pages. */
struct proc_memory {
	u32 size, anon, file, shm, swapped, wired, text, data, stack;
};
void proc_memory(struct task *task, struct proc_memory *m);

/* smaps.c */
void proc_smaps_show(struct text *t, struct task *task);
void proc_smaps_rollup_show(struct text *t, struct task *task);

/* kpage.c */
s32 proc_kpagecount_read(struct file *f, vaddr_t dst, u32 n, u64 pos);
s32 proc_kpageflags_read(struct file *f, vaddr_t dst, u32 n, u64 pos);
