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
SYSCALL(sync);
SYSCALL(fsync);

/* stat.c */
SYSCALL(stat64);
SYSCALL(lstat64);
SYSCALL(fstat64);
SYSCALL(getdents64);
SYSCALL(readlink);

/* shmfs.c */
SYSCALL(memfd_create);

/* pipe.c */
SYSCALL(pipe);
