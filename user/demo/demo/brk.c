/*
 * brk.c - the program break, and malloc, which is built on it.
 *
 * Nothing here depends on how malloc works inside: only that it takes memory from the break, reuses
 * freed memory, and that calloc's bytes are zero.
 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGES = 25, TOUCHED = 5, BLOCKS = 2000, BLOCK_BYTES = 100, ZEROS = 20000 };

static char *page_up(char *p)
{
	return (char *)(((uintptr_t)p + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
}

static void touch(volatile char *memory, int pages)
{
	for (int i = 0; i < pages; i++)
		memory[i * PAGE] = 'x';
}

/* The break moves by whole pages here, so that pagemap shows exactly these. */
static void move_break(void)
{
	static const char *const counters[] = { "minflt", "zero_fill", NULL };
	static char warm;
	char *start = page_up(sbrk(0)), *top;
	long long grown, touched_now;

	touch(&warm, 1);
	if (brk(start) < 0 || brk(start + PAGES * PAGE) < 0) {
		expect(false, "brk failed", "brk が失敗");
		return;
	}
	top = sbrk(0);
	grown = pages_in_ram(start, PAGES);
	table_begin(counters);
	touch(start, TOUCHED);
	table_end();
	touched_now = pages_in_ram(start, PAGES);
	expect_rise("minflt", TOUCHED);
	expect(top == start + PAGES * PAGE, "the break is not where it was asked for",
	       "ブレークが要求した位置にない");
	expect(grown == 0, "%lld frames although nothing was touched",
	       "触れていないのにフレームが %lld", grown);
	expect(touched_now == TOUCHED, "%lld frames instead of 5", "フレームは 5 でなく %lld",
	       touched_now);
	table_row("program break above its start, in KiB", "ブレークの位置（始点から KiB）", 0,
		  (top - start) / 1024);
	table_row("frames behind these 25 pages (pagemap)", "この 25 ページのフレーム (pagemap)", grown,
		  touched_now);
	table_print();
	expect(brk(start) == 0 && pages_in_ram(start, PAGES) <= 0, "frames stay below no break",
	       "ブレークを戻してもフレームが残る");
	expect(brk(start + PAGE) == 0 && start[0] == 0, "a page taken again is not zero",
	       "返して取り直したページがゼロでない");
}

static char *blocks[BLOCKS];

static bool take_blocks(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		blocks[i] = malloc(BLOCK_BYTES);
		if (!blocks[i])
			return false;
		memset(blocks[i], i, BLOCK_BYTES);
	}
	return true;
}

static bool blocks_are_right(void)
{
	for (int i = 0; i < BLOCKS; i++)
		for (int j = 0; j < BLOCK_BYTES; j++)
			if (blocks[i][j] != (char)i)
				return false;
	return true;
}

static void free_blocks(void)
{
	for (int i = 0; i < BLOCKS; i++)
		free(blocks[i]);
	memset(blocks, 0, sizeof(blocks));
}

static bool is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* The heap may have had some free blocks before: the break moves by what does not fit into them. */
static void expect_growth(char *before, char *first, char *second, long long frames)
{
	long pages = (first - before) / PAGE;

	table_row("break, in KiB: 2000 blocks of 100 bytes", "ブレーク (KiB): 100 バイトを 2000 個", 0,
		  (first - before) / 1024);
	table_row("frames behind that (pagemap)", "そのフレーム (pagemap)", 0, frames);
	table_row("break, in KiB: freed, and 2000 again", "ブレーク (KiB): 解放後もう 2000 個",
		  (first - before) / 1024, (second - before) / 1024);
	table_print();
	expect(first > before, "the break did not move", "ブレークが動かない");
	expect(frames == PROC_ABSENT || (frames >= pages / 2 && frames <= pages),
	       "%lld frames behind %ld pages of heap", "フレーム %lld、ヒープは %ld ページ",
	       frames, pages);
	expect(second <= first + PAGE, "freed memory was not used again", "解放したメモリが再利用されない");
}

static void use_malloc(void)
{
	static const char *const counters[] = { "zero_fill", NULL };
	char *before, *first, *second, *zeros;
	long long frames;

	table_begin(counters);
	before = page_up(sbrk(0));
	expect(take_blocks() && blocks_are_right(), "malloc: wrong bytes", "malloc: バイトが違う");
	first = sbrk(0);
	frames = pages_in_ram(before, (first - before) / PAGE);
	free_blocks();
	zeros = calloc(ZEROS, 1);
	expect(zeros && is_zero(zeros, ZEROS), "calloc: not all zero",
	       "calloc: ゼロでないバイトがある");
	free(zeros);
	expect(take_blocks() && blocks_are_right(), "malloc again: wrong bytes",
	       "2 回目の malloc: バイトが違う");
	second = sbrk(0);
	free_blocks();
	table_end();
	expect_growth(before, first, second, frames);
}

static void run(void)
{
	move_break();
	say("Now malloc: 2000 blocks of 100 bytes, freed, a calloc, and 2000 blocks again.",
	    "次は malloc です。100 バイトを 2000 個取り、解放し、calloc し、また 2000 個取ります。");
	use_malloc();
}

const struct demo demo_brk = {
	.name = "brk",
	.title = { "the program break, and malloc on top of it",
		   "プログラムブレークと、その上の malloc" },
	.question = {
		"malloc hands out memory by the byte, the hardware knows only pages. Where does "
		"malloc get it from, and when is it tied to frames?",
		"malloc はバイト単位でメモリを渡しますが、ハードウェアが知るのはページだけです。"
		"malloc はどこからメモリを得て、それはいつフレームに結び付くのでしょうか。",
	},
	.done = {
		"brk moves the end of the heap up by 25 pages, 5 of them are touched, and the end "
		"moves back.",
		"brk でヒープの終わりを 25 ページ進め、5 ページに触れ、元に戻します。",
	},
	.why = {
		"brk only moves the end of a region; frames come with the first touch and go when the break "
		"moves back, and malloc cuts the memory in between into blocks and reuses those that are "
		"freed.",
		"brk は領域の終わりを動かすだけです。フレームは初めて触れたときに付き、ブレーク"
		"が戻ると返されます。malloc はその間を切り分け、解放されたものを再び使います。",
	},
	.explain = {
		"The heap is a region behind the program's data, and the break is its end. A page that is "
		"given back and taken again reads zero: its old frame is gone. malloc asks for more break "
		"when no free block is large enough; free joins neighbours and keeps them for the next one; "
		"only free memory at the very end goes back with the break. calloc must clear memory that "
		"was used before. Freed memory must not be touched again: it may belong to someone else by "
		"then. user/lib/malloc_first.c does most of that in 120 lines.",
		"ヒープはプログラムのデータの後ろの領域で、ブレークはその終わりです。返して取り"
		"直したページはゼロになっています。前のフレームはもうないからです。malloc は十分"
		"大きな空きブロックがないときだけブレークを進めます。free は隣どうしをつなげて次"
		"のために取っておき、末尾の空きだけがブレークと共に戻ります。calloc は使い古しを消して"
		"から渡します。解放したものに触れてはいけません。もう他の誰かのものかもしれませ"
		"ん。",
	},
	.run = run,
};
