/*
 * The files of /proc/PID about a task's program: its environment and auxiliary vector, its name, and its adjustment for
 * the choice of a task to kill when memory is exhausted.
 *
 * The environment and the auxiliary vector lie in the program's own memory. It may read them here, as C libraries and
 * debugging tools do; another task may not, as on Linux without the right to trace it.
 *
 * Source: proc(5).
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/pressure/oom.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

/* N bytes at POS of a range of the current task's memory. => how many were read; -EFAULT; may sleep */
static s32 program_read(const struct user_range *range, vaddr_t dst, u32 n, u64 pos)
{
	u32 size = range->end - range->start, done = 0;
	char piece[128];

	if (pos >= size)
		return 0;
	n = MIN(n, size - (u32)pos);
	while (done < n) {
		u32 take = MIN(n - done, sizeof(piece));

		if (usercopy_in(piece, range->start + (u32)pos + done, take) || usercopy_out(dst + done, piece, take))
			return done ? (s32)done : -EFAULT;
		done += take;
	}
	return done;
}

/* => 0; -EACCES: F belongs to another task; -ESRCH: that task has ended */
static int program_of_caller(const struct file *f)
{
	const struct task *task = proc_file_task(f);

	if (!task)
		return -ESRCH;
	return task == task_current() ? 0 : -EACCES;
}

s32 proc_environ_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	int error = program_of_caller(f);

	return error ? error : program_read(&task_current()->environment, dst, n, pos);
}

s32 proc_auxv_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	int error = program_of_caller(f);

	return error ? error : program_read(&task_current()->auxiliary, dst, n, pos);
}

void proc_comm_show(struct text *t, struct task *task)
{
	text_add(t, "%s\n", task->name);
}

int proc_comm_store(struct task *task, const char *text)
{
	if (task != task_current())
		return -EINVAL;
	task_set_name(task, text);
	return 0;
}

void proc_oom_score_show(struct text *t, struct task *task)
{
	text_add(t, "%u\n", task->as ? oom_score(task) : 0);
}

void proc_oom_adjust_show(struct text *t, struct task *task)
{
	text_add(t, "%d\n", task->oom_adjust);
}

int proc_oom_adjust_store(struct task *task, const char *text)
{
	bool negative = text[0] == '-';
	u32 amount;

	if (!string_to_u32(text + negative, &amount) || amount > OOM_ADJUST_MAX)
		return -EINVAL;
	task->oom_adjust = negative ? -(s32)amount : (s32)amount;
	return 0;
}
