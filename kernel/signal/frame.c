/*
 * Signal frames, in Linux's i386 layout, which C libraries and programs rely on. From high to low addresses:
 *
 *	the interrupted stack, or the end of the alternate one
 *	struct fpu_frame, its second part at a multiple of 64
 *	for a handler with SA_SIGINFO a struct extended_frame, else a struct plain_frame
 *	^ ESP at the first instruction of the handler: its return address is there
 *
 * The handler returns to the action's restorer, or if there is none to a few instructions in the frame itself (Linux
 * has them in its vdso; all pages are executable here). Either calls sigreturn, which finds the frame by ESP.
 *
 * The program may have changed the frame or made it up, so nothing is restored from it that the program could not set
 * by itself. CS and SS are taken from the frame with privilege level 3: the processor refuses invalid ones, which
 * becomes a signal (cpu/trap.c). An invalid selector for DS, ES, FS or GS is replaced by 0.
 *
 * Sources: sigaction(2), sigreturn(2), sigaltstack(2); Linux's arch/x86/include/uapi/asm/sigcontext.h, ucontext.h and
 * asm-generic/siginfo.h for the layouts; [SDM1] "EFLAGS Register".
 */
#include "kernel/signal/frame.h"

#include "kernel/base/cpu.h"
#include "kernel/base/string.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/trap.h"
#include "kernel/signal/stack.h"
#include "kernel/task/task.h"
#include "mm/usercopy.h"

#define FPU_ALIGN 64u

/* Flags that a frame may set: arithmetic, DF, TF, AC, RF. IF, IOPL, NT, VM are not changed. */
#define FLAGS_OF_FRAME (EFLAGS_ARITHMETIC | EFLAGS_TF | EFLAGS_DF | EFLAGS_RF | EFLAGS_AC)

struct sigcontext {
	u16 gs, gs_high, fs, fs_high, es, es_high, ds, ds_high;
	u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trap, error; /* the last exception that became a signal */
	u32 eip;
	u16 cs, cs_high;
	u32 eflags, esp_again;
	u16 ss, ss_high;
	u32 fpu;         /* address of a struct fpu_frame; 0: the initial state */
	u32 mask_low, address;
};
STATIC_ASSERT(sizeof(struct sigcontext) == 88, "Linux's layout");

struct plain_frame {
	u32 return_to, signal;
	struct sigcontext context;
	u8 unused[sizeof(struct fpu_frame)]; /* old versions of Linux stored the state here */
	u32 mask_high;
	u8 code[8];
};
STATIC_ASSERT(sizeof(struct plain_frame) == 732, "Linux's layout");

struct ucontext {
	u32 flags, link;
	struct signal_stack stack;
	struct sigcontext context;
	u64 mask;
};
STATIC_ASSERT(sizeof(struct ucontext) == 116, "Linux's layout");

struct extended_frame {
	u32 return_to, signal, info_at, context_at;
	struct siginfo info;
	struct ucontext ucontext;
	u8 code[8];
};
STATIC_ASSERT(sizeof(struct extended_frame) == 268, "Linux's layout");

/* pop %eax; mov $119, %eax; int $0x80 */
static const u8 plain_code[8] = { 0x58, 0xB8, 0x77, 0, 0, 0, 0xCD, 0x80 };
/* mov $173, %eax; int $0x80 */
static const u8 extended_code[8] = { 0xB8, 0xAD, 0, 0, 0, 0xCD, 0x80 };

/* --- building ------------------------------------------------------------------------------------------------------ */

/*
 * => the address for a frame of BYTES, and in *FPU that of its floating-point part; 0: it does not fit on the alternate
 * stack
 */
static vaddr_t signal_frame_place(const struct trapframe *tf, const struct signal_action *action, u32 bytes, vaddr_t *fpu)
{
	const struct signal_stack *s = &task_current()->signals->stack;
	bool alternate = signal_stack_holds(s, tf->esp);
	vaddr_t sp = tf->esp, at;

	if ((action->flags & SA_ONSTACK) && !alternate && s->size) {
		alternate = true;
		sp = s->start + s->size;
	}
	*fpu = ALIGN_DOWN(sp - FPU_BYTES, FPU_ALIGN) - offsetof(struct fpu_frame, extended);
	at = ALIGN_DOWN(*fpu - bytes + 4, 16) - 4; /* as after a call: [System V ABI i386] "The Stack Frame" */
	return alternate && (at <= s->start || at - s->start > s->size) ? 0 : at;
}

static void describe(struct sigcontext *c, const struct trapframe *tf, vaddr_t fpu, u64 mask)
{
	const struct signals *s = task_current()->signals;

	*c = (struct sigcontext){
		.gs = tf->gs, .fs = tf->fs, .es = tf->es, .ds = tf->ds, .cs = tf->cs, .ss = tf->ss,
		.edi = tf->edi, .esi = tf->esi, .ebp = tf->ebp, .esp = tf->esp,
		.ebx = tf->ebx, .edx = tf->edx, .ecx = tf->ecx, .eax = tf->eax,
		.trap = s->trap, .error = s->error, .address = s->address,
		.eip = tf->eip, .eflags = tf->eflags, .esp_again = tf->esp, .fpu = fpu, .mask_low = (u32)mask,
	};
}

static bool write_fpu(vaddr_t at)
{
	struct fpu_frame f;

	fpu_to_frame(&f);
	return usercopy_out(at, &f, sizeof(f)) == 0;
}

static bool write_plain(vaddr_t at, vaddr_t fpu, const struct trapframe *tf, u32 signal, vaddr_t restorer, u64 mask)
{
	struct plain_frame f = {
		.return_to = restorer ? restorer : at + offsetof(struct plain_frame, code),
		.signal = signal,
		.mask_high = (u32)(mask >> 32),
	};

	describe(&f.context, tf, fpu, mask);
	memcpy(f.code, plain_code, sizeof(f.code));
	return usercopy_out(at, &f, sizeof(f)) == 0;
}

void signal_frame_siginfo(struct siginfo *to, u32 signal, const struct signal_info *info)
{
	memset(to, 0, sizeof(*to));
	to->signal = signal;
	to->code = info->code;
	to->pid = info->value; /* or the address, which has the same offset */
	to->uid = info->uid;
	to->status = info->status;
}

static bool write_extended(vaddr_t at, vaddr_t fpu, const struct trapframe *tf, u32 signal, vaddr_t restorer,
			   const struct signal_info *info, u64 mask)
{
	struct extended_frame f = {
		.return_to = restorer ? restorer : at + offsetof(struct extended_frame, code),
		.signal = signal,
		.info_at = at + offsetof(struct extended_frame, info),
		.context_at = at + offsetof(struct extended_frame, ucontext),
		.ucontext = { .stack = task_current()->signals->stack, .mask = mask },
	};

	signal_frame_siginfo(&f.info, signal, info);
	describe(&f.ucontext.context, tf, fpu, mask);
	memcpy(f.code, extended_code, sizeof(f.code));
	return usercopy_out(at, &f, sizeof(f)) == 0;
}

/* The arguments are on the stack, and in registers too, for handlers that were compiled with -mregparm. */
static void enter(struct trapframe *tf, u32 signal, vaddr_t handler, vaddr_t at, bool extended)
{
	tf->eax = signal;
	tf->edx = extended ? at + offsetof(struct extended_frame, info) : 0;
	tf->ecx = extended ? at + offsetof(struct extended_frame, ucontext) : 0;
	tf->esp = at;
	tf->eip = handler;
	tf->cs = GDT_USER_CODE;
	tf->ds = tf->es = tf->ss = GDT_USER_DATA;
	tf->eflags &= ~(EFLAGS_TF | EFLAGS_DF | EFLAGS_RF);
}

bool signal_frame_push(struct trapframe *tf, u32 signal, const struct signal_action *action,
		       const struct signal_info *info, u64 mask)
{
	bool extended = action->flags & SA_SIGINFO;
	vaddr_t restorer = action->flags & SA_RESTORER ? action->restorer : 0;
	struct task *t = task_current();
	vaddr_t fpu, at;

	at = signal_frame_place(tf, action, extended ? sizeof(struct extended_frame) : sizeof(struct plain_frame), &fpu);
	if (!at || !write_fpu(fpu))
		return false;
	if (extended ? !write_extended(at, fpu, tf, signal, restorer, info, mask) :
		       !write_plain(at, fpu, tf, signal, restorer, mask))
		return false;
	if (t->signals->stack.flags & SS_AUTODISARM)
		t->signals->stack = (struct signal_stack){ 0 };
	fpu_reset(t->thread.fpu);
	enter(tf, signal, action->handler, at, extended);
	return true;
}

/* --- restoring ----------------------------------------------------------------------------------------------------- */

/* => SELECTOR with privilege level 3 if a program may load it; else 0 */
static u32 data_selector(u16 selector)
{
	u32 user = selector | 3;
	bool own = user >= GDT_TLS && user < GDT_TLS + 8 * THREAD_SEGMENTS && user % 8 == GDT_TLS % 8;

	return own || user == GDT_USER_DATA || user == GDT_USER_CODE ? user : 0;
}

static bool signal_frame_load_fpu(vaddr_t at)
{
	struct fpu_frame f;

	if (!at) {
		fpu_reset(task_current()->thread.fpu);
		return true;
	}
	if (usercopy_in(&f, at, sizeof(f)))
		return false;
	fpu_from_frame(&f);
	return true;
}

/* => false: the floating-point state cannot be read; nothing has changed */
static bool restore(struct trapframe *tf, const struct sigcontext *c)
{
	if (!signal_frame_load_fpu(c->fpu))
		return false;
	tf->gs = data_selector(c->gs);
	tf->fs = data_selector(c->fs);
	tf->es = data_selector(c->es);
	tf->ds = data_selector(c->ds);
	tf->cs = c->cs | 3;
	tf->ss = c->ss | 3;
	tf->edi = c->edi;
	tf->esi = c->esi;
	tf->ebp = c->ebp;
	tf->esp = c->esp;
	tf->ebx = c->ebx;
	tf->edx = c->edx;
	tf->ecx = c->ecx;
	tf->eax = c->eax;
	tf->eip = c->eip;
	tf->eflags = (tf->eflags & ~FLAGS_OF_FRAME) | (c->eflags & FLAGS_OF_FRAME);
	return true;
}

/* The handler's return has popped one word of the frame, and the code before the INT instruction another. */
static bool pop_plain(struct trapframe *tf)
{
	vaddr_t at = tf->esp - offsetof(struct plain_frame, context);
	struct sigcontext c;
	u32 mask_high;

	if (usercopy_in(&c, at + offsetof(struct plain_frame, context), sizeof(c)) ||
	    usercopy_in(&mask_high, at + offsetof(struct plain_frame, mask_high), sizeof(mask_high)) ||
	    !restore(tf, &c))
		return false;
	signal_set_blocked((u64)mask_high << 32 | c.mask_low);
	return true;
}

/* An invalid alternate stack in the frame is ignored: it is no error, as on Linux. */
static bool pop_extended(struct trapframe *tf)
{
	vaddr_t at = tf->esp - offsetof(struct extended_frame, signal);
	struct ucontext u;

	if (usercopy_in(&u, at + offsetof(struct extended_frame, ucontext), sizeof(u)) || !restore(tf, &u.context))
		return false;
	signal_set_blocked(u.mask);
	signal_stack_set(&task_current()->signals->stack, &u.stack, tf->esp);
	return true;
}

bool signal_frame_pop(struct trapframe *tf, bool extended)
{
	return extended ? pop_extended(tf) : pop_plain(tf);
}
