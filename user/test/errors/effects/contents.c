/*
 * The contents of files, and the space they take.
 */
#include "files.h"

/* --- contents -------------------------------------------------------------------------------------------------------- */

static void read_some(void)
{
	char text[5] = "";
	int fd = file();

	CHECK_EQ(CALL(fd, text, 4), 4);
	CHECK_EQ(strcmp(text, "0123"), 0);
	CHECK_EQ(position(fd), 4);
}

static void write_some(void)
{
	CHECK_EQ(CALL(file(), "abc", 3), 3);
	contents_are("abc3456789");
}

struct piece {
	const void *at;
	size_t bytes;
};

static void read_pieces(void)
{
	char one[3] = "", two[3] = "";
	struct piece pieces[2] = { { one, 2 }, { two, 2 } };
	int fd = file();

	CHECK_EQ(CALL(fd, pieces, 2, effect->word, 0), 4);
	CHECK_EQ(one[0], '0' + effect->word);
	CHECK_EQ(two[1], '3' + effect->word);
	CHECK_EQ(position(fd), effect->word ? 0 : 4);
}

static void write_pieces(void)
{
	struct piece pieces[2] = { { "ab", 2 }, { "cd", 2 } };

	CHECK_EQ(CALL(file(), pieces, 2, effect->word, 0), 4);
	contents_are(effect->word ? "01abcd6789" : "abcd456789");
}

static void read_at(void)
{
	char text[3] = "";
	int fd = file();

	CHECK_EQ(CALL(fd, text, 2, 5, 0), 2);
	CHECK_EQ(strcmp(text, "56"), 0);
	CHECK_EQ(position(fd), 0);
}

static void write_at(void)
{
	CHECK_EQ(CALL(file(), "ab", 2, 5, 0), 2);
	contents_are("01234ab789");
}

static void send_file(void)
{
	int to = open("new", O_RDWR | O_CREAT, 0600), from = file();
	char text[11] = "";

	CHECK_EQ(CALL(to, from, NULL, 10), 10);
	CHECK_EQ(pread(to, text, 10, 0), 10);
	CHECK_EQ(strcmp(text, "0123456789"), 0);
	CHECK_EQ(position(from), 10);
}

static void truncate_name(void)
{
	CALL("file", 7, 0);
	CHECK_EQ(size(), 7);
}

static void truncate_descriptor(void)
{
	CALL(file(), 12, 0);
	CHECK_EQ(size(), 12);
}

static void seek(void)
{
	int fd = file();

	CHECK_EQ(CALL(fd, 3, 0), 3);
	CHECK_EQ(position(fd), 3);
}

static void seek_far(void)
{
	int fd = file();
	long long at = 0;

	CALL(fd, 1, 5, &at, 0);
	CHECK_EQ(at, (1ll << 32) + 5);
	CALL(fd, 0, 0, &at, 1);
	CHECK_EQ(at, (1ll << 32) + 5);
}

/* --- space ----------------------------------------------------------------------------------------------------------- */

static void allocate(void)
{
	int fd = memory_file(0);

	CALL(fd, 0, 0, 0, 8 * PAGE, 0);
	CHECK_EQ(status_of(fd).st_size, 8 * PAGE);
	CHECK(status_of(fd).st_blocks >= 8 * PAGE / 512);
}

static void allocate_behind(void)
{
	int fd = memory_file(0);

	CALL(fd, effect->word, 4 * PAGE, 0, 4 * PAGE, 0);
	CHECK_EQ(status_of(fd).st_size, 4 * PAGE);
	CHECK(status_of(fd).st_blocks >= 4 * PAGE / 512);
}

static void punch(void)
{
	int fd = memory_file(0);
	char byte = 'x';

	CHECK_EQ(pwrite(fd, &byte, 1, PAGE), 1);
	CALL(fd, effect->word, PAGE, 0, PAGE, 0);
	CHECK_EQ(status_of(fd).st_blocks, 0);
	CHECK_EQ(pread(fd, &byte, 1, PAGE), 1);
	CHECK_EQ(byte, 0);
}

const struct effect content_effects[] = {
	{ 3, "read", read_some, 0 },
	{ 4, "write", write_some, 0 },
	{ 19, "lseek", seek, 0 },
	{ 92, "truncate", truncate_name, 0 },
	{ 93, "ftruncate", truncate_descriptor, 0 },
	{ 140, "_llseek", seek_far, 0 },
	{ 145, "readv", read_pieces, 0 },
	{ 146, "writev", write_pieces, 0 },
	{ 180, "pread64", read_at, 0 },
	{ 181, "pwrite64", write_at, 0 },
	{ 187, "sendfile", send_file, 0 },
	{ 193, "truncate64", truncate_name, 0 },
	{ 194, "ftruncate64", truncate_descriptor, 0 },
	{ 239, "sendfile64", send_file, 0 },
	{ 324, "fallocate", allocate, 0 },
	{ 324, "fallocate FALLOC_KEEP_SIZE", allocate_behind, 1 },
	{ 324, "fallocate FALLOC_PUNCH_HOLE", punch, 3 },
	{ 333, "preadv", read_pieces, 2 },
	{ 334, "pwritev", write_pieces, 2 },
	{ 0 },
};
