/*
 * /dev: a fixed table of devices. Numbers are Linux's.
 *
 * Source: Linux's Documentation/admin-guide/devices.txt.
 */
#include "kernel/base/errno.h"
#include "kernel/base/random.h"
#include "kernel/base/string.h"
#include "kernel/fs/devfs.h"
#include "kernel/fs/file.h"
#include "kernel/fs/tmpfs.h"
#include "kernel/fs/tty/tty.h"
#include "kernel/trace.h"
#include "mm/usercopy.h"

static s32 null_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	(void)f, (void)dst, (void)n, (void)pos;
	return 0;
}

static s32 null_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	(void)f, (void)src, (void)pos;
	return n;
}

static s32 zero_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	u32 left = usercopy_zero_partial(dst, n);

	(void)f, (void)pos;
	return left == n ? -EFAULT : (s32)(n - left);
}

s32 devfs_random(vaddr_t dst, u32 n)
{
	u32 done = 0;

	while (done < n) {
		u32 word = random_word(), step = MIN(n - done, sizeof(word));
		u32 left = usercopy_out_partial(dst + done, &word, step);

		done += step - left;
		if (left)
			return done ? (s32)done : -EFAULT;
	}
	return done;
}

static s32 random_read(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	(void)f, (void)pos;
	return devfs_random(dst, n);
}

static s32 full_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	(void)f, (void)src, (void)n, (void)pos;
	return -ENOSPC;
}

/* Lines that programs add to the trace; one that is too long becomes several. */
static s32 trace_write(struct file *f, vaddr_t src, u32 n, u64 pos)
{
	char line[TRACE_LINE_MAX + 1], *end;
	u32 done = 0;

	(void)f, (void)pos;
	while (done < n) {
		u32 piece = MIN(n - done, TRACE_LINE_MAX);

		if (usercopy_in(line, src + done, piece) < 0)
			return done ? (s32)done : -EFAULT;
		line[piece] = '\0';
		end = strchr(line, '\n');
		if (end)
			*end = '\0';
		trace_user_line(line);
		done += end ? (u32)(end - line) + 1 : piece;
	}
	return n;
}

/* The lines of the trace's ring, each once; 0 when there are no more. */
static s32 trace_read_ring(struct file *f, vaddr_t dst, u32 n, u64 pos)
{
	char piece[128];
	u32 done = 0, got;

	(void)f, (void)pos;
	while (done < n && (got = trace_read(piece, MIN(n - done, sizeof(piece))))) {
		if (usercopy_out(dst + done, piece, got))
			return done ? (s32)done : -EFAULT;
		done += got;
	}
	return done;
}

static const struct file_ops null_ops = { .read = null_read, .write = null_write };
static const struct file_ops zero_ops = { .read = zero_read, .write = null_write, .zeros = true };
static const struct file_ops full_ops = { .read = zero_read, .write = full_write };
static const struct file_ops random_ops = { .read = random_read, .write = null_write };
static const struct file_ops trace_ops = { .read = trace_read_ring, .write = trace_write };

static const struct inode_ops device_ops = { 0 };

/* /dev/fd, the only symbolic link. */
static int devfs_readlink(struct inode *inode, char *buf, u32 size)
{
	static const char target[] = "/proc/self/fd";

	(void)inode;
	memcpy(buf, target, MIN(size, sizeof(target) - 1));
	return MIN(size, sizeof(target) - 1);
}

static const struct inode_ops link_ops = { .readlink = devfs_readlink };

#define DEVICE(number, title, type, device, operations)                                              \
	{                                                                                            \
		.refs = 1, .dev = INODE_DEV_DEVFS, .ino = (number), .links = 1, .rdev = (device),    \
		.mode = (type), .ops = &device_ops, .file_ops = &(operations),                       \
		.parent = &devfs_root, .name = (title),                                              \
	}

struct inode devfs_console = DEVICE(2, "console", S_IFCHR | 0600, INODE_DEV(5, 1), tty_ops);
static struct inode devfs_tty = DEVICE(3, "tty", S_IFCHR | 0666, INODE_DEV(5, 0), tty_ops);
static struct inode devfs_null = DEVICE(4, "null", S_IFCHR | 0666, INODE_DEV(1, 3), null_ops);
static struct inode devfs_zero = DEVICE(5, "zero", S_IFCHR | 0666, INODE_DEV(1, 5), zero_ops);
static struct inode devfs_full = DEVICE(6, "full", S_IFCHR | 0666, INODE_DEV(1, 7), full_ops);
static struct inode devfs_trace = DEVICE(7, "trace", S_IFCHR | 0666, INODE_DEV(10, 0), trace_ops);

static struct inode devfs_random_device = DEVICE(16, "random", S_IFCHR | 0666, INODE_DEV(1, 8), random_ops);
static struct inode devfs_urandom = DEVICE(17, "urandom", S_IFCHR | 0666, INODE_DEV(1, 9), random_ops);

static struct inode devfs_fd = {
	.refs = 1, .dev = INODE_DEV_DEVFS, .ino = 18, .links = 1, .mode = S_IFLNK | 0777, .size = 13, .ops = &link_ops,
	.parent = &devfs_root, .name = "fd",
};

#define VIRTIO_MAJOR 254 /* Linux gives it out while it runs; this is what it mostly comes to */
#define DISK(n, title, device) DEVICE(8 + (n), title, S_IFBLK | 0400, device, disk_ops)

static struct inode devfs_disks[] = {
	DISK(0, "hda", INODE_DEV(3, 0)), DISK(1, "hdb", INODE_DEV(3, 64)),
	DISK(2, "hdc", INODE_DEV(22, 0)), DISK(3, "hdd", INODE_DEV(22, 64)),
	DISK(4, "vda", INODE_DEV(VIRTIO_MAJOR, 0)), DISK(5, "vdb", INODE_DEV(VIRTIO_MAJOR, 16)),
	DISK(6, "vdc", INODE_DEV(VIRTIO_MAJOR, 32)), DISK(7, "vdd", INODE_DEV(VIRTIO_MAJOR, 48)),
};

static struct inode *const devfs_entries[] = {
	&devfs_console, &devfs_tty, &devfs_null, &devfs_zero, &devfs_full, &devfs_trace,
	&devfs_random_device, &devfs_urandom, &devfs_fd,
	&devfs_disks[0], &devfs_disks[1], &devfs_disks[2], &devfs_disks[3],
	&devfs_disks[4], &devfs_disks[5], &devfs_disks[6], &devfs_disks[7],
	&tmpfs_root.inode,
};

static int devfs_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	(void)dir;
	for (u32 i = 0; i < ARRAY_LEN(devfs_entries); i++) {
		struct inode *e = devfs_entries[i];

		if (strlen(e->name) != length || memcmp(e->name, name, length))
			continue;
		inode_ref(e);
		*out = e;
		return 0;
	}
	return -ENOENT;
}

static int devfs_next(struct inode *dir, u64 *pos, struct dirent *out)
{
	const struct inode *e;

	if (dirent_dots(dir, pos, out))
		return 1;
	if (*pos - 2 >= ARRAY_LEN(devfs_entries))
		return 0;
	e = devfs_entries[*pos - 2];
	dirent_set(out, e->ino, e->mode, e->name, strlen(e->name));
	++*pos;
	return 1;
}

static const struct inode_ops devfs_ops = { .lookup = devfs_lookup, .next = devfs_next };

struct inode devfs_root = {
	.refs = 1, .dev = INODE_DEV_DEVFS, .ino = 1, .mode = S_IFDIR | 0755, .links = 3, .ops = &devfs_ops,
	.file_ops = &directory_ops,
};
