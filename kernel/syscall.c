/*
 * The dispatch of system calls: the table by Linux i386 number, the retry of calls that found no free frame, and the
 * restart of interrupted ones.
 */
#include "kernel/cpu/syscall.h"

#include "kernel/base/printk.h"
#include "kernel/cpu/trap.h"
#include "kernel/fs/syscalls.h"
#include "kernel/signal/deliver.h"
#include "kernel/task/compat.h"
#include "kernel/task/task.h"
#include "mm/frame_wait.h"
#include "mm/mm.h"
#include "mm/vmcheck.h"

/*
 * X(number, name): the calls outside kernel/fs are declared by this list alone, those in kernel/fs in syscalls.h there.
 * Our own calls have the table's last numbers, which Linux will not reach soon.
 */
#define KERNEL_CALLS(X)                                                                              \
	X(1, exit) X(2, fork) X(7, waitpid) X(11, execve) X(20, getpid) X(27, alarm) X(29, pause)    \
	X(37, kill) X(43, times) X(45, brk) X(48, signal) X(57, setpgid) X(64, getppid) X(65, getpgrp)            \
	X(67, sigaction) X(72, sigsuspend) X(73, sigpending) X(75, setrlimit) X(77, getrusage)       \
	X(78, gettimeofday) X(87, swapon) X(88, reboot) X(90, mmap) X(91, munmap) X(104, setitimer)  \
	X(105, getitimer) X(114, wait4) X(115, swapoff) X(116, sysinfo)                  \
	X(119, sigreturn) X(122, uname) X(125, mprotect) X(126, sigprocmask) X(132, getpgid)         \
	X(144, msync) X(150, mlock) X(151, munlock) X(152, mlockall) X(153, munlockall)              \
	X(158, sched_yield) X(162, nanosleep) X(163, mremap) X(173, rt_sigreturn)                    \
	X(174, rt_sigaction) X(175, rt_sigprocmask) X(176, rt_sigpending)                           \
	X(179, rt_sigsuspend) X(186, sigaltstack) X(191, getrlimit) X(192, mmap2) X(218, mincore)    \
	X(219, madvise) X(224, getpid) X(238, tkill) X(240, futex) X(252, exit)                      \
	X(265, clock_gettime) X(270, tgkill) X(376, mlock2)                                           \
	X(403, clock_gettime64) X(422, futex_time64) X(510, va2pa) X(511, pages_loaded)

#define FILE_CALLS(X)                                                                                \
	X(3, read) X(4, write) X(5, open) X(6, close) X(10, unlink) X(12, chdir) X(19, lseek)        \
	X(36, sync) X(38, rename) X(39, mkdir) X(40, rmdir) X(41, dup) X(42, pipe) X(54, ioctl)      \
	X(63, dup2) X(85, readlink) X(93, ftruncate) X(118, fsync) X(140, _llseek) X(143, flock)     \
	X(145, readv) X(146, writev) X(148, fsync) X(180, pread64) X(181, pwrite64) X(183, getcwd)   \
	X(194, ftruncate64) X(195, stat64) X(196, lstat64) X(197, fstat64) X(220, getdents64)        \
	X(221, fcntl64) X(295, openat) X(356, memfd_create)

/* kernel/ipc/sysv's. NULL in a kernel without that folder. */
#define SYSV_CALLS(X)                                                                                \
	X(117, ipc) X(395, shmget) X(396, shmctl) X(397, shmat) X(398, shmdt) X(399, msgget)         \
	X(400, msgsnd) X(401, msgrcv) X(402, msgctl)

#define DECLARE(number, name) SYSCALL(name);
KERNEL_CALLS(DECLARE)
#define DECLARE_WEAK(number, name) SYSCALL(name) __attribute__((weak));
SYSV_CALLS(DECLARE_WEAK)

static const syscall_fn table[SYSCALL_NUMBERS] = {
#define ENTRY(number, name) [number] = sys_##name,
	KERNEL_CALLS(ENTRY)
	FILE_CALLS(ENTRY)
	SYSV_CALLS(ENTRY)
};

/* Reports each unknown number once. */
static s32 unknown(const u32 *arg)
{
	static u32 reported[SYSCALL_NUMBERS / 32];
	u32 number = container_of(arg, const struct trapframe, ebx)->eax;
	bool first = number >= SYSCALL_NUMBERS || !(reported[number / 32] & (1u << number % 32));

	if (number < SYSCALL_NUMBERS)
		reported[number / 32] |= 1u << number % 32;
	if (first)
		printk_verbose("%s: unknown system call %u\n", task_current()->name, number);
	return -ENOSYS;
}

static syscall_fn syscall_find(u32 number)
{
	syscall_fn call = number < SYSCALL_NUMBERS ? table[number] : unknown;

	if (call)
		return call;
	return &compat_ops && compat_ops.calls[number] ? compat_ops.calls[number] : unknown;
}

/*
 * A call that failed with -ENOMEM has changed nothing. If that was for lack of a free frame, it is run again after
 * waiting for one. If frames are free, the error has another cause and is returned.
 * (Not inlined: its variables on the stack would cost every call an instruction.)
 */
static NOINLINE s32 try_again(syscall_fn call, const u32 *arg)
{
	struct frame_retry retry = { .class = FRAME_FOR_KERNEL, .patience = FRAME_PATIENCE };
	s32 result = -ENOMEM;

	if (!frame_wait_helps())
		return result;
	while (frame_retry(&retry, &result))
		result = call(arg);
	return result;
}

/* Finishes a call whose result is negative: an error, or an address. Out of line, so that other calls save fewer registers. */
static NOINLINE s32 handle_negative(struct trapframe *tf, syscall_fn call, s32 result)
{
	if (result == -ENOMEM)
		result = try_again(call, &tf->ebx);
	if (result == -ERESTART || result == -ERESTART_NO_HANDLER)
		signal_call_interrupted(tf);
	return result;
}

void syscall_dispatch(struct trapframe *tf)
{
	u32 number = tf->eax;
	syscall_fn call = syscall_find(number);
	s32 result;

	thread_enter_kernel();
	syscall_count++;
	result = call(&tf->ebx);
	if (result < 0)
		result = handle_negative(tf, call, result);
	tf->eax = result;
	if (vmcheck_always)
		vmcheck();
	thread_leave_kernel();
}
