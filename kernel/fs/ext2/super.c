/*
 * Mounting ext2: the superblock and the group descriptors, believed only as far as they agree with each other and with
 * the disk's size.
 */
#include "drivers/block.h"
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/ext2.h"
#include "kernel/fs/ext2/index_table.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/memobj_file.h"

static struct ext2_volume volume;

/* Do the numbers of the superblock fit together? */
static int ext2_check_numbers(struct ext2_volume *v, const struct ext2_super *s)
{
	u32 bits = EXT2_BLOCK_SIZE * 8, size = s->revision > 0 ? s->inode_size : sizeof(struct ext2_dinode) + 16;

	if (s->blocks_count > v->disk->backing.npages)
		return ext2_damaged(v, "it claims %u blocks, the disk has %u", s->blocks_count,
				    v->disk->backing.npages);
	if (s->first_data_block != 0 || s->blocks_count < 4)
		return ext2_damaged(v, "%u blocks from %u on", s->blocks_count, s->first_data_block);
	if (!s->blocks_per_group || s->blocks_per_group > bits)
		return ext2_damaged(v, "%u blocks in a group", s->blocks_per_group);
	if (!s->inodes_per_group || s->inodes_per_group > bits)
		return ext2_damaged(v, "%u inodes in a group", s->inodes_per_group);
	if (size < 128 || size > EXT2_BLOCK_SIZE || (size & (size - 1)))
		return ext2_damaged(v, "inodes of %u bytes", size);
	v->blocks = s->blocks_count;
	v->groups = DIV_UP(s->blocks_count, s->blocks_per_group);
	v->blocks_per_group = s->blocks_per_group;
	v->first_ino = s->revision > 0 ? s->first_ino : 11;
	v->inodes_per_group = s->inodes_per_group;
	v->inode_size = size;
	v->inodes_per_block = EXT2_BLOCK_SIZE / size;
	v->inodes = s->inodes_count;
	v->first_block = 1 + DIV_UP(v->groups, EXT2_GROUPS_PER_BLOCK);
	v->typed_entries = s->revision > 0 && (s->incompat & EXT2_INCOMPAT_FILETYPE);
	if ((u64)v->groups * s->inodes_per_group != s->inodes_count)
		return ext2_damaged(v, "%u inodes in %u groups of %u", s->inodes_count, v->groups,
				    s->inodes_per_group);
	if (v->first_block >= v->blocks)
		return ext2_damaged(v, "%u groups in %u blocks", v->groups, v->blocks);
	return 0;
}

/* Reads and checks the superblock. => 0, -EINVAL (no ext2), and the errors of ext2_mount() */
static int ext2_read_super(struct ext2_volume *v)
{
	u8 *page = kmalloc_wait(EXT2_BLOCK_SIZE);
	const struct ext2_super *s = (const void *)(page + EXT2_SUPER_OFFSET);
	int r;

	if (!page)
		return -ENOMEM;
	r = block_read_page(v->disk, 0, page);
	if (r == 0 && s->magic != EXT2_MAGIC)
		r = -EINVAL;
	if (r == 0)
		r = ext2_features_check(v, s);
	if (r == 0)
		r = ext2_check_numbers(v, s);
	kfree(page);
	return r;
}

static void ext2_unpin_tables(struct ext2_volume *v)
{
	for (u32 i = 0; i < EXT2_GROUP_PAGES; i++)
		if (v->groups_at[i])
			frame_unpin(v->groups_at[i]);
	if (v->super)
		frame_unpin(v->super);
}

/* Pins the superblock and the group descriptors for as long as the disk is mounted. */
static int ext2_pin_tables(struct ext2_volume *v)
{
	int r = ext2_metadata(v, 0, &v->super);

	for (u32 i = 0; r == 0 && i < MIN(v->first_block - 1, EXT2_GROUP_PAGES); i++)
		r = ext2_metadata(v, 1 + i, &v->groups_at[i]);
	return r;
}

static void ext2_begin_writing(struct ext2_volume *v)
{
	struct ext2_super *s = ext2_super_of(v);

	v->writable = ext2_features_may_write(v, s);
	v->large_files = s->revision > 0 && (s->ro_compat & EXT2_RO_LARGE_FILE);
	if (v->writable)
		ext2_features_begin(v, s);
}

static void ext2_usage(const struct filesystem *fs, struct filesystem_usage *u)
{
	const struct ext2_volume *v = container_of(fs, struct ext2_volume, fs);
	const struct ext2_super *s = ext2_super_of(v);

	u->blocks += s->blocks_count;
	u->blocks_free += s->free_blocks;
	u->inodes += s->inodes_count;
	u->inodes_free += s->free_inodes;
	u->metadata += v->metadata->pages.count;
	u->dir_pages_searched += ext2_dir_pages_searched;
	u->dir_slots_searched += ext2_dir_slots_searched;
}

static const struct filesystem_ops ext2_filesystem_ops = {
	.sync = ext2_sync, .end = ext2_end, .drop_caches = ext2_drop_caches, .usage = ext2_usage, .inode_of = ext2_inode_of,
};

int ext2_mount(struct block_device *d)
{
	struct ext2_volume *v = &volume;
	struct inode *root;
	int r;

	if (filesystem_root)
		return -EBUSY;
	memset(v, 0, sizeof(*v));
	v->disk = d;
	r = d->backing.npages ? ext2_read_super(v) : -EINVAL;
	if (r < 0)
		return r;
	sleeplock_init(&v->names);
	v->metadata = memobj_file_create(&d->backing, (u64)v->blocks * EXT2_BLOCK_SIZE);
	if (!v->metadata)
		return -ENOMEM;
	r = ext2_pin_tables(v);
	if (r == 0) {
		ext2_begin_writing(v);
		r = ext2_inode_get(v, EXT2_ROOT_INO, NULL, (struct ext2_name){ "", 0 }, &root);
	}
	if (r == 0 && !ext2_memobj(root))
		r = -ENOMEM;
	if (r == 0 && !inode_is(root, S_IFDIR)) {
		inode_unref(root);
		ext2_drop_caches(&v->fs);
		r = ext2_damaged(v, "the root is not a directory");
	}
	if (r < 0) {
		ext2_unpin_tables(v);
		memobj_unref(v->metadata);
		v->metadata = NULL;
		return r;
	}
	v->fs = (struct filesystem){
		.name = "ext2", .disk = d->backing.name, .dev = INODE_DEV_EXT2, .type = EXT2_MAGIC, .read_only = !v->writable,
		.ops = &ext2_filesystem_ops, .root = root,
	};
	d->mounted = true;
	filesystem_mount(&v->fs, NULL, "/");
	printk_verbose("ext2: %s is the root: %u blocks, %u inodes\n", d->backing.name, v->blocks, v->inodes);
	return 0;
}
