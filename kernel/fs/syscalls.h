/* The system calls on files. The table in kernel/ names them by number. */
#pragma once

#include "kernel/cpu/syscall.h"

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
SYSCALL(ftruncate);
SYSCALL(ftruncate64);

/* directory.c */
SYSCALL(unlink);
SYSCALL(mkdir);
SYSCALL(rmdir);
SYSCALL(rename);
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

/* --- for variants of these calls, which kernel/compat has --- */

struct dirent;
struct file;
struct inode;

#define RW_MAX 0x7FFFF000u /* what one call moves at most, as on Linux */

/*
 * The calls with a DIRFD. TEXT: a path at a user address, relative to the directory of descriptor DIRFD (PATH_AT_FDCWD: the
 * working directory). All may sleep. => as the calls
 */
s32 open_at(s32 dirfd, vaddr_t text, u32 flags, u32 mode);
s32 directory_unlink_at(s32 dirfd, vaddr_t text);
s32 directory_mkdir_at(s32 dirfd, vaddr_t text, u32 mode);
s32 directory_rmdir_at(s32 dirfd, vaddr_t text);
s32 stat_readlink_at(s32 dirfd, vaddr_t text, vaddr_t dst, s32 size);

/* FLAGS: RENAME_NOREPLACE or RENAME_EXCHANGE. */
s32 directory_rename_at(s32 from_dirfd, vaddr_t from_text, s32 to_dirfd, vaddr_t to_text, u32 flags);

/* Makes DIR the working directory; takes over the reference. => 0, -ENOTDIR */
s32 directory_chdir(struct inode *dir);

/* truncate(2) of a regular file that has ops.resize. May sleep. */
int open_resize(struct inode *inode, u64 size);

/* Writes Linux's struct stat64 for INODE to user address DST. => 0, -EFAULT */
int stat_out(const struct inode *inode, vaddr_t dst);

/* Writes D to user address DST; the position of the entry after it is NEXT. => its size; -EINVAL: larger than ROOM; -EFAULT */
typedef s32 (*stat_dirent_fn)(const struct dirent *d, s64 next, vaddr_t dst, u32 room);
s32 stat_dirents_call(const u32 *arg, stat_dirent_fn out);

/*
 * Moves up to N bytes between F and user address BUF, with all checks: at *AT, which is advanced, or (NULL) at F's own
 * position. => bytes moved, or an error
 */
s32 rw_piece(struct file *f, bool write, vaddr_t buf, u32 n, u64 *at);
/* readv and writev; AT as above. */
s32 rw_vector_call(const u32 *arg, bool write, u64 *at);

/* pipe2; FLAGS: O_CLOEXEC, O_NONBLOCK. */
s32 pipe_make(vaddr_t dst, u32 flags);

/* dup2: TO becomes a descriptor of FD's file, whatever it was before. => TO, -EBADF */
s32 descriptor_dup_to(u32 fd, u32 to, bool cloexec);
