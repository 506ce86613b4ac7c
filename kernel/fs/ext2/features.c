/*
 * Which disks can be mounted, which only read-only, and which inodes can be changed: decided by the features in the
 * superblock, the state in it, and the inodes' flags, those of ext3 and ext4 included. docs/disks.md has the whole table with
 * the reasons.
 *
 * Each feature is in one of three sets: supported; harmless to a reader (the disk is mounted read-only); or neither (it is
 * not mounted). A feature that is not in the tables is unknown: an unknown incompatible one prevents the mount, any other
 * makes it read-only. That is stricter than ext2's rule for compatible features, which lets a writer ignore unknown ones.
 *
 * An inode whose flags say that its blocks are not laid out as ext2's cannot be opened. One with a flag that obliges a writer
 * to do what this kernel cannot is treated as immutable.
 *
 * Sources: see format.h; Linux, Documentation/filesystems/ext4, "The Super Block", "Index Nodes"; ext4(5).
 */
#include "drivers/block.h"
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/fs/ext2/volume.h"

#define EXT2_REVISION_MAX 1

/* --- features ------------------------------------------------------------------------------------------------------ */

/*
 * dir_prealloc, imagic_inodes, has_journal, ext_attr, resize_inode, dir_index, sparse_super2, fast_commit, stable_inodes,
 * orphan_file
 */
#define EXT2_COMPAT_KNOWN 0x1E3Fu
#define EXT2_INCOMPAT_READABLE ((u32)EXT2_INCOMPAT_FILETYPE | EXT2_INCOMPAT_RECOVER)
#define EXT2_RO_KNOWN ((u32)EXT2_RO_SPARSE_SUPER | EXT2_RO_LARGE_FILE)

/* By bit number, with e2fsprogs' names. */
static const char *const ext2_compat_names[32] = {
	"dir_prealloc", "imagic_inodes", "has_journal", "ext_attr", "resize_inode", "dir_index", "lazy_bg", NULL,
	"snapshot_bitmap", "sparse_super2", "fast_commit", "stable_inodes", "orphan_file",
};
static const char *const ext2_incompat_names[32] = {
	"compression", "filetype", "needs_recovery", "journal_dev", "meta_bg", NULL, "extent", "64bit", "mmp", "flex_bg",
	"ea_inode", NULL, "dirdata", "metadata_csum_seed", "large_dir", "inline_data", "encrypt", "casefold",
};
static const char *const ext2_ro_names[32] = {
	"sparse_super", "large_file", NULL, "huge_file", "uninit_bg", "dir_nlink", "extra_isize", "snapshot", "quota",
	"bigalloc", "metadata_csum", "replica", "read-only", "project", "shared_blocks", "verity", "orphan_present",
};

#define EXT2_NAMES_BYTES 160
#define EXT2_TEXT_BYTES (EXT2_NAMES_BYTES + 50)

/* Appends the names of BITS (the number for one without a name) to TEXT of EXT2_NAMES_BYTES, as far as they fit. */
static void ext2_features_list(char *text, u32 bits, const char *const *names)
{
	u32 at = strlen(text);

	for (u32 bit = 0; bit < 32 && at < EXT2_NAMES_BYTES; bit++) {
		const char *comma = at ? ", " : "";

		if (!(bits >> bit & 1))
			continue;
		if (names[bit])
			at += format(text + at, EXT2_NAMES_BYTES - at, "%s%s", comma, names[bit]);
		else
			at += format(text + at, EXT2_NAMES_BYTES - at, "%sfeature %#x", comma, 1u << bit);
	}
}

int ext2_features_check(const struct ext2_volume *v, const struct ext2_super *s)
{
	const char *disk = v->disk->backing.name;
	u32 strange = s->revision > 0 ? s->incompat & ~EXT2_INCOMPAT_READABLE : 0;
	char names[EXT2_NAMES_BYTES] = "";

	if (s->log_block_size != 2) {
		printk("ext2: %s is not mounted: it has blocks of 1024 << %u bytes; only 4096 are supported (mke2fs -b 4096)\n",
		       disk, s->log_block_size);
		return -EOPNOTSUPP;
	}
	if (!strange)
		return 0;
	ext2_features_list(names, strange, ext2_incompat_names);
	printk("ext2: %s is not mounted: it has %s, which this kernel cannot read; make it with mke2fs -O "
	       "none,filetype,sparse_super,large_file\n", disk, names);
	return -EOPNOTSUPP;
}

/* => why the disk must not be written, as a text for the user, built in TEXT if need be; NULL: it may be */
static const char *ext2_features_obstacle(const struct ext2_volume *v, const struct ext2_super *s, char text[EXT2_TEXT_BYTES])
{
	bool featured = s->revision > 0;
	char names[EXT2_NAMES_BYTES] = "";

	if (v->disk->read_only)
		return "the disk cannot be written";
	if (s->revision > EXT2_REVISION_MAX)
		return "its revision is newer than what this kernel knows";
	if (s->creator_os == EXT2_CREATOR_HURD)
		return "it was made for GNU/Hurd, whose inodes hold more than is known here";
	if (featured && (s->incompat & EXT2_INCOMPAT_RECOVER))
		return "its journal must be replayed first (e2fsck -fy); until then the latest changes may be missing";
	if (featured) {
		ext2_features_list(names, s->compat & ~EXT2_COMPAT_KNOWN, ext2_compat_names);
		ext2_features_list(names, s->ro_compat & ~EXT2_RO_KNOWN, ext2_ro_names);
	}
	if (names[0]) {
		format(text, EXT2_TEXT_BYTES, "it has %s, which a writer must maintain", names);
		return text;
	}
	if (featured && s->last_orphan)
		return "it lists inodes that must be removed first (e2fsck -fy)";
	if (v->groups > EXT2_GROUP_PAGES * EXT2_GROUPS_PER_BLOCK)
		return "it is larger than 128 GiB";
	if (v->first_ino < 3 || v->first_ino > v->inodes_per_group)
		return "it is damaged: the number of its first free inode is invalid";
	return NULL;
}

bool ext2_features_may_write(const struct ext2_volume *v, const struct ext2_super *s)
{
	char text[EXT2_TEXT_BYTES];
	const char *why = ext2_features_obstacle(v, s, text);

	if (why)
		printk("ext2: %s is mounted read-only: %s\n", v->disk->backing.name, why);
	return !why;
}

/* --- state --------------------------------------------------------------------------------------------------------- */

/* => why the disk, which is mounted all the same, should be checked by e2fsck; NULL: it need not be */
static const char *ext2_features_doubt(const struct ext2_super *s)
{
	if (!(s->state & EXT2_STATE_CLEAN))
		return "was not ended cleanly";
	if (s->state & EXT2_STATE_ERRORS)
		return "is marked as having errors";
	if ((s16)s->max_mount_count > 0 && s->mount_count >= s->max_mount_count)
		return "has been mounted as often as it may be without a check";
	if (s->check_interval && s->last_check + s->check_interval <= clock_seconds())
		return "has not been checked for longer than it should be";
	return NULL;
}

void ext2_features_begin(struct ext2_volume *v, struct ext2_super *s)
{
	const char *doubt = ext2_features_doubt(s);

	if (doubt)
		printk("ext2: %s %s; e2fsck -fy puts it in order\n", v->disk->backing.name, doubt);
	v->was_clean = s->state & EXT2_STATE_CLEAN;
	s->mount_count++;
	s->mount_time = clock_seconds();
	ext2_set_clean(v, false);
}

/* --- inodes -------------------------------------------------------------------------------------------------------- */

/* The blocks, names or contents of such an inode are not laid out as ext2's. */
#define EXT2_FL_UNREADABLE ((u32)EXT2_FL_COMPRBLK | EXT2_FL_ENCRYPT | EXT2_FL_EXTENTS | EXT2_FL_EA_INODE | \
			    EXT2_FL_INLINE_DATA | EXT2_FL_CASEFOLD)
/* A change would have to be repeated elsewhere: in a tree of hashes, in a snapshot, in blocks instead of sectors. */
#define EXT2_FL_READ_ONLY ((u32)EXT2_FL_VERITY | EXT2_FL_SNAPFILE | EXT2_FL_HUGE_FILE)
/* As Linux's ext2 has it, but for EXT2_FL_COMPRBLK: nothing is compressed here. */
#define EXT2_FL_INHERITED ((u32)EXT2_FL_SECRM | EXT2_FL_UNRM | EXT2_FL_COMPR | EXT2_FL_SYNC | EXT2_FL_NODUMP | \
			   EXT2_FL_NOATIME | EXT2_FL_NOCOMP | EXT2_FL_JOURNAL_DATA | EXT2_FL_NOTAIL | EXT2_FL_DIRSYNC)

STATIC_ASSERT((u32)EXT2_FL_SYNC == INODE_SYNC && (u32)EXT2_FL_IMMUTABLE == INODE_IMMUTABLE, "an inode's flags are ext2's");
STATIC_ASSERT((u32)EXT2_FL_APPEND == INODE_APPEND && (u32)EXT2_FL_DIRSYNC == INODE_DIRSYNC, "an inode's flags are ext2's");

int ext2_flags_check(struct ext2_volume *v, u32 ino, u32 flags)
{
	if (flags & EXT2_FL_UNREADABLE)
		return ext2_damaged(v, "inode %u has flags of features that the disk does not have: %#x", ino,
				    flags & EXT2_FL_UNREADABLE);
	return 0;
}

u32 ext2_flags_read(u32 flags)
{
	return flags & EXT2_FL_READ_ONLY ? flags | EXT2_FL_IMMUTABLE : flags;
}

u32 ext2_flags_inherit(u32 parent, u32 mode)
{
	u32 flags = parent & EXT2_FL_INHERITED;

	if ((mode & S_IFMT) == S_IFDIR)
		return flags;
	return flags & ((mode & S_IFMT) == S_IFREG ? ~(u32)EXT2_FL_DIRSYNC : (u32)EXT2_FL_NODUMP | EXT2_FL_NOATIME);
}
