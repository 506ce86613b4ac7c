/*
 * demo_mmapfile - a file in memory: read where it is accessed, saved where it was stored to.
 *
 * To see what the disk holds, the demo makes the kernel drop its caches and reads the file again.
 */
#include "demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGES = 64, BYTES = PAGES * PAGE, STORED = 5, STEP = 12,
       TIMES = 1 /* the page with the file's inode, whose modification time changes */ };

static const char name[] = "/tmp/demo-mmapfile";

static char letter_of(int page)
{
	return 'a' + page % 26;
}

static bool make_file(void)
{
	char buf[PAGE];
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	bool done = fd >= 0;

	for (int i = 0; done && i < PAGES; i++) {
		memset(buf, letter_of(i), PAGE);
		done = write(fd, buf, PAGE) == PAGE;
	}
	close(fd);
	return done;
}

/* Writes everything to the disk and drops it from memory. */
static void forget(void)
{
	sync();
	expect(proc_write("/proc/sys/vm/drop_caches", "3"), "the cache cannot be dropped", "キャッシュを捨てられない");
}

static char *map_file(int flags)
{
	int fd = open(name, O_RDWR);
	void *p = fd < 0 ? MAP_FAILED : mmap(NULL, BYTES, PROT_READ | PROT_WRITE, flags, fd, 0);

	close(fd);
	expect(p != MAP_FAILED, "%s cannot be mapped", "%s をマップできない", name);
	return p == MAP_FAILED ? NULL : p;
}

static void store(char *p, char what)
{
	for (int i = 0; i < STORED; i++)
		p[i * STEP * PAGE] = what;
}

/* => how many of the pages that were stored to begin with `what` on the disk; the others must be unchanged */
static int stored_on_disk(char what)
{
	int fd, found = 0;
	char c = 0;

	forget();
	fd = open(name, O_RDONLY);
	for (int i = 0; i < PAGES; i++) {
		bool chosen = i % STEP == 0 && i / STEP < STORED;

		if (lseek(fd, i * PAGE, SEEK_SET) < 0 || read(fd, &c, 1) != 1)
			break;
		found += chosen && c == what;
		expect(chosen || c == letter_of(i), "page %d was changed", "ページ %d が変わった", i);
	}
	close(fd);
	return found;
}

/* Mapping the file reads nothing; an access reads the page. */
static char *read_in(void)
{
	static const char *const counters[] = { "minflt", "majflt", "file_in", NULL };
	long long mapped, accessed;
	char *p;

	forget();
	table_begin(counters);
	p = map_file(MAP_SHARED);
	if (!p)
		return NULL;
	mapped = pages_in_ram(p, PAGES);
	expect(p[20 * PAGE] == letter_of(20), "page 20 holds something else", "ページ 20 の中身が違う");
	accessed = pages_in_ram(p, PAGES);
	table_end();
	table_row("pages of the mapping in its page table", "ページテーブルにあるこのマッピングのページ", mapped, accessed);
	table_print();
	expect(mapped <= 0, "%lld pages were read before any access", "触れる前に %lld ページが読まれた", mapped);
	expect_rise_of_at_least("file_in", 1);
	expect_rise_of_at_least("majflt", 1);
	return p;
}

/* The file is saved: only the pages that were stored to. */
static void save(char *p)
{
	static const char *const counters[] = { "writeback", "writeback_runs", NULL };
	int found;

	sync();
	table_begin(counters);
	store(p, 'S');
	expect(msync(p, BYTES, MS_SYNC) == 0, "msync failed", "msync が失敗");
	table_end();
	expect_rise("writeback", STORED + TIMES);
	munmap(p, BYTES);
	found = stored_on_disk('S');
	table_row("changed pages that stand on the disk", "ディスクに書かれた変更ページ", 0, found);
	table_print();
	expect(found == STORED, "%d of 5 changed pages are on the disk", "変更した 5 ページのうちディスクにあるのは %d", found);
}

/* A private mapping begins with the contents of the file; its changes stay private. */
static void keep_private(void)
{
	static const char *const counters[] = { "promote", "writeback", NULL };
	char *p = map_file(MAP_PRIVATE);
	int found;

	if (!p)
		return;
	sync();
	table_begin(counters);
	store(p, 'P');
	expect(msync(p, BYTES, MS_SYNC) == 0, "msync failed", "msync が失敗");
	table_end();
	expect_rise("promote", STORED);
	expect_rise("writeback", 0);
	munmap(p, BYTES);
	found = stored_on_disk('P');
	table_row("private stores that stand on the disk", "ディスクに書かれた私有の変更", 0, found);
	table_print();
	expect(found == 0, "%d private stores reached the file", "私有の変更が %d ページファイルに届いた", found);
}

static void run(void)
{
	char *p;

	expect(make_file(), "%s cannot be written", "%s に書けない", name);
	p = read_in();
	if (!p)
		return;
	say("Five of the 64 pages are stored to; then msync and munmap. One page more is written: the one with the file's time "
	    "of change.",
	    "64 ページのうち 5 ページに書き、msync と munmap をします。ほかに 1 ページ、ファイルの更新時刻のあるページも書かれます。");
	save(p);
	say("The same five stores through a private mapping.", "同じ 5 か所に、今度は私有のマッピングで書きます。");
	keep_private();
	unlink(name);
}

const struct demo demo_mmapfile = {
	.name = "mmapfile",
	.title = { "a file in memory: read when touched, saved when changed",
		   "メモリの中のファイル。触れた所を読み、変えた所を保存する" },
	.question = {
		"A file of 64 pages is mapped into memory. What is read when it is mapped, what when it is "
		"accessed, and what is written at the end?",
		"64 ページのファイルをメモリにマップします。マップしたとき、触れたときに何が読まれ、使い終わったときに"
		"何が書かれるでしょうか。",
	},
	.done = {
		"The kernel is made to forget the file. It is mapped, and one byte of page 20 is read. Five "
		"pages are stored to, and the file is saved and read again from the disk. Then the same stores "
		"go through a private mapping.",
		"カーネルにファイルを忘れさせてからマップし、ページ 20 を 1 バイト読みます。5 ページに書いて保存し、"
		"ディスクから読み直します。次に同じことを私有のマッピングで行います。",
	},
	.why = {
		"A mapping is a promise: the fault reads the page from the file, the hardware's dirty bit tells "
		"which pages were stored to, and only these are written back.",
		"マッピングは約束にすぎません。フォルトがファイルからページを読み、書かれたページはハードウェアの"
		"ダーティビットが教え、それだけが書き戻されます。",
	},
	.explain = {
		"Behind the region stands the file's page cache, the same frames that read() and write() use, so "
		"both ways see each other at once. A few pages more than the one accessed are read along, because "
		"files are mostly read in order. Writing back happens on msync, on fsync and sync, some seconds "
		"after a store, soon after munmap or the program's end, and when the frame is wanted for something "
		"else; a clean page is dropped without a write. A private mapping copies a page at the first store, "
		"and the copy belongs to the program alone: it goes to swap, never to the file.",
		"領域の背後にあるのはファイルのページキャッシュです。read() や write() が使うのと同じフレームなので、"
		"どちらの変更もすぐ相手に見えます。ファイルはたいてい順に読まれるため、触れたページの先も少し読み込ま"
		"れます。書き戻しは msync、fsync、sync のとき、書いてから数秒後、munmap やプログラム終了のあと、そして"
		"フレームが必要になったときに起こります。変わっていないページは書かずに捨てられます。私有のマッピングは"
		"最初の書き込みでページをコピーし、そのコピーはプログラムだけのものです。行き先はスワップで、ファイルでは"
		"ありません。",
	},
	.run = run,
};
