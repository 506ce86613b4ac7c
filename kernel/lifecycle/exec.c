/*
 * execve: copy the strings, build the new address space, then commit by switching to it. Every error before the commit
 * returns to the old program; nothing after it can fail.
 *
 * Source: execve(2).
 */
#include "kernel/lifecycle/exec.h"

#include "kernel/base/cpu.h"
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/syscall.h"
#include "kernel/cpu/trap.h"
#include "kernel/fs/file.h"
#include "kernel/lifecycle/arguments.h"
#include "kernel/lifecycle/elf.h"
#include "kernel/lifecycle/exit.h"
#include "kernel/lifecycle/first_stack.h"
#include "kernel/lifecycle/script.h"
#include "kernel/signal/signal.h"
#include "kernel/task/compat.h"
#include "kernel/task/task.h"
#include "mm/memobj.h"
#include "mm/mm.h"

#define SCRIPTS_MAX 5 /* scripts whose interpreter is a script: the depth */

static void name_task(struct task *t, const char *name, const struct arguments *s)
{
	const char *slash = strrchr(name, '/');
	u32 bytes = MIN(s->bytes, sizeof(t->command));

	task_set_name(t, slash ? slash + 1 : name);
	t->not_dumpable = false;
	t->barriers = 0;
	t->command_length = 0;
	if (!s->frames[0])
		return;
	memcpy(t->command, frame_ptr(s->frames[0]), bytes);
	for (u32 strings = 0; strings < s->argc && t->command_length < bytes; strings++)
		t->command_length += strnlen(t->command + t->command_length, bytes - t->command_length) + 1;
	t->command_length = MIN(t->command_length, bytes);
}

static void set_registers(struct trapframe *tf, vaddr_t entry, vaddr_t sp)
{
	memset(tf, 0, sizeof(*tf));
	tf->cs = GDT_USER_CODE;
	tf->ds = tf->es = tf->ss = GDT_USER_DATA;
	tf->eip = entry;
	tf->esp = sp;
	tf->eflags = EFLAGS_IF;
}

static void commit(struct task *t, struct addrspace *as, const char *name, const struct arguments *s)
{
	struct addrspace *old = t->as;

	if (old && &compat_ops)
		compat_ops.leave_program();
	task_enter_space(t, as);
	if (old)
		exit_leave_space(old);
	addrspace_rename(as, t->pid, name);
	if (t->fs)
		fs_context_exec(t->fs);
	t->exit_signal = SIGCHLD;
	signal_exec();
	fpu_reset(t->thread.fpu);
	memset(t->thread.segments, 0, sizeof(t->thread.segments));
	gdt_enter_thread(&t->thread);
	name_task(t, name, s);
}

int exec_image(const char *name, struct memobj *obj, u64 size, const struct arguments *s)
{
	struct task *t = task_current();
	struct addrspace *as = addrspace_create(t->pid + ADDRSPACE_BUILDING);
	struct user_range ranges[2];
	struct elf_image image;
	vaddr_t sp;
	int error;

	if (!as)
		return -ENOMEM;
	error = elf_load(as, obj, size, &image);
	if (!error)
		error = first_stack_build(as, s, &image, &sp, ranges);
	if (error == -ENOEXEC && image.wants_linker)
		printk("%s: dynamically linked, and there is no dynamic linker here: link it with -static\n", name);
	if (error) {
		addrspace_destroy(as);
		return error;
	}
	as->heap_start = as->heap_end = image.end;
	if (t->as) {
		as->resident_limit = t->as->resident_limit;
		as->stack_limit = t->as->stack_limit;
		as->mmap_top = layout_mmap_top(as->stack_limit);
	}
	commit(t, as, name, s);
	t->environment = ranges[0];
	t->auxiliary = ranges[1];
	set_registers(t->tf, image.entry, sp);
	return 0;
}

/*
 * Opens an executable file. => 0, a reference in *OUT, and inode_begin_run() of its inode has been called; or an error
 */
static int open_program(const char *path, struct file **out)
{
	struct file *f;
	int error = file_open_program(path, &f);

	if (error)
		return error;
	if (!file_memobj(f))
		error = -ENOEXEC;
	else if (addrspace_may_store(file_memobj(f)))
		error = -ETXTBSY; /* a shared writable mapping: on Linux it keeps the file open for writing */
	else
		error = inode_begin_run(f->inode);
	if (error)
		file_put(f);
	else
		*out = f;
	return error;
}

/*
 * Runs the file at PATH as the program NAME. => 0; 1: it is a script, and S now starts with its interpreter; or an
 * error
 */
static int run_file(const char *path, const char *name, struct arguments *s)
{
	struct file *f;
	int result = open_program(path, &f);

	if (result)
		return result;
	result = script_take(file_memobj(f), f->inode->size, path, s);
	if (!result) {
		result = exec_image(name, file_memobj(f), f->inode->size, s);
		if (!result) {
			fs_context_set_program(f->inode);
			file_put(f);
			return 0;
		}
	}
	inode_end_run(f->inode);
	file_put(f);
	return result;
}

/* A script's interpreter may be a script itself. The task gets the name of the file that was asked for. */
int exec_path(const char *path, struct arguments *s)
{
	int result = run_file(path, path, s);

	for (u32 scripts = 1; result > 0 && scripts <= SCRIPTS_MAX; scripts++)
		result = run_file(arguments_first(s), path, s);
	return result > 0 ? -ELOOP : result;
}

int exec_user(const char *path, vaddr_t argv, vaddr_t envp)
{
	struct arguments s;
	int error;

	arguments_init(&s);
	error = arguments_collect(&s, argv, envp);
	if (!error)
		error = exec_path(path, &s);
	arguments_free(&s);
	return error;
}

SYSCALL(execve)
{
	char *path = kmalloc(PATH_MAX); /* too big for the kernel stack */
	s32 result = path ? usercopy_string(path, arg[0], PATH_MAX) : -ENOMEM;

	if (result >= 0)
		result = exec_user(path, arg[1], arg[2]);
	kfree(path);
	return result;
}
