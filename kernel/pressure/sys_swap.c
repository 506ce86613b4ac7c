/*
 * swapon and swapoff. There is at most one swap area at a time; its disk can change while the system runs.
 *
 * Sources: swapon(2), swapoff(2).
 */
#include "drivers/block.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/cpu/syscall.h"
#include "kernel/fs/devfs.h"
#include "kernel/fs/path.h"
#include "mm/kmalloc.h"
#include "mm/slot.h"
#include "mm/slot_header.h"
#include "mm/swapoff.h"

/* SWAP_FLAG_PREFER with a priority, and SWAP_FLAG_DISCARD with its kinds: they have no effect on a single area. */
#define SWAP_FLAGS 0x7FFFFu

/*
 * Finds the disk that the path at user address TEXT names. => 0; -EISDIR, -EINVAL: no disk, or as path_inode_user();
 * sleeps
 */
static int find_disk(vaddr_t text, struct block_device **d)
{
	struct inode *inode;
	int error = path_inode_user(PATH_AT_FDCWD, text, 0, &inode);

	if (error)
		return error;
	*d = disk_of_inode(inode);
	if (!*d)
		error = inode_is(inode, S_IFDIR) ? -EISDIR : -EINVAL;
	inode_unref(inode);
	return error;
}

static void report_refusal(const struct block_device *d, const void *header)
{
	char why[SLOT_HEADER_WHY];

	if (slot_header_check(header, &d->backing, why, sizeof(why)) == SLOT_HEADER_NONE)
		strlcpy(why, "it is no swap area", sizeof(why));
	printk("swap: %s is not used: %s\n", d->backing.name, why);
}

SYSCALL(swapon)
{
	struct block_device *d;
	void *header;
	int error;

	if (arg[1] & ~SWAP_FLAGS)
		return -EINVAL;
	error = find_disk(arg[0], &d);
	if (error)
		return error;
	if (slot_enabled())
		return slot_backing() == &d->backing ? -EBUSY : -EPERM; /* Linux's word for "too many areas" */
	if (d->read_only)
		return -EROFS;
	if (d->writers)
		return -EBUSY; /* what they write could come behind what is swapped */
	header = kmalloc_wait(PAGE_SIZE);
	if (!header)
		return -ENOMEM;
	error = block_read_page(d, 0, header);
	if (!error)
		error = slot_enable(&d->backing, header);
	if (error == -EINVAL)
		report_refusal(d, header);
	kfree(header);
	return error;
}

SYSCALL(swapoff)
{
	struct block_device *d;
	int error = find_disk(arg[0], &d);

	if (error)
		return error;
	if (!slot_enabled() || slot_backing() != &d->backing)
		return -EINVAL;
	return swapoff();
}
