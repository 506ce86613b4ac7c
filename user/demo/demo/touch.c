/*
 * touch.c - a page appears when it is touched: demand paging.
 */
#include "demo.h"

#include <stdio.h>
#include <sys/mman.h>

enum { PAGES = 100, TOUCHED = 3 };

static const int touched[TOUCHED] = { 3, 50, 99 };

static void touch(volatile char *memory, int pages)
{
	for (int i = 0; i < TOUCHED; i++)
		memory[touched[i] % pages * PAGE] = 'x';
}

static void run(void)
{
	static const char *const counters[] = { "minflt", "zero_fill", NULL };
	static char warm[PAGE];
	char *memory = pages_map(PAGES, MAP_PRIVATE);
	long long before, after;

	if (!memory)
		return;
	/* The instructions themselves are in pages that must be present first. */
	touch(warm, 1);
	pages_picture(memory, PAGES);
	before = pages_in_ram(memory, PAGES);
	table_begin(counters);
	touch(memory, PAGES);
	table_end();
	after = pages_in_ram(memory, PAGES);
	pages_picture(memory, PAGES);
	table_row("frames behind these 100 pages (pagemap)", "この 100 ページのフレーム (pagemap)",
		  before, after);
	table_print();
	expect_rise("minflt", TOUCHED);
	expect_rise_of_at_least("zero_fill", TOUCHED);
	expect(before == 0, "%lld pages had frames before", "はじめから %lld ページにフレームがあった",
	       before);
	expect(after == TOUCHED, "%lld pages have frames now", "フレームのあるページは %lld", after);
	for (int i = 0; i < TOUCHED; i++)
		expect(pages_in_ram(memory + touched[i] * PAGE, 1) == 1, "page %d has no frame",
		       "ページ %d にフレームがない", touched[i]);
	munmap(memory, PAGES * PAGE);
}

const struct demo demo_touch = {
	.name = "touch",
	.title = { "a page appears when it is touched", "ページは触れたときに現れる" },
	.question = {
		"A task reserves 100 pages of memory and stores a byte in 3 of them. How many "
		"frames of physical memory does that cost?",
		"タスクが 100 ページのメモリを予約し、そのうち 3 ページに 1 バイトずつ書きます。"
		"物理メモリのフレームはいくつ必要でしょうか。",
	},
	.done = {
		"mmap reserves 100 pages; then a byte is stored in the pages 3, 50 and 99.",
		"mmap で 100 ページを予約し、ページ 3、50、99 に 1 バイトずつ書きます。",
	},
	.why = {
		"Reserving only notes that the addresses are permitted; a page is tied to a frame "
		"at the page fault of its first touch.",
		"予約は「このアドレスを使ってよい」と記すだけです。ページがフレームに結び付けられる"
		"のは、初めて触れたときのページフォルトの中です。",
	},
	.explain = {
		"Each address that a program uses is looked up in the page table by the "
		"processor. For a page without an entry it stops the instruction and calls the "
		"kernel: a page fault. The kernel finds the region that the address lies in, "
		"takes a free frame, fills it with zeros (nobody may see what another task left "
		"there), enters it in the table and lets the instruction run again, which never "
		"notices. In the library: the reader's desk seems endless, but a book is "
		"fetched only when it is asked for.",
		"プログラムが使うアドレスは、すべてプロセッサがページテーブルで調べます。エントリのない"
		"ページなら命令は止まり、カーネルが呼ばれます。これがページフォルトです。カーネ"
		"ルはそのアドレスを含む領域を探し、空きフレームを取り、ゼロで満たし（他のタスクの残"
		"したものを見せないため）、テーブルに記して命令をやり直させます。命令は何も気付"
		"きません。図書館でいえば、閲覧者の机は限りなく見えますが、本は請求されて初めて"
		"運ばれます。",
	},
	.run = run,
};
