/*
 * The trace is switched on and off here, by the command line or while programs run. mm/vmtrace.c passes whole lines; a device
 * writes a line or drops it, never writes a part. What mm/ cannot know is added here: the names of tasks and of objects.
 */
#include "kernel/trace.h"

#include "drivers/debugport.h"
#include "kernel/base/clock.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/proc/proc.h"
#include "kernel/task/task.h"
#include "mm/backing.h"
#include "mm/frame.h"
#include "mm/memobj.h"
#include "mm/policy.h"
#include "mm/slot.h"
#include "mm/vmsnapshot.h"
#include "mm/vmtrace.h"

#define CLASSES_TEXT 128 /* bytes for the names of all classes */
#define PATH_TEXT 512

/* --- devices ---------------------------------------------------------------------------------- */

static const struct device {
	const char *name;
	bool (*present)(void);
	bool (*write)(const char *line, u32 n);
	void (*wait)(void); /* until the other side permits the next line; NULL: it cannot */
} devices[] = {
	{ "debugcon", debugport_console_present, debugport_console_write, debugport_console_wait },
	{ "com2", debugport_com2_present, debugport_com2_write, debugport_com2_wait },
	{ "ring", trace_ring_open, trace_ring_write, NULL },
};

static const struct device *device; /* that has been opened; NULL: none yet */
static bool stepping;

/*
 * => the device with that NAME, NULL if it is not present; for NAME NULL the debug console if present,
 * else the ring
 */
static const struct device *find_device(const char *name)
{
	for (u32 i = 0; i < ARRAY_LEN(devices); i++) {
		const struct device *d = &devices[i];
		bool asked = name ? strcmp(name, d->name) == 0 : d->write != debugport_com2_write;

		if (asked && d->present())
			return d;
	}
	return NULL;
}

/* With tracestep somebody is known to read, so that a line is never dropped, however long it has to wait. */
static bool output(const char *line, u32 n)
{
	bool taken;

	do
		taken = device->write(line, n);
	while (stepping && !taken);
	if (stepping)
		device->wait();
	return taken;
}

/* => 0; -ENODEV: the device that the command line asks for does not exist, -ENOMEM: no memory for the ring; both reported */
static int open_device(void)
{
	const char *name = cmdline_value("tracedev");

	if (!device)
		device = find_device(name);
	if (!device && (!name || strcmp(name, "ring") == 0)) {
		printk("trace: the ring needs %u KiB in one piece, and no such piece is free; no trace\n",
		       trace_ring_size() / 1024);
		return -ENOMEM;
	}
	if (!device) {
		printk("tracedev=%s: not there; no trace\n", name);
		return -ENODEV;
	}
	stepping = cmdline_flag("tracestep") && device->wait;
	if (cmdline_flag("tracestep") && !stepping)
		printk("tracestep: the device %s cannot hold the kernel up; ignored\n", device->name);
	vmtrace_output = output;
	return 0;
}

/* --- names ------------------------------------------------------------------------------------- */

/* A thread of the kernel has no parent; the idle thread is no task. */
static u32 label_of(const struct thread *thread)
{
	const struct task *t = container_of(thread, struct task, thread);

	if (!thread->stack_top)
		return 0;
	return t->parent || t->pid == 1 ? t->pid : 0;
}

static void name_tasks(void)
{
	const struct task *t;

	list_for_each(t, &task_all, all)
		if (label_of(&t->thread))
			TRACE_NAME(t->pid, t->name);
}

/* Into BUF of PATH_TEXT bytes. */
static void describe_object(const struct memobj *obj, char *buf)
{
	const struct inode *inode = filesystem_inode_of(obj);

	if (inode && inode_describe(inode, buf, PATH_TEXT) < 0)
		strlcpy(buf, inode->name, PATH_TEXT);
	else if (!inode && obj->ops->describe)
		obj->ops->describe(obj, buf, PATH_TEXT);
	else if (!inode && obj->backing)
		strlcpy(buf, obj->backing->name, PATH_TEXT); /* a file system's tables and directories */
	else if (!inode)
		strlcpy(buf, "shared memory", PATH_TEXT);
}

static void introduce(struct memobj *obj)
{
	static char name[PATH_TEXT];

	if (obj->introduced)
		return;
	obj->introduced = true;
	describe_object(obj, name);
	vmtrace_emit_object(0, 0, obj, obj->ops->anonymous ? VMTRACE_OBJECT_KIND_SHM : VMTRACE_OBJECT_KIND_FILE, name);
}

/* --- on and off -------------------------------------------------------------------------------- */

/* Lines begin, or go on with the classes MASK: a hello and a snapshot. */
static void trace_begin(u32 mask)
{
	char classes[CLASSES_TEXT];

	vmtrace_label_of = label_of;
	vmtrace_introduce_object = introduce;
	vmtrace_mask = mask;
	vmtrace_names(mask, classes, sizeof(classes));
	vmtrace_describe(true);
	TRACE_HELLO(0, VMTRACE_VERSION, PAGE_SIZE, frame_total(), slot_total(), frame_limit(), policy_name(), clock_mhz(),
		    classes);
	vmsnapshot(name_tasks);
}

void trace_start(void)
{
	const char *text = cmdline_value("trace");
	char classes[CLASSES_TEXT];
	u32 mask;

	if (text && !vmtrace_parse(text, &mask)) {
		vmtrace_names(VMTRACE_ALL, classes, sizeof(classes));
		printk("trace=%s: not understood; off, all, or some of %s\n", text, classes);
		return;
	}
	if (text && mask && open_device() == 0)
		trace_begin(mask);
}

void trace_end(void)
{
	if (!vmtrace_mask)
		return;
	vmsnapshot(name_tasks);
	vmtrace_mask = 0;
}

static void trace_show(struct text *t, struct task *task)
{
	char classes[CLASSES_TEXT];

	(void)task;
	vmtrace_names(vmtrace_mask, classes, sizeof(classes));
	text_add(t, "%s\n", vmtrace_mask ? classes : "off");
}

static int trace_store(struct task *task, const char *text)
{
	int error;
	u32 mask;

	(void)task;
	if (!vmtrace_parse(text, &mask))
		return -EINVAL;
	if (mask == vmtrace_mask)
		return 0;
	if (!mask) {
		trace_end();
		return 0;
	}
	error = open_device();
	if (!error)
		trace_begin(mask);
	return error;
}

const struct proc_setting_ops trace_setting_ops = { .show = trace_show, .store = trace_store };

void trace_user_line(const char *text)
{
	TRACE_USER(task_current()->pid, text);
}
