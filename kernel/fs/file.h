/*
 * Open files, descriptors and the working directory.
 *
 * A `struct file` is what open() makes: an inode, a position, flags. Descriptors of one task or of several (fork, dup)
 * may refer to the same file. Tables and references change only between two sleeps, so they need no lock; a position
 * changes after a copy that may sleep, so it has a lock.
 */
#pragma once

#include "kernel/fs/inode.h"
#include "kernel/fs/sleeplock.h"
#include "kernel/task/limit.h"

enum {
	O_ACCMODE = 03, O_RDONLY = 00, O_WRONLY = 01, O_RDWR = 02,
	O_CREAT = 0100, O_EXCL = 0200, O_TRUNC = 01000, O_APPEND = 02000, O_NONBLOCK = 04000, O_DSYNC = 010000,
	O_ASYNC = 020000, O_NOATIME = 01000000, /* no reading ever changes a time */
	O_DIRECT = 040000, O_LARGEFILE = 0100000, O_DIRECTORY = 0200000, O_NOFOLLOW = 0400000,
	O_CLOEXEC = 02000000, O_PATH = 010000000, O_UNNAMED = 020000000, /* with O_DIRECTORY: O_TMPFILE */
};

/* lseek(2) */
enum { SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2, SEEK_DATA = 3, SEEK_HOLE = 4 };

/* ioctl(2), of every file that a program can wait for: how many bytes can be read */
enum { FIONREAD = 0x541B };

/* fallocate(2) */
enum { FALLOC_KEEP_SIZE = 1, FALLOC_PUNCH_HOLE = 2 };

/* What can be done without waiting. HUNG_UP: the last writer has closed its end; BROKEN: the last reader has. */
enum file_ready { FILE_READABLE = 1, FILE_WRITABLE = 2, FILE_HUNG_UP = 4, FILE_BROKEN = 8 };

#define FILE_PIECE PAGE_SIZE /* the largest write to a pipe that is atomic: PIPE_BUF */

/* The functions of an open file; the callers have checked the access mode. All may sleep but held and release. */
struct file_ops {
	/* At most N > 0 bytes between user memory and byte POS of the file. => bytes moved, 0 at the end, error */
	s32 (*read)(struct file *f, vaddr_t dst, u32 n, u64 pos);
	s32 (*write)(struct file *f, vaddr_t src, u32 n, u64 pos);
	/* Writes all N <= FILE_PIECE bytes at kernel address SRC, or none; NULL: such writes need not be atomic */
	s32 (*write_piece)(struct file *f, const void *src, u32 n);
	s32 (*ioctl)(struct file *f, u32 request, u32 argument); /* NULL: -ENOTTY */
	u32 (*ready)(struct file *f);                            /* => enum file_ready; NULL: always ready for both */
	struct waitq *(*changes)(struct file *f);                /* woken when the result of ready() may have changed */
	u32 (*held)(const struct file *f);                       /* bytes of kernel memory that it holds; NULL: few */
	void (*release)(struct file *f);                         /* the last reference is gone; may be NULL */
	bool stream;                                             /* has no positions: -ESPIPE */
	bool zeros;                                              /* mapping it maps anonymous memory */
};

/* For open directories, which only getdents64() reads, and for files opened with O_PATH, which no call reads. */
extern const struct file_ops directory_ops;

enum file_lock { FILE_UNLOCKED, FILE_SHARED, FILE_EXCLUSIVE };

struct file {
	u32 refs;
	u32 flags;                  /* O_ACCMODE, O_APPEND, O_NONBLOCK, O_LARGEFILE, O_DIRECTORY, O_PATH */
	struct inode *inode;        /* a reference */
	const struct file_ops *ops;
	u64 pos;
	struct sleeplock pos_lock;  /* taken to read or write at pos and move it */
	bool writes;                /* counted among the inode's writers */
	void *data;                 /* of ops */
	enum file_lock lock;        /* flock(2) */
	struct list lock_link;      /* among those that hold one */
};

#define FS_FILES LIMIT_FILES /* descriptors of one task */

struct fs_context {
	struct file *files[FS_FILES];  /* each a reference */
	u64 cloexec;                   /* bit D: descriptor D is closed by exec */
	struct inode *cwd;             /* a reference; NULL: the root */
	struct inode *program;         /* what the task runs, a reference, and inode_begin_run(); NULL: no file */
	u32 umask;
};
STATIC_ASSERT(FS_FILES <= 64, "cloexec is one word");

static inline bool file_readable(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_WRONLY;
}

static inline bool file_writable(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}

/* => a file with one reference that takes over the caller's reference to INODE; NULL: out of memory (waits for it) */
struct file *file_create(struct inode *inode, u32 flags);
void file_ref(struct file *f);
void file_put(struct file *f);

/* => descriptor FD of the current task, with a reference (file_put() it); NULL: there is none, or it is of O_PATH */
struct file *file_get(u32 fd);
/*
 * The same, O_PATH included: for calls that need only the file's place or its attributes, and for calls on the
 * descriptor itself.
 */
struct file *file_get_place(u32 fd);

/*
 * Opens PATH (a kernel string; relative to the current task's directory) for reading, to be executed.
 * => 0 and *OUT with a reference; -EACCES: no regular file, or its mode does not permit that; or another error; may
 * sleep
 */
int file_open_program(const char *path, struct file **out);

/* => 0 and in *BASE the byte from which a position relative to WHENCE (SEEK_SET, _CUR, _END) counts; -EINVAL */
int file_seek_base(const struct file *f, u32 whence, u64 *base);

/* => the object to map, without a reference of its own; NULL: F cannot be mapped. May sleep. */
struct memobj *file_memobj(struct file *f);

/* Writes the dirty pages in [FIRST, END) of a file's object. => 0, -EIO; sleeps */
int file_sync_object(struct memobj *obj, u32 first, u32 end);

/* A new table with descriptors 0, 1, 2 open on CONSOLE. => NULL: out of memory; may sleep */
struct fs_context *fs_context_create(struct inode *console);
/* A copy with references of its own. => NULL: out of memory; never sleeps */
struct fs_context *fs_context_fork(struct fs_context *parent);
/* Closes what is marked close-on-exec. */
void fs_context_exec(struct fs_context *ctx);
/* The current task runs INODE from now on (takes a reference of its own, and the caller's inode_begin_run()). */
void fs_context_set_program(struct inode *inode);
/* Closes everything and frees CTX. Never sleeps. */
void fs_context_destroy(struct fs_context *ctx);

/*
 * Installs F at the lowest free descriptor from FROM on. => the descriptor, which takes over the caller's reference;
 * -EMFILE: it does not
 */
int fs_context_install(struct fs_context *ctx, struct file *f, u32 from, bool cloexec);
/* => 0 or -EBADF */
int fs_context_close(struct fs_context *ctx, u32 fd);
/* => the current task's; there is one, since only tasks make system calls */
struct fs_context *fs_context_current(void);
