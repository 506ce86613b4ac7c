/*
 * The GDT, the task state segment, and the double fault.
 *
 * A kernel stack that overflows reaches its unmapped guard page. The processor cannot push the frame of
 * the page fault there either, and raises a double fault; behind an ordinary gate its push would fail
 * too, and the machine would reset. So vector 8 is a task gate: the processor loads stack pointer and
 * page directory from the second TSS and saves the broken state in the first, where double_fault()
 * reads it. The second TSS uses the boot directory, which has the direct map and never changes.
 *
 * Sources: [SDM3] "Segment Descriptors", "Task-State Segment (TSS)", "Interrupt 8 - Double Fault
 * Exception (#DF)".
 */
#include "kernel/cpu/gdt.h"

#include "kernel/base/cpu.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/base/thread.h"
#include "mm/layout.h"
#include "mm/pagetable.h"

enum {
	ACCESS_KERNEL_CODE = 0x9B, /* present, ring 0, code, readable, accessed */
	ACCESS_KERNEL_DATA = 0x93, /* present, ring 0, data, writable, accessed */
	ACCESS_USER_CODE = 0xFB,
	ACCESS_USER_DATA = 0xF3,
	ACCESS_USER_CONSTANTS = 0xF1, /* as data, but read-only */
	ACCESS_TSS = 0x89,         /* present, ring 0, available 32-bit TSS */
	FLAGS_FLAT = 0xC,          /* limit in pages, 32-bit */
	FLAGS_BYTES = 0x4,         /* limit in bytes, 32-bit */
};

struct descriptor {
	u16 limit_low;
	u16 base_low;
	u8 base_middle;
	u8 access;
	u8 limit_high_flags;
	u8 base_high;
};

struct tss {
	u32 link, esp0, ss0, esp1, ss1, esp2, ss2, cr3, eip, eflags;
	u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
	u32 es, cs, ss, ds, fs, gs, ldt;
	u16 trap, io_map;
};

STATIC_ASSERT(sizeof(struct descriptor) == 8, "the processor reads descriptors of 8 bytes");
STATIC_ASSERT(sizeof(struct tss) == 104, "a 32-bit TSS has 104 bytes");

#define GDT_ENTRIES (GDT_DOUBLE_FAULT / 8 + 1)
#define DOUBLE_FAULT_STACK 4096u

extern char boot_directory[];

static struct descriptor gdt[GDT_ENTRIES];
static struct tss tss;
static struct tss double_fault_tss;
static u8 double_fault_stack[DOUBLE_FAULT_STACK] __attribute__((aligned(16)));

static struct descriptor make(u32 base, u32 limit, u8 access, u8 flags)
{
	return (struct descriptor){
		.limit_low = (u16)limit,
		.base_low = (u16)base,
		.base_middle = (u8)(base >> 16),
		.access = access,
		.limit_high_flags = (u8)(flags << 4 | limit >> 16),
		.base_high = (u8)(base >> 24),
	};
}

static void set_descriptor(u32 selector, u32 base, u32 limit, u8 access, u8 flags)
{
	gdt[selector / 8] = make(base, limit, access, flags);
}

static void set_flat(u32 selector, u32 base, u8 access)
{
	set_descriptor(selector, base, 0xFFFFF, access, FLAGS_FLAT);
}

static void print_stack_verdict(u32 address)
{
	u32 slot = (address - KSTACK_BASE) / KSTACK_SLOT;
	u32 within = (address - KSTACK_BASE) % KSTACK_SLOT;

	if (address < KSTACK_BASE || address >= KSTACK_END)
		printk("the fault address is no kernel stack\n");
	else if (within < PAGE_SIZE)
		printk("the kernel stack of '%s' has overflowed into its guard page (stack %u)\n",
		       thread_current()->name, slot);
	else
		printk("the fault address lies in kernel stack %u\n", slot);
}

/* Runs in the context of the second TSS. It does not return: the first context cannot be continued. */
static void double_fault(void)
{
	printk("\ndouble fault: a fault came up while the processor was delivering another\n");
	print_stack_verdict(cpu_cr2());
	printk("eax %08x  ebx %08x  ecx %08x  edx %08x\n", tss.eax, tss.ebx, tss.ecx, tss.edx);
	printk("esi %08x  edi %08x  ebp %08x  esp %08x\n", tss.esi, tss.edi, tss.ebp, tss.esp);
	printk("eip %08x  eflags %08x\n", tss.eip, tss.eflags);
	if (pagetable_kernel.cr3)
		cpu_set_cr3(pagetable_kernel.cr3); /* it maps the kernel stacks, for the backtrace */
	panic_trap(tss.eip, tss.ebp, "double fault at address %08x", cpu_cr2());
}

static void init_double_fault(void)
{
	double_fault_tss.cr3 = ptr_to_paddr(boot_directory);
	double_fault_tss.eip = (u32)(uintptr_t)double_fault;
	double_fault_tss.eflags = 2; /* a reserved bit, always 1 */
	double_fault_tss.esp = (u32)(uintptr_t)(double_fault_stack + DOUBLE_FAULT_STACK - 16);
	double_fault_tss.cs = GDT_KERNEL_CODE;
	double_fault_tss.ss = double_fault_tss.ds = double_fault_tss.es = GDT_KERNEL_DATA;
	double_fault_tss.io_map = sizeof(struct tss);
}

static void gdt_load(void)
{
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed)) pointer = { sizeof(gdt) - 1, (u32)(uintptr_t)gdt };

	__asm__ volatile("lgdt %0\n\t"
			 "ljmp %1, $1f\n"
			 "1:\tmovw %w2, %%ds\n\t"
			 "movw %w2, %%es\n\t"
			 "movw %w2, %%ss\n\t"
			 "movw %w3, %%fs\n\t"
			 "movw %w3, %%gs\n\t"
			 "lldt %w3\n\t"
			 "ltr %w4"
			 :
			 : "m"(pointer), "i"(GDT_KERNEL_CODE), "r"(GDT_KERNEL_DATA), "r"(0),
			   "r"(GDT_TSS)
			 : "memory");
}

void gdt_init(void)
{
	set_flat(GDT_KERNEL_CODE, 0, ACCESS_KERNEL_CODE);
	set_flat(GDT_KERNEL_DATA, 0, ACCESS_KERNEL_DATA);
	set_flat(GDT_USER_CODE, 0, ACCESS_USER_CODE);
	set_flat(GDT_USER_DATA, 0, ACCESS_USER_DATA);
	set_descriptor(GDT_TSS, (u32)(uintptr_t)&tss, sizeof(tss) - 1, ACCESS_TSS, 0);
	set_descriptor(GDT_DOUBLE_FAULT, (u32)(uintptr_t)&double_fault_tss, sizeof(tss) - 1,
		       ACCESS_TSS, 0);
	tss.ss0 = GDT_KERNEL_DATA;
	tss.io_map = sizeof(tss); /* beyond the limit: user code may access no ports */
	init_double_fault();
	gdt_load();
}

void gdt_enter_thread(const struct thread *t)
{
	if (!t->stack_top)
		return;
	tss.esp0 = (u32)(uintptr_t)t->stack_top;
	__builtin_memcpy(&gdt[GDT_TLS / 8], t->segments, sizeof(t->segments)); /* six words: compiled without a call */
	/*
	 * FS and GS still hold the selectors of another thread: an interrupt in the kernel would fail to restore them.
	 */
	__asm__ volatile("mov %0, %%fs\n\tmov %0, %%gs" : : "r"(0));
}

u64 gdt_data_segment(u32 base, u32 limit, bool in_pages, bool writable)
{
	struct descriptor d = make(base, limit, writable ? ACCESS_USER_DATA : ACCESS_USER_CONSTANTS,
				   in_pages ? FLAGS_FLAT : FLAGS_BYTES);
	u64 packed;

	memcpy(&packed, &d, sizeof(packed));
	return packed;
}
