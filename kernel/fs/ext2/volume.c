/*
 * What all other files of ext2 need of the mounted volume: a block of metadata, and what to do when the disk holds nonsense.
 *
 * Metadata are pages of the disk's own memory object, so the page cache keeps and evicts them like any other page.
 */
#include "drivers/block.h"
#include "kernel/base/clock.h"
#include "kernel/base/errno.h"
#include "kernel/base/printk.h"
#include "kernel/fs/ext2/volume.h"
#include "mm/frame.h"

#define EXT2_COMPLAINTS_MAX 16

struct ext2_super *ext2_super_of(const struct ext2_volume *v)
{
	return (void *)((u8 *)frame_ptr(v->super) + EXT2_SUPER_OFFSET);
}

static void ext2_mark_errors(struct ext2_volume *v)
{
	ext2_super_of(v)->state |= EXT2_STATE_ERRORS;
	v->super->flags |= FRAME_DIRTY;
}

int ext2_damaged(struct ext2_volume *v, const char *fmt, ...)
{
	char text[96];
	va_list args;

	if (v->writable)
		ext2_mark_errors(v);
	if (v->complaints++ >= EXT2_COMPLAINTS_MAX)
		return -EIO;
	va_start(args, fmt);
	format_v(text, sizeof(text), fmt, args);
	va_end(args);
	printk("ext2: %s is damaged: %s\n", v->disk->backing.name, text);
	if (v->complaints == EXT2_COMPLAINTS_MAX)
		printk("ext2: further damage of %s will not be reported\n", v->disk->backing.name);
	return -EIO;
}

/*
 * A fault that waited for its turn to take a frame comes here to find out where to read: a block that is in memory must
 * not use up that turn.
 */
int ext2_metadata(struct ext2_volume *v, u32 block, struct frame **f)
{
	*f = pagemap_find(&v->metadata->pages, block);
	if (!*f || ((*f)->flags & FRAME_BUSY))
		return memobj_get_pinned(v->metadata, block, false, f);
	frame_pin(*f);
	return 0;
}

void ext2_set_clean(struct ext2_volume *v, bool clean)
{
	struct ext2_super *s = ext2_super_of(v);

	s->state = clean ? s->state | EXT2_STATE_CLEAN : s->state & ~EXT2_STATE_CLEAN;
	s->write_time = clock_seconds();
	v->super->flags |= FRAME_DIRTY;
}
