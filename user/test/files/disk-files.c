/*
 * disk-files - tasks that create, write, map, truncate, link, rename and delete files on a disk, concurrently.
 *
 * Each task has a folder of its own and a shadow of every file in memory: each operation is done to both. All operations
 * follow from a seed. At the end the files stay, with their sizes and checksums in a file `sums`, so that a test can check
 * the disk afterwards. Arguments: rounds, tasks.
 */
#include "check.h"

#include <sys/stat.h>
#include <sys/utsname.h>

enum { FILES = 5, SIZE = 150000 };

struct shadow {
	int fd;			/* -1: there is no such file */
	int size;
	bool unlinked;		/* it has lost its name while open */
	bool other;		/* it has another name */
	int way;		/* length of the target of a symbolic link to it; 0: there is none */
	char bytes[SIZE];
};

static struct shadow files[FILES];
/* In Linux 6.1 bytes stored beyond the end appear when the file grows, until the page has been written. */
static bool end_is_zero;
static uint32_t seed;
static char folder[32], buf[SIZE];

static uint32_t pick(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return (seed >> 3) % n;
}

static const char *path_in(const char *stem, int which)
{
	static char path[2][64];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s-%d", folder, stem, which);
	return path[turn];
}

static const char *path_of(int which)
{
	return path_in("file", which);
}

static const char *other_of(int which)
{
	return path_in("other", which);
}

static const char *way_of(int which)
{
	return path_in("way", which);
}

static int links_of(int which)
{
	struct stat st;

	CHECK_EQ(fstat(files[which].fd, &st), 0);
	return st.st_nlink;
}

static void make(int which)
{
	struct shadow *f = &files[which];

	f->fd = open(path_of(which), O_RDWR | O_CREAT | O_EXCL, 0644);
	CHECK(f->fd >= 0);
	f->size = 0;
	f->unlinked = f->other = false;
	memset(f->bytes, 0, SIZE);
}

static void fill(char *to, int n)
{
	char value = pick(255) + 1;

	for (int i = 0; i < n; i++)
		to[i] = value + i * 7;
}

static void write_piece(struct shadow *f)
{
	int pos = pick(SIZE - 1), n = 1 + pick(SIZE - pos < 20000 ? SIZE - pos : 20000);

	fill(f->bytes + pos, n);
	CHECK_EQ(pwrite(f->fd, f->bytes + pos, n, pos), n);
	if (pos + n > f->size)
		f->size = pos + n;
}

static void append(struct shadow *f)
{
	int n = pick(5000);

	if (f->size + n > SIZE)
		return;
	fill(f->bytes + f->size, n);
	CHECK_EQ(lseek(f->fd, 0, SEEK_END), f->size);
	CHECK_EQ(write(f->fd, f->bytes + f->size, n), n);
	f->size += n;
}

static void read_piece(struct shadow *f)
{
	int pos = pick(SIZE), n = pick(SIZE), there = f->size > pos ? f->size - pos : 0;

	if (there > n)
		there = n;
	CHECK_EQ(pread(f->fd, buf, n, pos), there);
	CHECK(memcmp(buf, f->bytes + pos, there) == 0);
}

static void cut(struct shadow *f)
{
	int size = pick(SIZE);

	CHECK_EQ(ftruncate(f->fd, size), 0);
	if (size < f->size)
		memset(f->bytes + size, 0, f->size - size);
	f->size = size;
}

/* Stores through a mapping; bytes after the end in the last page can be stored to, and are lost. */
static void map(struct shadow *f)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, f->fd, 0);

	CHECK(p != MAP_FAILED);
	CHECK(memcmp(p, f->bytes, f->size) == 0);
	for (int i = 0; f->size && i < 6; i++) {
		int pos = pick(f->size);

		p[pos] = f->bytes[pos] = pick(256);
	}
	if (f->size % PAGE && end_is_zero)
		p[f->size] = 'x';
	if (pick(4) == 0)
		CHECK_EQ(msync(p, SIZE, MS_SYNC), 0);
	CHECK_EQ(munmap(p, SIZE), 0);
	if (f->size % PAGE && f->size + 1 < SIZE && pick(2)) {
		CHECK_EQ(ftruncate(f->fd, f->size + 1), 0);
		f->size++;
	}
}

static void delete(int which)
{
	struct shadow *f = &files[which];

	if (!f->unlinked)
		CHECK_EQ(unlink(path_of(which)), 0);
	if (f->other) {
		CHECK_EQ(links_of(which), 1);
		CHECK_EQ(rename(other_of(which), path_of(which)), 0);
		f->other = false;
		return;
	}
	f->unlinked = true;
	if (pick(2)) {
		CHECK_EQ(close(f->fd), 0);
		make(which);
	}
}

/* One file is renamed over another. */
static void move(int from, int to)
{
	static struct shadow kept;

	if (from == to || files[from].unlinked)
		return;
	CHECK_EQ(rename(path_of(from), path_of(to)), 0);
	if (files[to].other)
		CHECK_EQ(unlink(other_of(to)), 0);
	if (files[from].other)
		CHECK_EQ(rename(other_of(from), other_of(to)), 0);
	close(files[to].fd);
	kept = files[from];
	kept.way = files[to].way; /* leads to the name */
	files[to] = kept;
	make(from);
}

static void read_through(int which, const char *path)
{
	struct shadow *f = &files[which];
	int pos = pick(SIZE), there = f->size > pos ? f->size - pos : 0, fd = open(path, O_RDONLY);

	if (f->unlinked) {
		CHECK(fd < 0);
		CHECK_EQ(errno, ENOENT);
		return;
	}
	CHECK(fd >= 0);
	CHECK_EQ(pread(fd, buf, SIZE, pos), there);
	CHECK(memcmp(buf, f->bytes + pos, there) == 0);
	close(fd);
}

/* Adds a name, or removes one. */
static void link_file(int which)
{
	struct shadow *f = &files[which];

	if (f->unlinked) {
		CHECK_ERROR(link(path_of(which), other_of(which)), ENOENT);
		return;
	}
	if (!f->other) {
		CHECK_EQ(link(path_of(which), other_of(which)), 0);
	} else {
		CHECK_ERROR(link(path_of(which), other_of(which)), EEXIST);
		CHECK_EQ(rename(other_of(which), path_of(which)), 0);
		read_through(which, other_of(which));
		CHECK_EQ(unlink(other_of(which)), 0);
	}
	f->other = !f->other;
	CHECK_EQ(links_of(which), f->other ? 2 : 1);
}

/* ./././file-N, for which a link has room in its inode or not. */
static void link_name(int which)
{
	struct shadow *f = &files[which];
	char target[4096];
	int points = 2 * pick(pick(2) ? 40 : 1900);

	if (f->way) {
		CHECK_EQ(readlink(way_of(which), target, sizeof(target)), f->way);
		read_through(which, way_of(which));
		CHECK_EQ(unlink(way_of(which)), 0);
		f->way = 0;
		return;
	}
	for (int i = 0; i < points; i++)
		target[i] = i % 2 ? '/' : '.';
	f->way = points + snprintf(target + points, sizeof(target) - points, "file-%d", which);
	CHECK_EQ(symlink(target, way_of(which)), 0);
}

static void make_folders(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/inner", folder);
	CHECK_EQ(mkdir(path, 0755), 0);
	CHECK_ERROR(rmdir(folder), ENOTEMPTY);
	CHECK_EQ(rmdir(path), 0);
}

static void operate(int which)
{
	struct shadow *f = &files[which];
	int chance = pick(100);

	if (chance < 25)
		write_piece(f);
	else if (chance < 35)
		append(f);
	else if (chance < 60)
		read_piece(f);
	else if (chance < 68)
		cut(f);
	else if (chance < 80)
		map(f);
	else if (chance < 83)
		link_file(which);
	else if (chance < 86)
		link_name(which);
	else if (chance < 92)
		delete(which);
	else if (chance < 96)
		move(which, pick(FILES));
	else if (chance < 98)
		CHECK_EQ(fsync(f->fd), 0);
	else
		make_folders();
}

static uint32_t sum_of(const struct shadow *f)
{
	uint32_t sum = 2166136261u;	/* FNV-1a */

	for (int i = 0; i < f->size; i++)
		sum = (sum ^ (unsigned char)f->bytes[i]) * 16777619u;
	return sum;
}

static void leave(void)
{
	char path[64];
	int sums;

	snprintf(path, sizeof(path), "%s/sums", folder);
	sums = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	CHECK(sums >= 0);
	for (int i = 0; i < FILES; i++) {
		CHECK_EQ(pread(files[i].fd, buf, SIZE, 0), files[i].size);
		CHECK(memcmp(buf, files[i].bytes, files[i].size) == 0);
		if (!files[i].unlinked)
			dprintf(sums, "file-%d %d %08x\n", i, files[i].size, sum_of(&files[i]));
		if (files[i].other)
			dprintf(sums, "other-%d %d %08x\n", i, files[i].size, sum_of(&files[i]));
		close(files[i].fd);
	}
	close(sums);
}

/* Removes what an earlier run has left. */
static void clean_up(void)
{
	char path[64];

	for (int i = 0; i < FILES; i++) {
		unlink(path_of(i));
		unlink(other_of(i));
		unlink(way_of(i));
	}
	snprintf(path, sizeof(path), "%s/sums", folder);
	unlink(path);
	rmdir(folder);
}

static void work(int number, int rounds)
{
	seed = 88172645 + 1000003 * number;
	snprintf(folder, sizeof(folder), "disk-files-%d", number);
	clean_up();
	CHECK_EQ(mkdir(folder, 0755), 0);
	for (int i = 0; i < FILES; i++)
		make(i);
	for (int i = 0; i < rounds; i++)
		operate(pick(FILES));
	leave();
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 300, tasks = argc > 2 ? atoi(argv[2]) : 3, status;
	struct utsname name;

	end_is_zero = uname(&name) == 0 && strstr(name.release, "shisho");
	for (int i = 0; i < tasks; i++) {
		if (fork() == 0) {
			work(i, rounds);
			_exit(0);
		}
	}
	for (int i = 0; i < tasks; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
	return CHECK_OK();
}
