/* The system calls on files. The table in kernel/ names them by number. */
#pragma once

#include "kernel/syscall.h"

/* rw.c */
SYSCALL(read);
SYSCALL(write);
SYSCALL(pread64);
SYSCALL(pwrite64);
SYSCALL(readv);
SYSCALL(writev);

/* open.c */
SYSCALL(open);
SYSCALL(openat);
SYSCALL(unlink);
SYSCALL(mkdir);
SYSCALL(rmdir);
SYSCALL(rename);
SYSCALL(ftruncate);
SYSCALL(ftruncate64);
SYSCALL(chdir);
SYSCALL(getcwd);

/* descriptor.c */
SYSCALL(close);
SYSCALL(dup);
SYSCALL(dup2);
SYSCALL(fcntl64);
SYSCALL(ioctl);
SYSCALL(lseek);
SYSCALL(_llseek);
SYSCALL(flock);
SYSCALL(sync);
SYSCALL(fsync);

/* stat.c */
SYSCALL(stat64);
SYSCALL(lstat64);
SYSCALL(fstat64);
SYSCALL(getdents64);
SYSCALL(readlink);

/* memfd.c */
SYSCALL(memfd_create);

/* pipe.c */
SYSCALL(pipe);

/*
 * What the calls above are made of, for kernel/compat. TEXT: a path at a user address, from descriptor DIRFD's directory
 * (PATH_AT_FDCWD: the working directory). All may sleep. => as the calls
 */
struct dirent;
struct inode;
struct file;
/* Writes an entry, behind which NEXT is, to DST. => its size, -EINVAL if more than ROOM, -EFAULT */
typedef s32 (*stat_dirent_fn)(const struct dirent *d, s64 next, vaddr_t dst, u32 room);
s32 open_at(s32 dirfd, vaddr_t text, u32 flags, u32 mode);
s32 open_unlink_at(s32 dirfd, vaddr_t text);
s32 open_mkdir_at(s32 dirfd, vaddr_t text, u32 mode);
s32 open_rmdir_at(s32 dirfd, vaddr_t text);
/* FLAGS: RENAME_NOREPLACE or RENAME_EXCHANGE. */
s32 open_rename_at(s32 from_dirfd, vaddr_t from_text, s32 to_dirfd, vaddr_t to_text, u32 flags);
/* DIR, whose reference is taken over, is the working directory. */
s32 open_chdir(struct inode *dir);
int open_resize(struct inode *inode, u64 size);
int stat_out(const struct inode *inode, vaddr_t dst); /* struct stat64 */
s32 stat_readlink_at(s32 dirfd, vaddr_t text, vaddr_t dst, s32 size);
s32 stat_dirents_call(const u32 *arg, stat_dirent_fn out);
/*
 * One piece between F and user address BUF, with all checks: at *AT, which moves along, or (NULL) at F's own position.
 * => bytes moved, or an error
 */
#define RW_MAX 0x7FFFF000u /* what one call moves at most, as on Linux */
s32 rw_piece(struct file *f, bool write, vaddr_t buf, u32 n, u64 *at);
/* readv and writev, for AT as above. */
s32 rw_vector_call(const u32 *arg, bool write, u64 *at);
s32 pipe_make(vaddr_t dst, u32 flags); /* O_CLOEXEC, O_NONBLOCK */
/* Descriptor FD's file under TO too, in place of what was there. => TO, -EBADF */
s32 descriptor_dup_to(u32 fd, u32 to, bool cloexec);
