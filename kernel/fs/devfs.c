/*
 * /dev: a table of devices, complete before the first program runs. Numbers are Linux's.
 *
 * Source: Linux's Documentation/admin-guide/devices.txt.
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/random.h"
#include "kernel/base/string.h"
#include "kernel/fs/devfs.h"
#include "kernel/fs/file.h"
#include "kernel/fs/tmpfs.h"
#include "mm/usercopy.h"

#define DEVFS_ROOT_INO 1u
#define DEVFS_DEVICES 16u

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

static const struct file_ops null_ops = { .read = null_read, .write = null_write };
static const struct file_ops zero_ops = { .read = zero_read, .write = null_write, .zeros = true };
static const struct file_ops full_ops = { .read = zero_read, .write = full_write };
static const struct file_ops random_ops = { .read = random_read, .write = null_write };

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

static struct inode devfs_fd = {
	.refs = 1, .dev = INODE_DEV_DEVFS, .links = 1, .mode = S_IFLNK | 0777, .size = 13, .ops = &link_ops, .name = "fd",
};

/* --- the directory ------------------------------------------------------------------------------------------------- */

static struct inode devfs_devices[DEVFS_DEVICES]; /* each lives forever */
static u32 devfs_device_count;

static struct inode *devfs_entries[DEVFS_DEVICES + 2]; /* with fd and shm */
static u32 devfs_entry_count;

static void devfs_enter(struct inode *inode)
{
	ASSERT_CMP(devfs_entry_count, <, ARRAY_LEN(devfs_entries));
	devfs_entries[devfs_entry_count++] = inode;
}

struct inode *devfs_add(const char *name, u32 mode, u32 number, const struct file_ops *ops)
{
	struct inode *device = &devfs_devices[devfs_device_count++];

	ASSERT_CMP(devfs_device_count, <=, DEVFS_DEVICES);
	*device = (struct inode){
		.refs = 1, .dev = INODE_DEV_DEVFS, .ino = DEVFS_ROOT_INO + devfs_device_count, .links = 1, .rdev = number,
		.mode = mode, .ops = &device_ops, .file_ops = ops, .parent = &devfs_root, .name = name,
	};
	devfs_enter(device);
	return device;
}

#define VIRTIO_MAJOR 254 /* assigned dynamically by Linux; this is the usual value */

void devfs_init(void)
{
	static const struct {
		const char *name;
		u32 mode, number;
		const struct file_ops *ops;
	} devices[] = {
		{ "null", S_IFCHR | 0666, INODE_DEV(1, 3), &null_ops },
		{ "zero", S_IFCHR | 0666, INODE_DEV(1, 5), &zero_ops },
		{ "full", S_IFCHR | 0666, INODE_DEV(1, 7), &full_ops },
		{ "random", S_IFCHR | 0666, INODE_DEV(1, 8), &random_ops },
		{ "urandom", S_IFCHR | 0666, INODE_DEV(1, 9), &random_ops },
		{ "hda", S_IFBLK | 0600, INODE_DEV(3, 0), &disk_ops },
		{ "hdb", S_IFBLK | 0600, INODE_DEV(3, 64), &disk_ops },
		{ "hdc", S_IFBLK | 0600, INODE_DEV(22, 0), &disk_ops },
		{ "hdd", S_IFBLK | 0600, INODE_DEV(22, 64), &disk_ops },
		{ "vda", S_IFBLK | 0600, INODE_DEV(VIRTIO_MAJOR, 0), &disk_ops },
		{ "vdb", S_IFBLK | 0600, INODE_DEV(VIRTIO_MAJOR, 16), &disk_ops },
		{ "vdc", S_IFBLK | 0600, INODE_DEV(VIRTIO_MAJOR, 32), &disk_ops },
		{ "vdd", S_IFBLK | 0600, INODE_DEV(VIRTIO_MAJOR, 48), &disk_ops },
	};

	for (u32 i = 0; i < ARRAY_LEN(devices); i++)
		devfs_add(devices[i].name, devices[i].mode, devices[i].number, devices[i].ops);
	devfs_fd.ino = DEVFS_ROOT_INO + DEVFS_DEVICES + 1;
	devfs_fd.parent = &devfs_root;
	devfs_enter(&devfs_fd);
	devfs_enter(&tmpfs_root.inode);
}

static int devfs_lookup(struct inode *dir, const char *name, u32 length, struct inode **out)
{
	(void)dir;
	for (u32 i = 0; i < devfs_entry_count; i++) {
		struct inode *e = devfs_entries[i];

		if (!inode_name_is(name, length, e->name))
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
	if (*pos - 2 >= devfs_entry_count)
		return 0;
	e = devfs_entries[*pos - 2];
	dirent_set(out, e->ino, e->mode, e->name, strlen(e->name));
	++*pos;
	return 1;
}

static const struct inode_ops devfs_ops = { .lookup = devfs_lookup, .next = devfs_next };

struct inode devfs_root = {
	.refs = 1, .dev = INODE_DEV_DEVFS, .ino = DEVFS_ROOT_INO, .mode = S_IFDIR | 0755, .links = 3, .ops = &devfs_ops,
	.file_ops = &directory_ops,
};

static const struct filesystem_ops devfs_filesystem_ops = { 0 };
struct filesystem devfs_filesystem = {
	.name = "devtmpfs", .dev = INODE_DEV_DEVFS, .type = TMPFS_MAGIC, .ops = &devfs_filesystem_ops, .root = &devfs_root,
};
