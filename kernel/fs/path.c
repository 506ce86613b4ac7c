/*
 * The walk along a path.
 *
 * One component at a time: the current directory is searched for the next name. The target of a symbolic link and the
 * rest of the text become the new text, and the walk goes on, so there is no recursion; after forty links it ends with
 * ELOOP, as on Linux.
 *
 * Source: POSIX, "Pathname Resolution".
 */
#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "kernel/fs/file.h"
#include "kernel/fs/filesystem.h"
#include "kernel/fs/path.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"

#define PATH_LINKS_MAX 40
#define PATH_JOINED_MAX (2 * PATH_MAX) /* a target and the rest of the text */

void path_put(struct path *p)
{
	if (p->dir)
		inode_unref(p->dir);
	if (p->inode)
		inode_unref(p->inode);
	p->dir = p->inode = NULL;
}

/* The entry P->name of P->dir. => 0 and P->inode, or a negative error */
static int path_enter(struct path *p)
{
	struct inode *dir = p->dir, *there = NULL;

	if (p->last == PATH_DOT)
		there = dir;
	else if (p->last == PATH_DOTDOT)
		there = dir->parent ? dir->parent : dir;
	else
		there = filesystem_mounted(dir, p->name, p->length);
	if (!there)
		return dir->ops->lookup(dir, p->name, p->length, &p->inode);
	inode_ref(there);
	p->inode = there;
	return 0;
}

/*
 * Takes the next component from *TEXT into P; the inode found so far becomes the directory.
 * => 1, 0 at the end of the text, negative error
 */
static int path_next(struct path *p, const char **text)
{
	const char *name = *text, *end;

	while (*name == '/')
		name++;
	if (!*name)
		return 0;
	if (!p->inode)
		return -ENOENT;
	if (!inode_is(p->inode, S_IFDIR))
		return -ENOTDIR;
	for (end = name; *end && *end != '/'; end++)
		;
	if (end - name > NAME_MAX)
		return -ENAMETOOLONG;
	p->length = end - name;
	memcpy(p->name, name, p->length);
	p->name[p->length] = 0;
	p->last = inode_name_is(name, p->length, ".") ? PATH_DOT :
		  inode_name_is(name, p->length, "..") ? PATH_DOTDOT : PATH_NORMAL;
	if (p->dir)
		inode_unref(p->dir);
	p->dir = p->inode;
	p->inode = NULL;
	*text = end;
	return 1;
}

/* P->inode is a link: its target and the rest of the text, at *TEXT, become the new text, in *JOINED. */
static int path_follow(struct path *p, char **joined, const char **text)
{
	struct inode *link = p->inode, *from = p->dir;
	u32 left = strlen(*text), room = link->size && link->size < PATH_MAX ? (u32)link->size + 1 : PATH_MAX;
	char *buffer = room + left < PATH_JOINED_MAX ? kmalloc_wait(room + left + 1) : NULL;
	int length;

	if (!buffer)
		return room + left < PATH_JOINED_MAX ? -ENOMEM : -ENAMETOOLONG;
	length = link->ops->readlink(link, buffer, room);
	if (length <= 0 || (u32)length == room) {
		kfree(buffer);
		return length < 0 ? length : length ? -ENAMETOOLONG : -ENOENT;
	}
	memcpy(buffer + length, *text, left + 1);
	kfree(*joined);
	*text = *joined = buffer;
	if (buffer[0] == '/')
		from = filesystem_root;
	inode_ref(from);
	path_put(p);
	p->inode = from;
	p->last = PATH_ROOT;
	return 0;
}

/* Follows P->inode if it is a link that leads straight to an inode. => 0; 1: it does not; -ENOENT */
static int path_jump(struct path *p)
{
	struct inode *to = NULL;
	int r = p->inode->ops->follow ? p->inode->ops->follow(p->inode, &to) : 1;

	if (r)
		return r;
	path_put(p);
	p->inode = to;
	p->last = PATH_ROOT;
	return 0;
}

static bool path_only_slashes(const char *text)
{
	while (*text == '/')
		text++;
	return *text == 0;
}

/* P->inode is a link, with the LAST name or not: is it to be followed? */
static bool path_follows_link(const struct path *p, bool last, u32 flags)
{
	return !last || !(flags & (p->slash ? PATH_NAME : PATH_NAME | PATH_NOFOLLOW));
}

static int path_walk(struct path *p, const char *text, u32 flags)
{
	char *joined = NULL;
	u32 links = 0;
	int r;

	while ((r = path_next(p, &text)) > 0) {
		bool last = path_only_slashes(text);

		p->slash = last && *text == '/';
		r = p->slash && p->last == PATH_NORMAL && (flags & PATH_FILE) ? -EISDIR : path_enter(p);
		if (r < 0 && !(r == -ENOENT && last))
			break;
		if (!p->inode || !inode_is(p->inode, S_IFLNK) || !path_follows_link(p, last, flags))
			continue;
		r = ++links > PATH_LINKS_MAX ? -ELOOP : path_jump(p);
		if (r > 0)
			r = path_follow(p, &joined, &text);
		if (r < 0)
			break;
	}
	kfree(joined);
	return r;
}

int path_find(struct inode *base, const char *text, u32 flags, struct path *p)
{
	int r;

	p->dir = NULL;
	p->last = PATH_ROOT;
	p->slash = false;
	p->length = 0;
	p->name[0] = 0;
	p->inode = text[0] == '/' ? filesystem_root : base;
	if (!p->inode)
		return -ENOENT;
	inode_ref(p->inode);
	r = path_walk(p, text, flags);
	if (r == 0 && p->slash && p->inode && !inode_is(p->inode, S_IFDIR) && !(flags & PATH_NAME))
		r = -ENOTDIR;
	if (r < 0)
		path_put(p);
	return r;
}

/* Where a path that is not absolute begins. => a reference in *BASE (NULL: nowhere, not needed, or no root yet) */
static int path_base(s32 dirfd, const char *text, u32 flags, struct inode **base)
{
	struct inode *dir = fs_context_current()->cwd;
	struct file *f;

	*base = NULL;
	if (text[0] == '/' || (!text[0] && !(flags & PATH_EMPTY)))
		return 0;
	if (dirfd == PATH_AT_FDCWD) {
		dir = dir ? dir : filesystem_root;
		if (dir)
			inode_ref(dir);
		*base = dir;
		return 0;
	}
	f = flags & PATH_OPENED ? file_get(dirfd) : file_get_place(dirfd);
	if (!f)
		return -EBADF;
	inode_ref(f->inode);
	*base = f->inode;
	file_put(f);
	return 0;
}

static int path_find_from(s32 dirfd, const char *text, u32 flags, struct path *p)
{
	struct inode *base;
	int r = path_base(dirfd, text, flags, &base);

	if (r < 0)
		return r;
	r = path_find(base, text, flags, p);
	if (base)
		inode_unref(base);
	return r;
}

int path_find_user(s32 dirfd, vaddr_t text, u32 flags, struct path *p)
{
	char *buffer;
	int r;

	if (!text && (flags & PATH_EMPTY) && dirfd != PATH_AT_FDCWD)
		return path_find_from(dirfd, "", flags | PATH_OPENED, p);
	buffer = kmalloc_wait(PATH_MAX);
	if (!buffer)
		return -ENOMEM;
	r = usercopy_string(buffer, text, PATH_MAX);
	if (r >= 0)
		r = path_find_from(dirfd, buffer, flags, p);
	kfree(buffer);
	return r;
}

int path_find_kernel(const char *text, u32 flags, struct path *p)
{
	return strlen(text) < PATH_MAX ? path_find_from(PATH_AT_FDCWD, text, flags, p) : -ENAMETOOLONG;
}

int path_inode_user(s32 dirfd, vaddr_t text, u32 flags, struct inode **out)
{
	struct path p;
	int r = path_find_user(dirfd, text, flags, &p);

	if (r < 0)
		return r;
	if (!p.inode)
		r = -ENOENT;
	else
		inode_ref(p.inode);
	*out = p.inode;
	path_put(&p);
	return r;
}

static bool path_is_in(const struct inode *dir, const struct inode *above)
{
	while (dir && dir != above)
		dir = dir->parent;
	return dir;
}

int path_may_move(const struct path *from, const struct path *to, const struct inode *target, u32 flags)
{
	const struct inode *moved = from->inode;
	bool exchange = flags & RENAME_EXCHANGE;

	if (path_is_in(to->dir, moved))
		return -EINVAL;
	if (target && path_is_in(from->dir, target))
		return exchange ? -EINVAL : -ENOTEMPTY;
	if (!target || exchange || inode_is(moved, S_IFDIR) == inode_is(target, S_IFDIR))
		return 0;
	return inode_is(moved, S_IFDIR) ? -ENOTDIR : -EISDIR;
}
