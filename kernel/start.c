/*
 * From the first thread to the first program: disks, root, swap, the daemons, exec.
 *
 * Disks are recognised by their contents, in whatever order they are attached: an ext2 superblock makes a disk the
 * root, mkswap's signature makes it the swap area. Without a root disk a Multiboot module may contain the root file
 * system, or be the first program itself.
 */
#include "kernel/start.h"

#include "drivers/ata.h"
#include "drivers/block.h"
#include "drivers/memswap.h"
#include "drivers/nodriver.h"
#include "drivers/ramdisk.h"
#include "drivers/virtio/disk.h"
#include "kernel/base/clock.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/errno.h"
#include "kernel/base/inject.h"
#include "kernel/base/panic.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/trap.h"
#include "kernel/fs/devfs.h"
#include "kernel/fs/ext2/ext2.h"
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/fs/tmpfs.h"
#include "kernel/fs/tty/tty.h"
#include "kernel/lifecycle/arguments.h"
#include "kernel/lifecycle/create.h"
#include "kernel/lifecycle/exec.h"
#include "kernel/lifecycle/exit.h"
#include "kernel/pressure/load_control.h"
#include "kernel/selftest/selftest.h"
#include "kernel/shutdown.h"
#include "kernel/task/task.h"
#include "kernel/task/wait_status.h"
#include "kernel/trace.h"
#include "mm/memobj_file.h"
#include "mm/mm.h"
#include "mm/reclaim.h"
#include "mm/slot.h"
#include "mm/slot_header.h"

#define DEFAULT_INIT "/bin/sh"
#define ARGUMENTS_BYTES 2048 /* the size of the command line */
#define ARGUMENTS_MAX (ARGUMENTS_BYTES / 2)

/* --- disks --------------------------------------------------------------------------------------------------------- */

/* Swap areas that cannot be used: reported when all disks are known, since another one may be usable. */
static struct {
	const struct block_device *disk;
	char why[SLOT_HEADER_WHY];
} refused[8];
static u32 refused_count;

static void refuse_swap(const struct block_device *d, const char *why)
{
	if (refused_count == ARRAY_LEN(refused))
		return;
	refused[refused_count].disk = d;
	strlcpy(refused[refused_count++].why, why, SLOT_HEADER_WHY);
}

static void report_refused_swap(void)
{
	for (u32 i = 0; i < refused_count; i++)
		printk("swap: %s is not used: %s%s\n", refused[i].disk->backing.name, refused[i].why,
		       slot_enabled() ? "" : "; there is no swap");
}

/*
 * Enables the swap area on D if it has one, and none is enabled yet. => true: D is a swap area, even if it was refused
 */
static bool try_swap(struct block_device *d, const void *first_page)
{
	const char *wanted = cmdline_value("swap");
	char why[SLOT_HEADER_WHY];
	enum slot_header_is is = slot_header_check(first_page, &d->backing, why, sizeof(why));

	if (is == SLOT_HEADER_NONE || slot_enabled() || (wanted && strcmp(wanted, "off") == 0))
		return is != SLOT_HEADER_NONE;
	if (is == SLOT_HEADER_WRONG)
		refuse_swap(d, why);
	else if (d->read_only)
		refuse_swap(d, "the disk cannot be written");
	else if (slot_enable(&d->backing, first_page) < 0)
		refuse_swap(d, "there is no memory for the table of its slots");
	else
		printk_verbose("swap: %u slots on %s\n", slot_total(), d->backing.name);
	return true;
}

static void recognise(struct block_device *d, void *page)
{
	if (block_read_page(d, 0, page)) {
		printk("%s: cannot be read\n", d->backing.name);
		return;
	}
	if (!try_swap(d, page) && !filesystem_root)
		ext2_mount(d);
}

static bool is_elf(const struct bootmem_module *m)
{
	return m->bytes > 4 && memcmp(paddr_to_ptr(m->start), "\177ELF", 4) == 0;
}

/* Mounts a root file system in a Multiboot module, if no disk had one. */
static void mount_module(void)
{
	struct bootmem_module m;

	for (u32 i = 0; !filesystem_root && bootmem_module(i, &m); i++) {
		struct block_device *d = is_elf(&m) ? NULL : ramdisk_create("module", m.start, m.bytes);

		if (d)
			ext2_mount(d);
	}
}

/* `swap=mem:PAGES[:SEED]`: a disk in memory that completes requests late and out of order. */
static void make_memory_swap(const char *text)
{
	char pages[16];
	const char *colon = strchr(text, ':');
	u32 length = colon ? (u32)(colon - text) : strlen(text);
	u32 n, seed = 1;

	strlcpy(pages, text, MIN(length + 1, sizeof(pages)));
	if (!string_to_u32(pages, &n) || (colon && !string_to_u32(colon + 1, &seed)))
		printk("swap=mem:%s is not understood\n", text);
	else if (!memswap_create(n, seed))
		printk("swap=mem:%s: not so much memory\n", text);
}

/* The RAM disk on a Multiboot module that is the first program itself; NULL: there is none. */
static struct block_device *program_disk;
static u32 program_bytes;

static void find_program(void)
{
	struct bootmem_module m;

	for (u32 i = 0; !program_disk && bootmem_module(i, &m); i++) {
		if (!is_elf(&m))
			continue;
		program_bytes = m.bytes;
		program_disk = ramdisk_create("program", m.start, ALIGN_UP(m.bytes, PAGE_SIZE));
	}
}

static void find_disks(void)
{
	const char *swap = cmdline_value("swap");
	void *page = kmalloc(PAGE_SIZE);
	struct block_device *d;

	if (!page)
		panic("no memory to look at the disks");
	if (swap && strncmp(swap, "mem:", 4) == 0)
		make_memory_swap(swap + 4);
	ata_init();
	if (virtio_disk_init)
		virtio_disk_init();
	list_for_each(d, &block_devices, link)
		recognise(d, page);
	report_refused_swap();
	nodriver_report();
	kfree(page);
	mount_module();
	if (!filesystem_root)
		find_program();
}

/* --- files --------------------------------------------------------------------------------------------------------- */

/* => the console */
static struct inode *add_devices(void)
{
	struct inode *console = devfs_add("console", S_IFCHR | 0600, INODE_DEV(5, 1), &tty_ops);

	devfs_add("tty", S_IFCHR | 0666, INODE_DEV(5, 0), &tty_ops);
	devfs_add("trace", S_IFCHR | 0666, INODE_DEV(10, 0), &trace_device_ops);
	devfs_init();
	return console;
}

/* Over the root, whether or not the disk has directories there. Without a root there are no names at all. */
static void mount_all(void)
{
	if (!filesystem_root)
		return;
	filesystem_mount(&proc_filesystem, filesystem_root, "proc");
	filesystem_mount(&devfs_filesystem, filesystem_root, "dev");
	filesystem_mount(&tmpfs_filesystem, &devfs_root, "shm");
}

/* --- the first program --------------------------------------------------------------------------------------------- */

static int add_arguments(struct arguments *s, char *text)
{
	static const char *words[ARGUMENTS_MAX];
	u32 n = cmdline_split(text, words, ARGUMENTS_MAX);
	int error = 0;

	for (u32 i = 0; !error && i < n; i++)
		error = arguments_add(s, words[i]);
	return error;
}

static int run_program(const struct arguments *s)
{
	struct memobj *obj = program_disk ? memobj_file_create(&program_disk->backing, program_bytes) : NULL;
	int error;

	if (!obj)
		return -ENOENT;
	error = exec_image("init", obj, program_bytes, s);
	memobj_unref(obj);
	return error;
}

/* => why exec has refused the first program, in words for the errors that a user can remedy */
static const char *reason_of(int error)
{
	static const struct {
		int error;
		const char *reason;
	} reasons[] = {
		{ -ENOENT, "there is no such file" },
		{ -ENOTDIR, "a part of the path is not a directory" },
		{ -EACCES, "it is not an executable file" },
		{ -ENOEXEC, "it is not a program for this machine" },
		{ -ENOMEM, "there is not enough memory" },
		{ -EIO, "the disk cannot be read" },
	};

	for (u32 i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].error == error)
			return reasons[i].reason;
	return "exec failed";
}

static void run_first_program(const char *path)
{
	static char text[ARGUMENTS_BYTES];
	struct arguments s;
	int error;

	strlcpy(text, cmdline_init_args(), sizeof(text));
	arguments_init(&s);
	error = arguments_add(&s, path);
	if (!error)
		error = add_arguments(&s, text);
	if (!error)
		error = filesystem_root ? exec_path(path, &s) : run_program(&s);
	arguments_free(&s);
	printk_verbose("boot: %llu cycles from the kernel's entry to the first program\n", clock_cycles());
	if (!error)
		return;
	if (!filesystem_root)
		printk("shisho: no root: no disk could be mounted as an ext2 file system, and no module is one or a program\n");
	else
		printk("shisho: the first program %s cannot be run: %s (error %d)\n", path, reason_of(error), -error);
	shutdown_without_program();
}

void start_first_program(void *unused)
{
	struct task *t = task_current();
	const char *path = cmdline_value("init");
	struct inode *console;

	(void)unused;
	ASSERT_CMP(t->pid, ==, 1);
	on_init_exit = shutdown;
	console = add_devices();
	find_disks();
	mount_all();
	if (!reclaim_exact && !task_spawn_kernel("writeback", filesystem_writer, NULL, false))
		panic("no memory for the thread that writes files back");
	if (!task_spawn_kernel("swapper", load_control_run, NULL, true))
		panic("no memory for the swapper");
	shutdown_record_start();
	trace_start();
	if (cmdline_flag("selftest"))
		shutdown_with(WAIT_STATUS_EXIT(selftest_passes() ? 0 : 1));
	t->fs = fs_context_create(console);
	if (!t->fs)
		panic("no memory for the first program's files");
	inject_start(&t->thread);
	run_first_program(path && *path ? path : DEFAULT_INIT);
	thread_leave_kernel();
	trap_exit_to_user(t->tf);
}
