/*
 * What ext2 writes on a disk: all numbers little-endian.
 *
 * Source: The Second Extended File System, Internal Layout, by D. Poirier: "Superblock", "Block Group
 * Descriptor Table", "Inode Table", "Linked List Directory".
 */
#pragma once

#include "kernel/base/types.h"

#define EXT2_MAGIC 0xEF53
#define EXT2_SUPER_OFFSET 1024u
#define EXT2_BLOCK_SIZE 4096u
#define EXT2_ROOT_INO 2
#define EXT2_DIRECT 12
#define EXT2_POINTERS (EXT2_BLOCK_SIZE / 4) /* block numbers in an indirect block */
#define EXT2_GROUPS_PER_BLOCK (EXT2_BLOCK_SIZE / sizeof(struct ext2_group))

struct ext2_super {
	u32 inodes_count, blocks_count, reserved_blocks, free_blocks, free_inodes;
	u32 first_data_block, log_block_size, log_fragment_size;
	u32 blocks_per_group, fragments_per_group, inodes_per_group;
	u32 mount_time, write_time;
	u16 mount_count, max_mount_count, magic, state, errors, minor_revision;
	u32 last_check, check_interval, creator_os, revision;
	u16 reserved_uid, reserved_gid;
	u32 first_ino;
	u16 inode_size, block_group;
	u32 compat, incompat, ro_compat; /* features */
	u8 unused[128];
	u32 last_orphan; /* ext3: the first inode that recovery must truncate or free */
};
STATIC_ASSERT(offsetof(struct ext2_super, magic) == 56, "the superblock's layout");
STATIC_ASSERT(offsetof(struct ext2_super, ro_compat) == 100, "the superblock's layout");
STATIC_ASSERT(offsetof(struct ext2_super, last_orphan) == 232, "the superblock's layout");

enum { EXT2_STATE_CLEAN = 1, EXT2_STATE_ERRORS = 2 };
enum { EXT2_CREATOR_HURD = 1 };
enum { EXT2_INCOMPAT_FILETYPE = 2, EXT2_INCOMPAT_RECOVER = 4 };
enum { EXT2_RO_SPARSE_SUPER = 1, EXT2_RO_LARGE_FILE = 2 };

/* An inode's flags, those of ext3 and ext4 included; see features.c. */
enum {
	EXT2_FL_SECRM = 0x1, EXT2_FL_UNRM = 0x2, EXT2_FL_COMPR = 0x4, EXT2_FL_SYNC = 0x8, EXT2_FL_IMMUTABLE = 0x10,
	EXT2_FL_APPEND = 0x20, EXT2_FL_NODUMP = 0x40, EXT2_FL_NOATIME = 0x80, EXT2_FL_COMPRBLK = 0x200,
	EXT2_FL_NOCOMP = 0x400, EXT2_FL_ENCRYPT = 0x800, EXT2_FL_INDEX = 0x1000, EXT2_FL_JOURNAL_DATA = 0x4000,
	EXT2_FL_NOTAIL = 0x8000, EXT2_FL_DIRSYNC = 0x10000, EXT2_FL_TOPDIR = 0x20000, EXT2_FL_HUGE_FILE = 0x40000,
	EXT2_FL_EXTENTS = 0x80000, EXT2_FL_VERITY = 0x100000, EXT2_FL_EA_INODE = 0x200000, EXT2_FL_SNAPFILE = 0x1000000,
	EXT2_FL_INLINE_DATA = 0x10000000, EXT2_FL_CASEFOLD = 0x40000000,
};

struct ext2_group {
	u32 block_bitmap, inode_bitmap, inode_table;
	u16 free_blocks, free_inodes, directories, pad;
	u32 reserved[3];
};
STATIC_ASSERT(sizeof(struct ext2_group) == 32, "a group descriptor");

struct ext2_dinode {
	u16 mode, uid;
	u32 size, atime, ctime, mtime, dtime;
	u16 gid, links;
	u32 sectors, flags, os_dependent;
	u32 block[EXT2_DIRECT + 3]; /* direct, then single, double and triple indirect; or a short link's target */
	u32 generation;
	u32 attributes;             /* a block of extended attributes, which inodes may share; 0: none */
	u32 size_high;              /* regular files only */
};
STATIC_ASSERT(offsetof(struct ext2_dinode, size_high) == 108, "an inode");

struct ext2_entry {
	u32 ino;       /* 0: the space is free */
	u16 length;    /* of the entry; the next begins there */
	u8 name_length;
	u8 type;       /* with the filetype feature */
	char name[];
};
#define EXT2_ENTRY_MIN 8u

/* The beginning of a block of extended attributes. */
struct ext2_attributes {
	u32 magic, references, blocks;
};
#define EXT2_ATTRIBUTES_MAGIC 0xEA020000
