/*
 * sig-handler - handlers get the information about their signal, block what they should, return to the interrupted program
 * with all registers unchanged, and are reset or stay as their flags say.
 */
#include "check.h"

#include <sched.h>
#include <sys/syscall.h>

static volatile int calls, order[8];
static siginfo_t seen;
static ucontext_t context;

static void count(int signal)
{
	order[calls++ % 8] = signal;
}

static void tell(int signal, siginfo_t *info, void *ucontext)
{
	unsigned long flags;

	__asm__ volatile("pushfl; popl %0" : "=r"(flags));
	CHECK_EQ(flags & 0x400, 0);		/* aligned as functions expect it */
	count(signal);
	seen = *info;
	context = *(ucontext_t *)ucontext;
}

static void catch(int signal, void *handler, unsigned long flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	CHECK_EQ(sigaction(signal, &action, NULL), 0);
}

static void catch_info(int signal, unsigned long flags)
{
	catch(signal, (void *)tell, flags | SA_SIGINFO);
	calls = 0;
}

static void told(void)
{
	catch_info(SIGUSR1, 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(calls, 1);
	CHECK_EQ(seen.si_signo, SIGUSR1);
	CHECK_EQ(seen.si_code, SI_USER);
	CHECK_EQ(seen.si_pid, getpid());
	CHECK_AT(context.uc_link, NULL);
	/* kill has already returned 0 where the handler returns to. */
	CHECK_EQ(context.uc_mcontext.gregs[REG_EAX], 0);
	CHECK_EQ(context.uc_mcontext.gregs[REG_ESP], context.uc_mcontext.gregs[REG_UESP]);
	CHECK_EQ(syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1), 0);
	CHECK_EQ(seen.si_code, SI_TKILL);
	CHECK_EQ(syscall(SYS_tkill, getpid(), SIGUSR1), 0);
	CHECK_EQ(calls, 3);
	CHECK_ERROR(syscall(SYS_tgkill, getpid(), getpid(), 65), EINVAL);
	CHECK_ERROR(syscall(SYS_tgkill, getpid(), -1, SIGUSR1), EINVAL);
	CHECK_ERROR(syscall(SYS_tkill, 99999999, SIGUSR1), ESRCH);
	CHECK_ERROR(syscall(SYS_tkill, 0, SIGUSR1), EINVAL);
	CHECK_EQ(syscall(SYS_tkill, getpid(), 0), 0);
}

static void child_told(void)
{
	int status;
	pid_t pid;

	catch_info(SIGCHLD, SA_RESTART);
	pid = fork();
	if (pid == 0)
		_exit(42);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(calls, 1);
	CHECK_EQ(seen.si_signo, SIGCHLD);
	CHECK_EQ(seen.si_code, CLD_EXITED);
	CHECK_EQ(seen.si_pid, pid);
	CHECK_EQ(seen.si_status, 42);
	pid = fork();
	if (pid == 0)
		for (;;)
			sched_yield();
	kill(pid, SIGTERM);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(calls, 2);
	CHECK_EQ(seen.si_code, CLD_KILLED);
	CHECK_EQ(seen.si_status, SIGTERM);
	signal(SIGCHLD, SIG_DFL);
}

/* A task that ignores SIGCHLD, or sets SA_NOCLDWAIT, has no zombies; wait lasts until all children have ended. */
static void no_zombies(void)
{
	for (int i = 0; i < 8; i++) {
		if (i == 0)
			signal(SIGCHLD, SIG_IGN);
		else if (i == 4)
			catch_info(SIGCHLD, SA_NOCLDWAIT | SA_RESTART);
		if (fork() == 0) {
			sched_yield();
			_exit(i);
		}
		CHECK_ERROR(waitpid(-1, NULL, 0), ECHILD);
	}
	CHECK_EQ(calls, 4);
	CHECK_EQ(seen.si_status, 7);
	signal(SIGCHLD, SIG_DFL);
}

/* Raises the signal with a value in every register, and checks them afterwards. */
static void registers_kept(void)
{
	static unsigned long ebp, flags;
	unsigned long eax, ebx, ecx, edx, esi, edi;

	catch_info(SIGUSR1, 0);
	__asm__ volatile("pushl %%ebp; movl $0x66666666, %%ebp; stc; std; int $0x80; movl %%ebp, %6;"
			 "pushfl; popl %7; cld; popl %%ebp"
			 : "=a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx), "=S"(esi), "=D"(edi), "=m"(ebp), "=m"(flags)
			 : "0"(SYS_kill), "1"(getpid()), "2"(SIGUSR1), "3"(0x33333333), "4"(0x44444444), "5"(0x55555555)
			 : "memory", "cc");
	CHECK_EQ(calls, 1);
	CHECK_EQ(eax, 0);
	CHECK_EQ(ebx, getpid());
	CHECK_EQ(ecx, SIGUSR1);
	CHECK_EQ(edx, 0x33333333);
	CHECK_EQ(esi, 0x44444444);
	CHECK_EQ(edi, 0x55555555);
	CHECK_EQ(ebp, 0x66666666);
	CHECK_EQ(flags & 0x401, 0x401);
	CHECK_EQ(context.uc_mcontext.gregs[REG_EBP], 0x66666666);
	CHECK_EQ(context.uc_mcontext.gregs[REG_EFL] & 0x401, 0x401);
}

/* The handler changes where the program continues. */
static void redirect(int signal, siginfo_t *info, void *ucontext)
{
	int *registers = ((ucontext_t *)ucontext)->uc_mcontext.gregs;

	(void)signal, (void)info;
	registers[REG_EIP] = registers[REG_ESI];
	registers[REG_EAX] = 4711;
}

static void frame_obeyed(void)
{
	long result;

	catch(SIGUSR1, (void *)redirect, SA_SIGINFO);
	__asm__ volatile("movl $1f, %%esi; int $0x80; xorl %%eax, %%eax; 1:"
			 : "=a"(result) : "0"(SYS_kill), "b"(getpid()), "c"(SIGUSR1) : "esi", "memory");
	CHECK_EQ(result, 4711);
}

static void nested(int signal)
{
	count(signal);
	if (calls == 1) {
		raise(SIGUSR1);			/* blocked: pending until our return */
		CHECK_EQ(calls, 1);
		raise(SIGUSR2);			/* not blocked: at once */
		CHECK_EQ(calls, 2);
	}
}

static void again(int signal)
{
	count(signal);
	if (calls < 5)
		raise(signal);
	order[5]++;
}

static void flags_obeyed(void)
{
	struct sigaction action = { .sa_handler = nested }, old;

	sigaddset(&action.sa_mask, SIGUSR2);
	catch(SIGUSR1, nested, 0);
	catch(SIGUSR2, count, 0);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 3);
	CHECK_EQ(order[1], SIGUSR2);
	CHECK_EQ(order[2], SIGUSR1);
	catch(SIGUSR1, again, SA_NODEFER);
	calls = order[5] = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 5);
	CHECK_EQ(order[5], 5);
	catch(SIGUSR1, count, SA_RESETHAND);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 1);
	CHECK_EQ(sigaction(SIGUSR1, NULL, &old), 0);
	CHECK_AT(old.sa_handler, SIG_DFL);
	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	CHECK_EQ(sigaction(SIGUSR1, NULL, &old), 0);
	CHECK_AT(old.sa_handler, nested);
	CHECK_EQ(old.sa_mask.bits[0], 1 << (SIGUSR2 - 1));
}

/* Signals that came while blocked are all delivered when they are unblocked; their frames are stacked. */
static void several(void)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGUSR2, SIGUSR1, SIGSEGV };
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	for (int i = 0; i < 5; i++) {
		catch(signals[i], count, 0);
		raise(signals[i]);
		raise(signals[i]);
	}
	calls = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	CHECK_EQ(calls, 5);
	/* Synchronous signals get their frames first, then the lowest number: so their handlers run last. */
	CHECK_EQ(order[0], SIGTERM);
	CHECK_EQ(order[1], SIGUSR2);
	CHECK_EQ(order[2], SIGUSR1);
	CHECK_EQ(order[3], SIGHUP);
	CHECK_EQ(order[4], SIGSEGV);
}

__asm__(".text; restorer: popl %eax; movl $119, %eax; int $0x80;"
	"restorer_info: movl $173, %eax; int $0x80");
void restorer(void), restorer_info(void);

/* SA_RESTORER: a C library's own return code. */
static void own_restorer(void)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTORER, .sa_restorer = restorer };

	sigaction(SIGUSR1, &action, NULL);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 1);
	action = (struct sigaction){ .sa_sigaction = tell, .sa_flags = SA_RESTORER | SA_SIGINFO,
				     .sa_restorer = restorer_info };
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	CHECK_EQ(calls, 2);
}

/* The stack when a handler begins, as a debugger or a library reads it. */
static void look_at_frame(int signal, unsigned long eflags_low)
{
	unsigned long *frame = (unsigned long *)__builtin_frame_address(0) + 1;

	(void)eflags_low;
	CHECK_EQ(frame[1], signal);
	/* struct sigcontext follows the number: the stack pointer is its word 7, EIP 14, the FPU's address 19 */
	CHECK_EQ(frame[2 + 7], frame[2 + 17]);
	CHECK(frame[2 + 7] > frame[2 + 19] && frame[2 + 19] > (unsigned long)frame);
	CHECK_EQ((frame[2 + 19] + 112) % 16, 0);
	CHECK_EQ(((unsigned long)frame + 4) % 16, 0);
	calls++;
}

static void plain_layout(void)
{
	catch(SIGUSR1, (void *)look_at_frame, 0);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 1);
}

/* The old calls: masks of 32 bits, another struct, one-shot handlers. */
static void old_calls(void)
{
	struct {
		sighandler_t handler;
		unsigned long mask, flags;
		void (*restorer)(void);
	} action = { count, 1 << (SIGUSR2 - 1), 0, NULL }, old;
	unsigned long mask = 1 << (SIGUSR1 - 1), before = -1;

	CHECK_EQ(syscall(SYS_signal, SIGUSR1, count), (long)look_at_frame);
	calls = 0;
	raise(SIGUSR1);
	CHECK_EQ(calls, 1);
	CHECK_EQ(syscall(SYS_sigaction, SIGUSR1, &action, &old), 0);
	CHECK_AT(old.handler, SIG_DFL);
	CHECK_EQ(syscall(SYS_sigprocmask, SIG_BLOCK, &mask, &before), 0);
	CHECK_EQ(before, 0);
	raise(SIGUSR1);
	CHECK_EQ(syscall(SYS_sigpending, &before), 0);
	CHECK_EQ(before, mask);
	CHECK_ERROR(syscall(SYS_sigsuspend, 0, 0, 0), EINTR);
	CHECK_EQ(calls, 2);
	CHECK_EQ(syscall(SYS_sigprocmask, SIG_UNBLOCK, &mask, &before), 0);
	CHECK_EQ(before, mask);
	CHECK_EQ(syscall(SYS_sigaction, SIGUSR1, NULL, &old), 0);
	CHECK_AT(old.handler, count);
	CHECK_EQ(old.mask, 1 << (SIGUSR2 - 1));
}

/* SIGPIPE, and a loop that makes no calls. */
static void in_passing(void)
{
	pid_t parent = getpid(), pid;
	int fd[2];

	catch_info(SIGPIPE, 0);
	CHECK_EQ(pipe(fd), 0);
	close(fd[0]);
	CHECK_ERROR(write(fd[1], "x", 1), EPIPE);
	CHECK_EQ(calls, 1);
	CHECK_EQ(seen.si_signo, SIGPIPE);
	close(fd[1]);
	catch_info(SIGUSR1, 0);
	pid = fork();
	if (pid == 0) {
		kill(parent, SIGUSR1);
		_exit(0);
	}
	while (!calls)
		;
	CHECK_EQ(seen.si_pid, pid);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	told();
	child_told();
	no_zombies();
	registers_kept();
	frame_obeyed();
	flags_obeyed();
	several();
	own_restorer();
	plain_layout();
	old_calls();
	in_passing();
	return CHECK_OK();
}
