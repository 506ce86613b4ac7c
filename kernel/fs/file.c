/*
 * Open files and the descriptor tables of tasks. See file.h.
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/flock.h"
#include "kernel/fs/record_lock.h"
#include "kernel/task/limit.h"
#include "kernel/task/task.h"
#include "mm/kmalloc.h"

const struct file_ops directory_ops = { 0 };

struct file *file_create(struct inode *inode, u32 flags)
{
	struct file *f = kmalloc_wait(sizeof(*f));

	if (!f)
		return NULL;
	*f = (struct file){ .refs = 1, .flags = flags, .inode = inode, .ops = flags & O_PATH ? &directory_ops : inode->file_ops };
	sleeplock_init(&f->pos_lock);
	return f;
}

void file_ref(struct file *f)
{
	f->refs++;
}

void file_put(struct file *f)
{
	ASSERT_CMP(f->refs, >, 0);
	if (--f->refs)
		return;
	flock_release(f);
	record_lock_release(f);
	if (f->ops->release)
		f->ops->release(f);
	if (f->writes)
		inode_end_write(f->inode);
	inode_unref(f->inode);
	kfree(f);
}

int file_seek_base(const struct file *f, u32 whence, u64 *base)
{
	switch (whence) {
	case SEEK_SET:
		*base = 0;
		return 0;
	case SEEK_CUR:
		*base = f->pos;
		return 0;
	case SEEK_END:
		*base = f->inode->size;
		return 0;
	default:
		return -EINVAL;
	}
}

struct fs_context *fs_context_current(void)
{
	struct fs_context *ctx = task_current()->fs;

	ASSERT(ctx);
	return ctx;
}

struct file *file_get_place(u32 fd)
{
	struct file *f = fd < FS_FILES ? fs_context_current()->files[fd] : NULL;

	if (f)
		file_ref(f);
	return f;
}

struct file *file_get(u32 fd)
{
	struct file *f = file_get_place(fd);

	if (!f || !(f->flags & O_PATH))
		return f;
	file_put(f);
	return NULL;
}

struct fs_context *fs_context_create(struct inode *console)
{
	struct fs_context *ctx = kmalloc_wait(sizeof(*ctx));
	struct file *f;

	if (!ctx)
		return NULL;
	inode_ref(console);
	f = file_create(console, O_RDWR | O_LARGEFILE);
	if (!f) {
		inode_unref(console);
		kfree(ctx);
		return NULL;
	}
	memset(ctx, 0, sizeof(*ctx));
	ctx->umask = 022;
	for (u32 fd = 0; fd < 3; fd++) {
		ctx->files[fd] = f;
		file_ref(f);
	}
	file_put(f);
	return ctx;
}

struct fs_context *fs_context_fork(struct fs_context *parent)
{
	struct fs_context *ctx = kmalloc(sizeof(*ctx));

	if (!ctx)
		return NULL;
	*ctx = *parent;
	for (u32 fd = 0; fd < FS_FILES; fd++)
		if (ctx->files[fd])
			file_ref(ctx->files[fd]);
	if (ctx->cwd)
		inode_ref(ctx->cwd);
	if (ctx->program) {
		ctx->program->writers--; /* inode_begin_run() cannot fail: the program is running already */
		inode_ref(ctx->program);
	}
	return ctx;
}

void fs_context_exec(struct fs_context *ctx)
{
	for (u32 fd = 0; fd < FS_FILES; fd++)
		if (ctx->cloexec & 1ull << fd)
			fs_context_close(ctx, fd);
}

static void fs_context_end_program(struct fs_context *ctx)
{
	if (!ctx->program)
		return;
	inode_end_run(ctx->program);
	inode_unref(ctx->program);
}

void fs_context_set_program(struct inode *inode)
{
	struct fs_context *ctx = fs_context_current();

	inode_ref(inode);
	fs_context_end_program(ctx);
	ctx->program = inode;
}

void fs_context_destroy(struct fs_context *ctx)
{
	for (u32 fd = 0; fd < FS_FILES; fd++)
		fs_context_close(ctx, fd);
	if (ctx->cwd)
		inode_unref(ctx->cwd);
	fs_context_end_program(ctx);
	kfree(ctx);
}

int fs_context_install(struct fs_context *ctx, struct file *f, u32 from, bool cloexec)
{
	for (u32 fd = from; fd < limit_files(); fd++) {
		if (ctx->files[fd])
			continue;
		ctx->files[fd] = f;
		if (cloexec)
			ctx->cloexec |= 1ull << fd;
		return fd;
	}
	return -EMFILE;
}

int fs_context_close(struct fs_context *ctx, u32 fd)
{
	struct file *f = fd < FS_FILES ? ctx->files[fd] : NULL;

	if (!f)
		return -EBADF;
	ctx->files[fd] = NULL;
	ctx->cloexec &= ~(1ull << fd);
	if (!(f->flags & O_PATH)) /* O_PATH names the file without opening it */
		record_lock_close(ctx, f->inode);
	file_put(f);
	return 0;
}
