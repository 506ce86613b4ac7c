/*
 * Files of /proc: reading and writing.
 *
 * A text is generated completely by the first read (and again by a read from position 0), without sleeping, so that it
 * shows one moment; the reads then copy pieces of it. A text that grows with the number of a task's regions is
 * generated in parts as it is read, so that it takes a bounded amount of kernel memory; only each part shows one moment.
 *
 * A file refers to its task by number and start time, never by pointer: when the task has ended, a read answers -ESRCH.
 */
#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/proc/inode.h"
#include "kernel/fs/proc/proc.h"
#include "mm/layout.h"
#include "mm/usercopy.h"

#define PROC_TEXT_PAGES 256u
#define PROC_PART_PAGES 4u
#define PROC_STORE_MAX 128u

struct task *proc_file_task(const struct file *f)
{
	return proc_task(proc_of(f->inode));
}

/* --- numbers ------------------------------------------------------------------------------------------------------- */

static void proc_number_show(struct text *t, const struct proc_number *n)
{
	u32 number = 0;

	if (n->get)
		number = n->get();
	else
		memcpy(&number, n->variable, n->bytes);
	text_add(t, n->high > INT32_MAX ? "%u\n" : "%d\n", number);
}

static int proc_number_store(const struct proc_number *n, const char *text)
{
	u32 number;

	if (!string_to_u32(text, &number) || number > n->high)
		return -EINVAL;
	if (n->set)
		return n->set(number) ? 0 : -EINVAL;
	memcpy(n->variable, &number, n->bytes);
	return 0;
}

/* --- texts --------------------------------------------------------------------------------------------------------- */

/* Makes the text of F anew, in place of the one before. => 0, -ENOMEM, -ESRCH; may sleep */
static int proc_generate(struct file *f)
{
	const struct proc_inode *p = proc_of(f->inode);
	u32 pages = 1;

	while (pages <= PROC_TEXT_PAGES) {
		struct text *t = text_create(pages);
		struct task *task = proc_task(p);

		if (!t)
			return -ENOMEM;
		if (p->pid && !task) {
			text_free(t);
			return -ESRCH;
		}
		if (p->entry->number)
			proc_number_show(t, p->entry->number);
		else
			p->entry->show(t, task);
		if (text_fits(t)) {
			text_free(f->data);
			f->data = t;
			return 0;
		}
		pages = DIV_UP(t->length + t->length / 8, PAGE_SIZE);
		text_free(t);
	}
	return -ENOMEM;
}

/* Makes the part of F's text that contains byte POS, or the last one, unless it exists already. => as proc_generate() */
static int proc_generate_part(struct file *f, u64 pos)
{
	const struct proc_inode *p = proc_of(f->inode);
	struct text *t = f->data ? f->data : text_create(PROC_PART_PAGES);
	struct task *task = proc_task(p);

	if (!t)
		return -ENOMEM;
	if (t != f->data)
		text_free(f->data); /* made by another reader while this one slept */
	f->data = t;
	if (!task)
		return -ESRCH;
	if (pos == 0 || pos < t->from)
		t->from = t->length = t->next = 0;
	while (pos >= t->from + t->length && t->next != PROC_PARTS_END) {
		t->from += t->length;
		t->length = 0;
		p->entry->show(t, task);
	}
	return 0;
}

/* => bytes from byte POS of F's text in PIECE, of SIZE bytes; 0 at the end; an error as of proc_generate() */
static s32 proc_piece(struct file *f, u64 pos, char *piece, u32 size)
{
	const struct text *t;
	int r = proc_of(f->inode)->entry->parts ? proc_generate_part(f, pos) : 0;

	if (r < 0)
		return r;
	t = f->data;
	return pos > UINT32_MAX ? 0 : text_copy(t, pos - t->from, piece, size);
}

static s32 proc_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	const struct proc_entry *e = proc_of(f->inode)->entry;
	u32 done = 0;
	int r = 0;

	if (e->read)
		return e->read(f, dst, n, pos);
	if (!e->show && !e->number)
		return -EINVAL;
	if (!e->parts && (!f->data || pos == 0))
		r = proc_generate(f);
	if (r < 0)
		return r;
	while (done < n) {
		/* Checked again after each copy: another reader of this file may have made a new text. */
		char piece[256];
		s32 take = proc_piece(f, pos + done, piece, MIN(n - done, sizeof(piece)));

		if (take <= 0)
			return done ? (s32)done : take;
		if (usercopy_out(dst + done, piece, take) < 0)
			return done ? (s32)done : -EFAULT;
		done += take;
	}
	return done;
}

static s32 proc_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	const struct proc_inode *p = proc_of(f->inode);
	const struct proc_entry *e = p->entry;
	char text[PROC_STORE_MAX];
	struct task *task;
	u32 length;
	int r;

	(void)pos;
	if (!(f->inode->mode & 0200))
		return -EACCES;
	if (n >= sizeof(text))
		return -EINVAL;
	if (usercopy_in(text, src, n) < 0)
		return -EFAULT;
	length = n;
	while (length && (text[length - 1] == '\n' || text[length - 1] == ' '))
		length--;
	text[length] = 0;
	task = proc_task(p);
	if (p->pid && !task)
		return -ESRCH;
	r = e->number ? proc_number_store(e->number, text) : e->store(task, text);
	return r < 0 ? r : (s32)n;
}

static void proc_file_release(struct file *f)
{
	text_free(f->data);
}

static u32 proc_file_held(const struct file *f)
{
	const struct text *t = f->data;

	return t ? t->pages * PAGE_SIZE : 0;
}

const struct file_ops proc_file_ops = {
	.read = proc_read, .write = proc_write, .held = proc_file_held, .release = proc_file_release,
};
