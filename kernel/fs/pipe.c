/*
 * Pipes: reading, writing, and how one comes into being. The ring of pages: pipe.h.
 *
 * A copy from or to the user may fault and sleep, so a task moves bytes with the pipe's lock held. It releases the lock
 * before it sleeps for bytes or room, and checks again when it is woken.
 *
 * A write wakes one reader and a read one writer, however many wait, since often only one can go on. A task that leaves bytes or
 * room behind wakes the next one that waits for them.
 *
 * A writer adds pieces of at most 4096 bytes, and `tail` moves when a piece has been copied whole: so a write of at
 * most 4096 bytes, of however many vectors, is atomic, and larger ones of several writers may be mixed.
 *
 * Source: POSIX, write(), "pipe or FIFO".
 */
#include "kernel/fs/pipe.h"

#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/syscalls.h"
#include "kernel/signal/signal.h"
#include "kernel/task/task.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"
#include "mm/vmtrace.h"

/*
 * Releases the lock, sleeps until woken by way of Q, takes the lock again.
 * => 0; -ERESTART: a signal, -EINTR: killed; then the lock is not held
 */
static int pipe_wait(struct pipe *p, struct waitq *q)
{
	int error;

	sleeplock_release(&p->lock);
	if (wait_on_until(q, WAIT_FOREVER) == WAIT_INTERRUPTED)
		return -ERESTART;
	error = sleeplock_take(&p->lock);
	if (error)
		wake_one(q); /* another task can use the wakeup */
	return error;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

/* N bytes of PAGE, the one at the head, have been read. */
static void pipe_advance(struct pipe *p, u8 **page, u32 n)
{
	p->head += n;
	if (p->head % PAGE_SIZE && p->head != p->tail)
		return;
	if (page != p->pages) { /* the first one stays, see pipe.h */
		kfree(*page);
		*page = NULL;
	}
	if (p->head == p->tail)
		p->head = p->tail = 0;
}

/* Reads at most N bytes to DST. => how many; fewer than both N and what is inside: the rest of DST is not writable */
static u32 pipe_get(struct pipe *p, vaddr_t dst, u32 n)
{
	u32 done = 0, part;

	for (n = MIN(n, pipe_bytes(p)); done < n; done += part) {
		u32 offset = p->head % PAGE_SIZE;
		u8 **page = pipe_page(p, p->head);

		part = MIN(n - done, PAGE_SIZE - offset);
		if (usercopy_out(dst + done, *page + offset, part) < 0)
			break;
		pipe_advance(p, page, part);
	}
	vmstat.msg_bytes += done;
	return done;
}

static s32 pipe_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	struct pipe *p = pipe_of(f->inode);
	int error = sleeplock_take(&p->lock);
	u32 got;

	(void)pos;
	while (error == 0 && !pipe_bytes(p)) {
		if (!p->writers || (f->flags & O_NONBLOCK)) {
			error = p->writers ? -EAGAIN : 0;
			sleeplock_release(&p->lock);
			return error;
		}
		error = pipe_wait(p, &p->readable);
	}
	if (error)
		return error;
	got = pipe_get(p, dst, n);
	if (pipe_bytes(p))
		wake_one(&p->readable);
	wake_one(&p->writable);
	sleeplock_release(&p->lock);
	return got ? (s32)got : -EFAULT; /* n > 0, and there were bytes */
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

/* Writes the N <= 4096 bytes at KERNEL, or (NULL) at the user's address USER. => N, 0: no room for all, -ENOMEM, -EFAULT */
static s32 pipe_put(struct pipe *p, vaddr_t user, const u8 *kernel, u32 n)
{
	u32 end = p->tail + n, part;

	if (pipe_used(p) + n > p->npages * PAGE_SIZE)
		return 0;
	for (u32 at = p->tail; at != end; at += part, user += part) {
		u32 offset = at % PAGE_SIZE;
		u8 **page = pipe_page(p, at);

		if (!*page && !(*page = kmalloc_wait(PAGE_SIZE)))
			return -ENOMEM;
		part = MIN(end - at, PAGE_SIZE - offset);
		if (kernel)
			memcpy(*page + offset, kernel + (n - (end - at)), part);
		else if (usercopy_in(*page + offset, user, part) < 0)
			return -EFAULT;
	}
	p->tail = end;
	vmstat.msg_bytes += n;
	return n;
}

static s32 pipe_write_from(struct file *f, vaddr_t user, const u8 *kernel, u32 n)
{
	struct pipe *p = pipe_of(f->inode);
	u32 done = 0;
	s32 r = sleeplock_take(&p->lock);

	ASSERT(!kernel || n <= FILE_PIECE); /* one piece: KERNEL does not advance */
	if (r < 0)
		return r;
	while (done < n) {
		r = p->readers ? pipe_put(p, user + done, kernel, MIN(n - done, FILE_PIECE)) : -EPIPE;
		if (r == 0 && (f->flags & O_NONBLOCK))
			r = -EAGAIN;
		if (r < 0)
			break;
		done += r;
		if (r)
			wake_one(&p->readable);
		else if (pipe_wait(p, &p->writable) < 0)
			return done ? (s32)done : -ERESTART;
	}
	wake_one(&p->writable);
	sleeplock_release(&p->lock);
	if (r == -EPIPE)
		signal_send(task_current(), SIGPIPE, (struct signal_info){ .code = SI_USER, .value = task_current()->pid });
	return done ? (s32)done : r;
}

static s32 pipe_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	(void)pos;
	return pipe_write_from(f, src, NULL, n);
}

static s32 pipe_write_piece(struct file *f, const void *src, u32 n)
{
	return pipe_write_from(f, 0, src, n);
}

/* --- making and closing -------------------------------------------------------------------------------------------- */

static void pipe_close_end(struct file *f)
{
	struct pipe *p = pipe_of(f->inode);

	--*(file_readable(f) ? &p->readers : &p->writers);
	wake_all(&p->readable);
	wake_all(&p->writable);
}

static void pipe_destroy(struct inode *inode)
{
	struct pipe *p = pipe_of(inode);

	ASSERT(!p->lock.held);
	for (u32 i = 0; i < p->npages; i++)
		kfree(p->pages[i]);
	pipe_count_pages(p->npages, 0);
	kfree(p->pages);
	kfree(p);
}

static const struct inode_ops pipe_inode_ops = { .release = pipe_destroy };
static const struct file_ops pipe_ops = {
	.read = pipe_read, .write = pipe_write, .write_piece = pipe_write_piece, .ioctl = pipe_ioctl, .ready = pipe_ready,
	.changes = pipe_changes, .held = pipe_held, .release = pipe_close_end, .stream = true,
};

/* => a pipe with one reference and no ends; NULL: out of memory */
static struct pipe *pipe_create(void)
{
	static u32 last_ino;
	u32 npages = pipe_may_have(PIPE_PAGES) ? PIPE_PAGES : 1;
	struct pipe *p = kmalloc_wait(sizeof(*p));
	u8 **pages = p ? pipe_alloc_ring(npages) : NULL;

	if (!pages || !(pages[0] = kmalloc_wait(PAGE_SIZE))) {
		kfree(pages);
		kfree(p);
		return NULL;
	}
	*p = (struct pipe){
		.inode = { .refs = 1, .dev = INODE_DEV_PIPE, .ino = ++last_ino, .mode = S_IFIFO | 0600, .links = 1,
			   .ops = &pipe_inode_ops },
		.npages = npages, .pages = pages,
	};
	sleeplock_init(&p->lock);
	waitq_init(&p->readable);
	waitq_init(&p->writable);
	pipe_count_pages(0, npages);
	return p;
}

/* One more end of P. => its descriptor, -ENOMEM, -EMFILE */
static int pipe_open_end(struct pipe *p, u32 flags, bool cloexec)
{
	struct file *f = file_create(&p->inode, flags);
	int fd;

	if (!f)
		return -ENOMEM;
	inode_ref(&p->inode);
	f->ops = &pipe_ops;
	++*(file_readable(f) ? &p->readers : &p->writers);
	fd = fs_context_install(fs_context_current(), f, 0, cloexec);
	if (fd < 0)
		file_put(f);
	return fd;
}

s32 pipe_make(vaddr_t dst, u32 flags)
{
	struct pipe *p = pipe_create();
	int fd[2], r;

	if (!p)
		return -ENOMEM;
	fd[0] = pipe_open_end(p, O_RDONLY | (flags & O_NONBLOCK), flags & O_CLOEXEC);
	fd[1] = pipe_open_end(p, O_WRONLY | (flags & O_NONBLOCK), flags & O_CLOEXEC);
	inode_unref(&p->inode);
	r = fd[0] < 0 ? fd[0] : fd[1] < 0 ? fd[1] : usercopy_out(dst, fd, sizeof(fd));
	if (r == 0)
		return 0;
	for (u32 i = 0; i < 2; i++)
		if (fd[i] >= 0)
			fs_context_close(fs_context_current(), fd[i]);
	return r;
}

SYSCALL(pipe)
{
	return pipe_make(arg[0], 0);
}
