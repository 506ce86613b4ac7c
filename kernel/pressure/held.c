/*
 * How much memory a task holds: in its address space (mm/addrspace_held.c), through its descriptors, in its own
 * structures.
 *
 * A descriptor counts only for memory that is freed with it: pipes, and shared memory without a name. A file with a
 * name outlives the task, and pages of files on disks can be evicted at any time.
 */
#include "kernel/pressure/held.h"

#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/kstack.h"
#include "kernel/fs/file.h"
#include "kernel/fs/tmpfs.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/addrspace_held.h"

#define KIB_PER_FRAME (PAGE_SIZE / 1024)

static const char *const kind_names[HELD_KINDS] = {
	"pages", "locked pages", "page tables", "pipes", "other kernel memory",
};

/* => true: a descriptor below FD has the same file */
static bool is_duplicate(const struct fs_context *ctx, u32 fd)
{
	for (u32 i = 0; i < fd; i++)
		if (ctx->files[i] && ctx->files[i]->inode == ctx->files[fd]->inode)
			return true;
	return false;
}

/*
 * Counts the memory that is freed with F. => bytes of a pipe; shared memory without a name, and other bytes, are added
 * to AS
 */
static u32 count_file(const struct file *f, struct addrspace_held *as)
{
	u32 bytes = f->ops->held ? f->ops->held(f) : 0;

	if (f->inode->dev == INODE_DEV_PIPE)
		return bytes;
	as->heap += sizeof(*f) + sizeof(*f->inode) + bytes;
	if (tmpfs_is_file(f->inode) && !f->inode->links)
		addrspace_held_object(f->inode->ops->memobj(f->inode), as);
	return 0;
}

static u32 count_files(const struct fs_context *ctx, struct addrspace_held *as)
{
	u32 pipes = 0;

	as->heap += sizeof(*ctx);
	for (u32 fd = 0; fd < FS_FILES; fd++)
		if (ctx->files[fd] && !is_duplicate(ctx, fd))
			pipes += count_file(ctx->files[fd], as);
	for (const struct inode *dir = ctx->cwd; dir && dir->parent; dir = dir->parent)
		as->heap += sizeof(*dir) + strlen(dir->name);
	return pipes;
}

void held_by(const struct task *t, struct held *h)
{
	struct addrspace_held as;
	u32 pipes;

	addrspace_held(t->as, &as);
	as.heap += sizeof(*t) + sizeof(*t->signals) + FPU_BYTES + KSTACK_SIZE;
	pipes = t->fs ? count_files(t->fs, &as) : 0;
	h->kib[HELD_PAGES] = (as.pages - MIN(as.pages, as.locked)) * KIB_PER_FRAME;
	h->kib[HELD_LOCKED] = as.locked * KIB_PER_FRAME;
	h->kib[HELD_TABLES] = as.tables * KIB_PER_FRAME;
	h->kib[HELD_PIPES] = pipes / 1024;
	h->kib[HELD_OTHER] = as.heap / 1024;
}

u32 held_sum(const struct held *h, enum held_kind first)
{
	u32 sum = 0;

	for (u32 kind = first; kind < HELD_KINDS; kind++)
		sum += h->kib[kind];
	return sum;
}

void held_describe(const struct held *h, char *buf, u32 size)
{
	struct held left = *h;
	u32 at = 0;

	buf[0] = 0;
	for (u32 n = 0; n < HELD_KINDS && at < size; n++) {
		u32 most = 0;

		for (u32 kind = 1; kind < HELD_KINDS; kind++)
			if (left.kib[kind] > left.kib[most])
				most = kind;
		if (!left.kib[most])
			return;
		at += format(buf + at, size - at, "%s%u KiB of %s", at ? ", " : "", left.kib[most], kind_names[most]);
		left.kib[most] = 0;
	}
}
