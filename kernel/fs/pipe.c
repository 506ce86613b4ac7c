/*
 * Pipes: a stream of bytes from writers to readers.
 *
 * The bytes are in a ring of pages (pipe_ring.c). A copy from or to the user may fault and sleep, so a task moves bytes with
 * the pipe's lock held. It releases the lock before it sleeps for bytes or room: every read and write wakes all sleepers,
 * and each checks again.
 *
 * A writer adds pieces of at most 4096 bytes: so a write of at most 4096 bytes, of however many vectors, is atomic, and
 * larger ones of several writers may be mixed.
 *
 * Source: POSIX, write(), "pipe or FIFO".
 */
#include "kernel/fs/pipe.h"

#include "kernel/base/panic.h"
#include "kernel/base/wait.h"
#include "kernel/fs/file.h"
#include "kernel/fs/pipe_ring.h"
#include "kernel/fs/sleeplock.h"
#include "kernel/fs/syscalls.h"
#include "kernel/fs/tty/settings.h"
#include "kernel/signal/signal.h"
#include "kernel/task/alloc.h"
#include "kernel/task/task.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

struct pipe {
	struct inode inode;
	struct pipe_ring ring;
	u32 readers, writers;    /* open ends */
	struct sleeplock lock;   /* held while bytes move */
	struct waitq changed;    /* bytes or room came, or an end went */
};

static u32 pipe_last_ino;

static struct pipe *pipe_of(const struct file *f)
{
	return container_of(f->inode, struct pipe, inode);
}

/* Releases the lock, sleeps until something changes, takes the lock again. => 0, or -ERESTART with the lock not held */
static int pipe_wait(struct pipe *p)
{
	sleeplock_release(&p->lock);
	if (wait_on_until(&p->changed, WAIT_FOREVER) == WAIT_INTERRUPTED)
		return -ERESTART;
	return sleeplock_take(&p->lock);
}

static s32 pipe_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	struct pipe *p = pipe_of(f);
	s32 r = sleeplock_take(&p->lock);

	(void)pos;
	while (r == 0 && !pipe_ring_bytes(&p->ring)) {
		if (!p->writers || (f->flags & O_NONBLOCK)) {
			r = p->writers ? -EAGAIN : 0;
			sleeplock_release(&p->lock);
			return r;
		}
		r = pipe_wait(p);
	}
	if (r < 0)
		return r;
	r = pipe_ring_pull(&p->ring, dst, n);
	sleeplock_release(&p->lock);
	wake_all(&p->changed);
	return r ? r : -EFAULT;
}

static s32 pipe_write_from(struct file *f, const struct pipe_source *src, u32 n)
{
	struct pipe *p = pipe_of(f);
	u32 done = 0;
	s32 r = sleeplock_take(&p->lock);

	if (r < 0)
		return r;
	while (done < n) {
		r = p->readers ? pipe_ring_push(&p->ring, src, done, MIN(n - done, FILE_PIECE)) : -EPIPE;
		if (r == 0 && (f->flags & O_NONBLOCK))
			r = -EAGAIN;
		if (r < 0)
			break;
		done += r;
		if (r)
			wake_all(&p->changed);
		else if (pipe_wait(p) < 0)
			return done ? (s32)done : -ERESTART;
	}
	sleeplock_release(&p->lock);
	if (r == -EPIPE)
		signal_send(task_current(), SIGPIPE, (struct signal_info){ .code = SI_USER, .value = task_current()->pid });
	return done ? (s32)done : r;
}

static s32 pipe_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	(void)pos;
	return pipe_write_from(f, &(struct pipe_source){ .user = src }, n);
}

static s32 pipe_write_piece(struct file *f, const void *src, u32 n)
{
	return pipe_write_from(f, &(struct pipe_source){ .kernel = src }, n);
}

static u32 pipe_ready(struct file *f)
{
	const struct pipe *p = pipe_of(f);

	if (file_readable(f))
		return (pipe_ring_bytes(&p->ring) ? FILE_READABLE : 0) | (p->writers ? 0 : FILE_HUNG_UP);
	return (pipe_ring_room(&p->ring) >= FILE_PIECE ? FILE_WRITABLE : 0) | (p->readers ? 0 : FILE_BROKEN);
}

static struct waitq *pipe_changes(struct file *f)
{
	return &pipe_of(f)->changed;
}

static s32 pipe_ioctl(struct file *f, u32 request, u32 argument)
{
	u32 inside = pipe_ring_bytes(&pipe_of(f)->ring);

	return request == FIONREAD ? usercopy_out(argument, &inside, sizeof(inside)) : -ENOTTY;
}

s32 pipe_size(const struct file *f)
{
	return f->inode->dev == INODE_DEV_PIPE ? (s32)(pipe_of(f)->ring.places * PAGE_SIZE) : -EBADF;
}

s32 pipe_set_size(struct file *f, u32 bytes)
{
	struct pipe *p = pipe_of(f);
	s32 r;

	if (f->inode->dev != INODE_DEV_PIPE)
		return -EBADF;
	r = sleeplock_take(&p->lock);
	if (r < 0)
		return r;
	r = pipe_ring_resize(&p->ring, bytes);
	sleeplock_release(&p->lock);
	wake_all(&p->changed);
	return r;
}

static void pipe_end_release(struct file *f)
{
	struct pipe *p = pipe_of(f);

	--*(file_readable(f) ? &p->readers : &p->writers);
	wake_all(&p->changed);
}

/* The same for both ends. */
static u32 pipe_held(const struct file *f)
{
	return sizeof(struct pipe) + pipe_ring_held(&pipe_of(f)->ring);
}

static void pipe_release(struct inode *inode)
{
	struct pipe *p = container_of(inode, struct pipe, inode);

	ASSERT(!p->lock.held);
	pipe_ring_free(&p->ring);
	kfree(p);
}

static const struct inode_ops pipe_inode_ops = { .release = pipe_release };
static const struct file_ops pipe_ops = {
	.read = pipe_read, .write = pipe_write, .write_piece = pipe_write_piece, .ioctl = pipe_ioctl, .ready = pipe_ready,
	.changes = pipe_changes, .held = pipe_held, .release = pipe_end_release, .stream = true,
};

/* => a pipe with one reference and no ends; NULL without memory */
static struct pipe *pipe_create(void)
{
	struct pipe *p = alloc_wait(sizeof(*p));

	if (!p)
		return NULL;
	*p = (struct pipe){ 0 };
	if (pipe_ring_init(&p->ring) < 0) {
		kfree(p);
		return NULL;
	}
	p->inode = (struct inode){
		.refs = 1, .dev = INODE_DEV_PIPE, .ino = ++pipe_last_ino, .mode = S_IFIFO | 0600, .links = 1,
		.ops = &pipe_inode_ops,
	};
	sleeplock_init(&p->lock);
	waitq_init(&p->changed);
	return p;
}

/* => one more end of P, or NULL */
static struct file *pipe_open_end(struct pipe *p, u32 flags)
{
	struct file *f = file_create(&p->inode, flags);

	if (!f)
		return NULL;
	inode_ref(&p->inode);
	f->ops = &pipe_ops;
	++*(file_readable(f) ? &p->readers : &p->writers);
	return f;
}

/* Gives END the lowest free descriptor. => it, or -EMFILE: END is closed */
static int pipe_install(struct file *end, bool cloexec)
{
	int fd = fs_context_install(fs_context_current(), end, 0, cloexec);

	if (fd < 0)
		file_put(end);
	return fd;
}

s32 pipe_make(vaddr_t dst, u32 flags)
{
	struct fs_context *ctx = fs_context_current();
	struct pipe *p = pipe_create();
	struct file *reader, *writer;
	int fd[2];

	if (!p)
		return -ENOMEM;
	reader = pipe_open_end(p, O_RDONLY | (flags & O_NONBLOCK));
	writer = reader ? pipe_open_end(p, O_WRONLY | (flags & O_NONBLOCK)) : NULL;
	inode_unref(&p->inode);
	if (!writer) {
		if (reader)
			file_put(reader);
		return -ENOMEM;
	}
	fd[0] = pipe_install(reader, flags & O_CLOEXEC);
	fd[1] = pipe_install(writer, flags & O_CLOEXEC);
	if (fd[0] >= 0 && fd[1] >= 0 && usercopy_out(dst, fd, sizeof(fd)) == 0)
		return 0;
	for (u32 i = 0; i < 2; i++)
		if (fd[i] >= 0)
			fs_context_close(ctx, fd[i]);
	return fd[1] < 0 ? -EMFILE : -EFAULT;
}

SYSCALL(pipe)
{
	return pipe_make(arg[0], 0);
}
