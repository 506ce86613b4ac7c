/*
 * The boot order: initialises each part of the kernel after the parts that it uses, then becomes the idle thread.
 */
#include "drivers/block.h"
#include "drivers/input.h"
#include "drivers/keyboard.h"
#include "drivers/pic.h"
#include "drivers/pit.h"
#include "drivers/rtc.h"
#include "drivers/uart.h"
#include "drivers/vga.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/inject.h"
#include "kernel/base/multiboot.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/base/thread.h"
#include "kernel/cpu/fpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/idt.h"
#include "kernel/fs/tty/tty.h"
#include "kernel/lifecycle/create.h"
#include "kernel/pressure/oom.h"
#include "kernel/shutdown.h"
#include "kernel/start.h"
#include "kernel/task/task.h"
#include "mm/anon.h"
#include "mm/memobj_file.h"
#include "mm/mm.h"
#include "mm/pageout.h"
#include "mm/policy.h"
#include "mm/reclaim.h"
#include "mm/vmcheck.h"

extern const char kernel_start[], kernel_end[];

/* Called by boot.S with interrupts off, on the boot stack. INFO is an address in the direct map. */
void kmain(const struct multiboot_info *info) NORETURN;

/* Consoles first, so that later failures can be reported; then traps, so that an exception is reported decoded. */
static void init_processor(const struct multiboot_info *info)
{
	bool has_cmdline = info->flags & MULTIBOOT_HAS_CMDLINE;

	cmdline_init(has_cmdline ? paddr_to_ptr(info->cmdline) : "");
	printk_is_verbose = cmdline_flag("verbose");
	uart_init();
	vga_init();
	gdt_init();
	idt_init();
	pic_init();
	ASSERT_CMP((uintptr_t)kernel_start, ==, KERNEL_BASE + KERNEL_LOAD);
	printk_verbose("kernel: image %p to %p, command line '%s'\n", kernel_start, kernel_end,
		       cmdline_text());
	cmdline_report();
}

/*
 * A program needs its code, its stack, its data and both pages of a copy in memory at once, and a pipe needs two
 * programs.
 */
#define LEAST_FRAMES 24u

/* `frames=`, `policy=`, `exact`, `check=`, `evict=`, `fail=`: options of the memory manager. */
static void init_options(void)
{
	const char *policy = cmdline_value("policy"), *check = cmdline_value("check");
	const char *fail = cmdline_value("fail"), *evict = cmdline_value("evict");
	u32 frames = cmdline_u32("frames", 0);

	if (frames && frames < LEAST_FRAMES) {
		printk("frames=%u: no program runs in so few; using %u\n", frames, LEAST_FRAMES);
		frames = LEAST_FRAMES;
	}
	frame_set_limit(frames);
	if (policy)
		policy_select(policy);
	reclaim_set_exact(cmdline_flag("exact"));
	if (fail && !inject_set(fail))
		printk("fail=%s: not understood; frame:N, slot:N, heap:N or disk:N\n", fail);
	reclaim_always = evict && strcmp(evict, "always") == 0;
	vmcheck_always = check && strcmp(check, "always") == 0;
	if (vmcheck_always)
		thread_check = vmcheck;
}

static void pageout(void *unused)
{
	(void)unused;
	pageout_run(oom_kill);
}

/* The first task that is created gets number 1 and becomes the first program. */
static void init_threads(void)
{
	thread_init(gdt_enter_thread);
	fpu_init();
	if (!task_spawn_kernel("init", start_first_program, NULL, false) ||
	    !task_spawn_kernel("iod", block_iod, NULL, true) ||
	    !task_spawn_kernel("pageout", pageout, NULL, true))
		panic("no memory for the first threads");
}

void kmain(const struct multiboot_info *info)
{
	init_processor(info);
	frame_poisoning = cmdline_value("check") != NULL && strcmp(cmdline_value("check"), "off") != 0;
	if (!mm_init(info))
		shutdown_without_program();
	if (bootmem_kib_ignored())
		printk("memory: %u KiB above %u MiB are not used\n", bootmem_kib_ignored(), DIRECT_MAX >> 20);
	init_options();
	pit_init(thread_timer_tick);
	rtc_init();
	tty_init();
	input_set_handler(tty_input);
	uart_enable_input();
	keyboard_init();
	init_threads();
	thread_idle();
}
