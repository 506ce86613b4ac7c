/*
 * Pipes: a stream of bytes from one task to another through 64 KiB at most of the kernel's memory.
 *
 * Contents lie in pages that come when a writer needs them and go when a reader has emptied them; one always stays, so
 * that a pipe works when there is no other memory. `head` and `tail` count all bytes ever read and written: the byte
 * with number P lies in page P / 4096 modulo 16.
 *
 * A copy from or to the user may fault and sleep, so whoever moves bytes holds the pipe's lock. Nobody sleeps for
 * bytes or room while holding it. Upshot: a write of at most 4096 bytes, of however many vectors, is one piece, larger ones
 * may be mixed.
 * `head` and `tail` move when a piece has been copied whole: where the user's memory ends in the middle of one, none of
 * it has been read or written.
 *
 * Source: POSIX, write(), "pipe or FIFO"; Linux's pipe(7) for sizes.
 */
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/base/wait.h"
#include "kernel/fs/alloc.h"
#include "kernel/fs/file.h"
#include "kernel/fs/sleeplock.h"
#include "kernel/fs/syscalls.h"
#include "kernel/signal.h"
#include "kernel/task.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"
#include "mm/vmtrace.h"

#define PIPE_PAGES 16u
#define PIPE_SIZE (PIPE_PAGES * PAGE_SIZE)

struct pipe {
	struct inode inode;
	u32 head, tail;          /* tail - head bytes are inside; both wrap around */
	u8 *pages[PIPE_PAGES];
	u8 *spare;               /* an empty page in no place */
	u32 readers, writers;    /* open ends */
	struct sleeplock lock;   /* held while bytes move */
	struct waitq changed;    /* bytes or room came, or an end went */
};
STATIC_ASSERT(PIPE_SIZE && (PIPE_SIZE & (PIPE_SIZE - 1)) == 0, "counters wrap around at a multiple of it");

static const struct file_ops pipe_reader_ops, pipe_writer_ops;
static u32 pipe_last_ino;

static struct pipe *pipe_of(const struct file *f)
{
	return container_of(f->inode, struct pipe, inode);
}

/* Lets go, sleeps until something changes, takes the lock again. => 0, or -ERESTART with the lock not held */
static int pipe_wait(struct pipe *p)
{
	enum wait_result woken;

	sleeplock_release(&p->lock);
	woken = wait_on_until(&p->changed, WAIT_FOREVER);
	if (woken == WAIT_INTERRUPTED)
		return -ERESTART;
	return sleeplock_take(&p->lock);
}

/* The page for byte AT; a writer gets one if there is none. => NULL without memory, for which it WAITs or not */
static u8 *pipe_page(struct pipe *p, u32 at, bool wait)
{
	u8 **page = &p->pages[at / PAGE_SIZE % PIPE_PAGES];

	if (!*page) {
		*page = p->spare ? p->spare : wait ? alloc_wait(PAGE_SIZE) : kmalloc(PAGE_SIZE);
		p->spare = NULL;
	}
	return *page;
}

/* How many bytes may be written now, WANT at most; what is promised has its pages. */
static u32 pipe_room(struct pipe *p, u32 want)
{
	u32 room = 0, limit;

	/* The ring is empty and may begin anywhere: at a page's start, one page holds an atomic write. */
	if (p->head == p->tail)
		p->head = p->tail = ALIGN_UP(p->tail, PAGE_SIZE);
	/* A page is used again only when it has been emptied whole. */
	limit = MIN(want, PIPE_SIZE - (p->tail - ALIGN_DOWN(p->head, PAGE_SIZE)));
	/* Where it is memory that lacks, no reader may ever come: the least piece is worth waiting for. */
	while (room < limit && pipe_page(p, p->tail + room, room < FILE_PIECE))
		room += MIN(limit - room, PAGE_SIZE - (p->tail + room) % PAGE_SIZE);
	return room;
}

/* Page of byte AT has been emptied: becomes the spare one or goes. */
static void pipe_release_page(struct pipe *p, u32 at)
{
	u8 **page = &p->pages[at / PAGE_SIZE % PIPE_PAGES];

	if (p->spare)
		kfree(*page);
	else
		p->spare = *page;
	*page = NULL;
}

/* Moves up to N bytes that are inside to user address DST. => how many; less than there are: the user's memory ended */
static u32 pipe_take(struct pipe *p, vaddr_t dst, u32 n)
{
	u32 done = 0;

	n = MIN(n, p->tail - p->head);
	while (done < n) {
		u32 offset = p->head % PAGE_SIZE, piece = MIN(n - done, PAGE_SIZE - offset);

		if (usercopy_out(dst + done, p->pages[p->head / PAGE_SIZE % PIPE_PAGES] + offset, piece) < 0)
			break;
		done += piece;
		p->head += piece;
		if (p->head % PAGE_SIZE == 0 || p->head == p->tail)
			pipe_release_page(p, p->head - 1);
	}
	vmstat.msg_bytes += done;
	return done;
}

/* What a writer brings: of the user's memory, or (not NULL) of the kernel's. */
struct pipe_source {
	vaddr_t user;
	const u8 *kernel;
};

static int pipe_fetch(const struct pipe_source *src, u32 at, u8 *to, u32 n)
{
	if (!src->kernel)
		return usercopy_in(to, src->user + at, n);
	memcpy(to, src->kernel + at, n);
	return 0;
}

/* Copies N bytes, a page at most, from byte AT of SRC behind the tail, which stays: they lie in two pages if they must. */
static int pipe_copy_in(struct pipe *p, const struct pipe_source *src, u32 at, u32 n)
{
	u32 offset = p->tail % PAGE_SIZE, first = MIN(n, PAGE_SIZE - offset);

	if (pipe_fetch(src, at, pipe_page(p, p->tail, false) + offset, first) < 0)
		return -EFAULT;
	return first < n ? pipe_fetch(src, at + first, pipe_page(p, p->tail + first, false), n - first) : 0;
}

/* Moves N bytes, for which there is room, from byte AT of SRC. => how many */
static u32 pipe_give(struct pipe *p, const struct pipe_source *src, u32 at, u32 n)
{
	u32 done = 0;

	while (done < n) {
		u32 piece = MIN(n - done, PAGE_SIZE);

		if (pipe_copy_in(p, src, at + done, piece) < 0)
			break;
		done += piece;
		p->tail += piece;
	}
	vmstat.msg_bytes += done;
	return done;
}

static s32 pipe_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	struct pipe *p = pipe_of(f);
	s32 r = sleeplock_take(&p->lock);

	(void)pos;
	while (r == 0 && p->head == p->tail) {
		if (!p->writers || (f->flags & O_NONBLOCK)) {
			r = p->writers ? -EAGAIN : 0;
			sleeplock_release(&p->lock);
			return r;
		}
		r = pipe_wait(p);
	}
	if (r < 0)
		return r;
	r = pipe_take(p, dst, n);
	sleeplock_release(&p->lock);
	wake_all(&p->changed);
	return r ? r : -EFAULT;
}

/* What a writer does with N bytes from byte AT of SRC now. => bytes moved, 0: must wait, -EPIPE, -EFAULT */
static s32 pipe_write_some(struct pipe *p, const struct pipe_source *src, u32 at, u32 n)
{
	u32 room, moved;

	if (!p->readers)
		return -EPIPE;
	room = pipe_room(p, n);
	if (room == 0 || (n <= FILE_PIECE && room < n))
		return 0;
	moved = pipe_give(p, src, at, room);
	wake_all(&p->changed);
	return moved ? (s32)moved : -EFAULT;
}

static s32 pipe_write_from(struct file *f, const struct pipe_source *src, u32 n)
{
	struct pipe *p = pipe_of(f);
	u32 done = 0;
	s32 r = sleeplock_take(&p->lock);

	if (r < 0)
		return r;
	while (done < n) {
		r = pipe_write_some(p, src, done, n - done);
		if (r == 0 && (f->flags & O_NONBLOCK))
			r = -EAGAIN;
		if (r < 0)
			break;
		done += r;
		if (r == 0 && pipe_wait(p) < 0)
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
		return (p->head != p->tail ? FILE_READABLE : 0) | (p->writers ? 0 : FILE_HUNG_UP);
	return (PIPE_SIZE - (p->tail - p->head) >= FILE_PIECE ? FILE_WRITABLE : 0) | (p->readers ? 0 : FILE_BROKEN);
}

static struct waitq *pipe_changes(struct file *f)
{
	return &pipe_of(f)->changed;
}

static void pipe_reader_release(struct file *f)
{
	struct pipe *p = pipe_of(f);

	p->readers--;
	wake_all(&p->changed);
}

static void pipe_writer_release(struct file *f)
{
	struct pipe *p = pipe_of(f);

	p->writers--;
	wake_all(&p->changed);
}

/* Of both ends the same. */
static u32 pipe_held(const struct file *f)
{
	const struct pipe *p = pipe_of(f);
	u32 pages = p->spare != NULL;

	for (u32 i = 0; i < PIPE_PAGES; i++)
		pages += p->pages[i] != NULL;
	return sizeof(*p) + pages * PAGE_SIZE;
}

static void pipe_release(struct inode *inode)
{
	struct pipe *p = container_of(inode, struct pipe, inode);

	ASSERT(!p->lock.held);
	for (u32 i = 0; i < PIPE_PAGES; i++)
		kfree(p->pages[i]);
	kfree(p->spare);
	kfree(p);
}

static const struct inode_ops pipe_inode_ops = { .release = pipe_release };
static const struct file_ops pipe_reader_ops = {
	.read = pipe_read, .ready = pipe_ready, .changes = pipe_changes, .held = pipe_held,
	.release = pipe_reader_release, .stream = true,
};
static const struct file_ops pipe_writer_ops = {
	.write = pipe_write, .write_piece = pipe_write_piece, .ready = pipe_ready, .changes = pipe_changes,
	.held = pipe_held, .release = pipe_writer_release, .stream = true,
};

/* => a pipe with one reference and no ends; NULL without memory */
static struct pipe *pipe_create(void)
{
	struct pipe *p = alloc_wait(sizeof(*p));
	u8 *page = p ? alloc_wait(PAGE_SIZE) : NULL;

	if (!page) {
		kfree(p);
		return NULL;
	}
	memset(p, 0, sizeof(*p));
	p->spare = page;
	p->inode = (struct inode){
		.refs = 1, .dev = INODE_DEV_PIPE, .ino = ++pipe_last_ino, .mode = S_IFIFO | 0600, .links = 1,
		.ops = &pipe_inode_ops,
	};
	sleeplock_init(&p->lock);
	waitq_init(&p->changed);
	return p;
}

/* => one more end of P, or NULL */
static struct file *pipe_open_end(struct pipe *p, u32 flags, const struct file_ops *ops, u32 *count)
{
	struct file *f = file_create(&p->inode, flags);

	if (!f)
		return NULL;
	inode_ref(&p->inode);
	f->ops = ops;
	++*count;
	return f;
}

/* Gives both ends a descriptor and tells the user. => 0, -EMFILE, -EFAULT (nothing stays open) */
static int pipe_install(struct file *reader, struct file *writer, vaddr_t out, bool cloexec)
{
	struct fs_context *ctx = fs_context_current();
	int fd[2];

	fd[0] = fs_context_install(ctx, reader, 0, cloexec);
	fd[1] = fd[0] < 0 ? fd[0] : fs_context_install(ctx, writer, 0, cloexec);
	if (fd[1] >= 0 && usercopy_out(out, fd, sizeof(fd)) == 0)
		return 0;
	if (fd[0] < 0)
		file_put(reader);
	else
		fs_context_close(ctx, fd[0]);
	if (fd[1] < 0)
		file_put(writer);
	else
		fs_context_close(ctx, fd[1]);
	return fd[1] < 0 ? -EMFILE : -EFAULT;
}

s32 pipe_make(vaddr_t dst, u32 flags)
{
	struct pipe *p = pipe_create();
	struct file *reader, *writer;
	int r = -ENOMEM;

	if (!p)
		return -ENOMEM;
	reader = pipe_open_end(p, O_RDONLY | (flags & O_NONBLOCK), &pipe_reader_ops, &p->readers);
	writer = reader ? pipe_open_end(p, O_WRONLY | (flags & O_NONBLOCK), &pipe_writer_ops, &p->writers) : NULL;
	if (writer)
		r = pipe_install(reader, writer, dst, flags & O_CLOEXEC);
	else if (reader)
		file_put(reader);
	inode_unref(&p->inode);
	return r;
}

SYSCALL(pipe)
{
	return pipe_make(arg[0], 0);
}
