/* unistd.h: the system calls about tasks, files and the break. -1 and errno on failure. */
#ifndef UNISTD_H
#define UNISTD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

extern char **environ;

/* Any call by its number (sys/syscall.h) with up to six arguments. */
long syscall(long number, ...);

void _exit(int status) __attribute__((noreturn));
pid_t fork(void);
int execve(const char *path, char *const argv[], char *const envp[]);
int execvp(const char *name, char *const argv[]);	/* along PATH, default /bin */
pid_t getpid(void);
pid_t getppid(void);
int setpgid(pid_t pid, pid_t group);
pid_t getpgrp(void);
int tcsetpgrp(int fd, pid_t group);
pid_t tcgetpgrp(int fd);
unsigned int sleep(unsigned int seconds);	/* seconds left, if a signal ended it */
unsigned int alarm(unsigned int seconds);	/* SIGALRM then; seconds left of the one before */
int pause(void);

int brk(void *end);
void *sbrk(intptr_t change);		/* the old break; (void *)-1 on failure */

ssize_t read(int fd, void *to, size_t n);
ssize_t write(int fd, const void *from, size_t n);
int close(int fd);
off_t lseek(int fd, off_t offset, int whence);
ssize_t pread(int fd, void *to, size_t n, off_t offset);
ssize_t pwrite(int fd, const void *from, size_t n, off_t offset);
int dup(int fd);
int dup2(int fd, int to);
int pipe(int fd[2]);
int isatty(int fd);
int ftruncate(int fd, off_t size);
int fsync(int fd);
int link(const char *from, const char *to);
int symlink(const char *target, const char *path);
ssize_t readlink(const char *path, char *to, size_t size);	/* not terminated */
int unlink(const char *path);
int rmdir(const char *path);
int chdir(const char *path);
char *getcwd(char *to, size_t size);
void sync(void);
int swapon(const char *path, int flags);
int swapoff(const char *path);

#endif
