/*
 * malloc.c - what malloc does with its memory: blocks split and join, small ones share a slab, the end goes back.
 *
 * What a block costs is read from addresses and from the break; only standard C functions of malloc are used.
 */
#include "demo.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAIRS = 400, SMALL = 64, LARGE = 448, LARGER = 512, BIG = 400000, TRIES = 64 };

static char *small[PAIRS], *large[PAIRS];

static long break_kib(const char *from)
{
	return ((char *)sbrk(0) - from) / 1024;
}

static bool zeroed(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/*
 * => which of several blocks of this size is the first one at PLACE; 0: none. A heap that searches from where its last search
 * ended (next fit) comes there only when it has used what lies behind. All are freed again.
 */
static int turn_of(const char *place, size_t size)
{
	char *taken[TRIES];
	int n = 0, turn;

	do
		taken[n] = malloc(size);
	while (taken[n++] != place && n < TRIES);
	turn = taken[n - 1] == place ? n : 0;
	while (n > 0)
		free(taken[--n]);
	return turn;
}

/*
 * Three neighbours become one free block, in whatever order they are freed. Holes that earlier demos left are filled first,
 * until three blocks are adjacent.
 */
static void join(void)
{
	static char *held[256];
	int n = 0, turn;

	do
		held[n] = malloc(3000);
	while (++n < 4 || (n < 256 && !(held[n - 2] - held[n - 3] == 3008 && held[n - 3] - held[n - 4] == 3008)));
	free(held[n - 4]);
	free(held[n - 2]);
	free(held[n - 3]);
	turn = turn_of(held[n - 4], 9000);
	table_row("bytes between two blocks of 3000", "3000 バイトの二つの間隔", 0, held[n - 3] - held[n - 4]);
	table_row("blocks of 9000 until one is in their place", "何個めの 9000 バイトがその跡に入るか", 0, turn);
	expect(turn > 0, "the freed neighbours were not joined", "解放した隣どうしがつながっていない");
	free(held[n - 1]);
	for (n -= 4; n > 0; n--)
		free(held[n - 1]);
	memset(held, 0, sizeof(held));
}

/* Small and large alternately; then the large ones are freed, and larger ones allocated. */
static void fragment(const char *start)
{
	long filled, again;

	for (int i = 0; i < PAIRS; i++) {
		small[i] = malloc(SMALL);
		large[i] = malloc(LARGE);
	}
	filled = break_kib(start);
	for (int i = 0; i < PAIRS; i++)
		free(large[i]);
	for (int i = 0; i < PAIRS; i++)
		large[i] = malloc(LARGER);
	again = break_kib(start);
	table_row("bytes from one of 64 to the next", "64 バイトから次まで", 0, small[PAIRS - 1] - small[PAIRS - 2]);
	table_row("break, in KiB: 400 of 64 and 448 bytes", "ブレーク (KiB): 64 と 448 バイトを 400 個", 0, filled);
	table_row("break, in KiB: 448 freed, 400 of 512", "ブレーク (KiB): 448 を解放、512 を 400 個", filled, again);
	expect(small[PAIRS - 1] - small[PAIRS - 2] == SMALL, "the small ones do not stand side by side",
	       "小さいブロックが並んでいない");
	expect(again - filled < filled / 4, "the holes were of no use: %ld KiB, then %ld", "穴が使えない: %ld KiB、次に %ld", filled,
	       again);
	for (int i = 0; i < PAIRS; i++) {
		free(small[i]);
		free(large[i]);
	}
	memset(small, 0, sizeof(small));
	memset(large, 0, sizeof(large));
}

/* realloc and calloc, and what goes back to the system. */
static void the_end(const char *start)
{
	char *p = malloc(BIG), *q;
	long high, low;

	memset(p, 7, BIG);
	q = realloc(p, 2 * BIG);
	high = break_kib(start);
	table_row("bytes that realloc moved it by", "realloc が動かした距離 (バイト)", 0, q - p);
	expect(q == p && q[BIG - 1] == 7, "realloc at the end moved the block", "末尾の realloc がブロックを動かした");
	free(q);
	low = break_kib(start);
	table_row("break, in KiB: the last 800000 bytes freed", "ブレーク (KiB): 末尾の 800000 バイトを解放", high, low);
	expect(low < high - 600, "the end was not given back", "末尾が返されていない");
	p = calloc(BIG, 1);
	expect(p && zeroed(p, BIG), "calloc: not all zero", "calloc: ゼロでないバイトがある");
	free(p);
}

static void run(void)
{
	static const char *const none[] = { NULL };
	const char *start = sbrk(0);

	table_begin(none);
	join();
	fragment(start);
	the_end(start);
	table_print();
}

const struct demo demo_malloc = {
	.name = "malloc",
	.title = { "blocks split and join, small ones share a slab", "ブロックは分かれ、つながり、小さいものはスラブに" },
	.question = {
		"Small and large blocks are allocated alternately; then all large ones are freed, and "
		"slightly larger ones are requested. Can the freed memory be reused?",
		"小さいブロックと大きいブロックを交互に取り、大きい方をすべて解放してから、少しだけ大きいものを要求します。"
		"解放したメモリは役に立つでしょうか。",
	},
	.done = {
		"Three neighbours are freed and a block as large as all three is allocated; then 400 pairs "
		"of 64 and 448 bytes, the 448 freed, 400 of 512; a block at the end grows, and is freed.",
		"隣り合う 3 つを解放してその合計を取ります。64 と 448 バイトを 400 組取り、448 を解放し、512 を 400 個取ります。"
		"末尾のブロックを広げ、解放します。",
	},
	.why = {
		"Freed neighbours join at once, and many small blocks of one size stand apart from the rest in slabs, so "
		"that the large ones between them were neighbours; what is free at the end goes back with the break.",
		"解放された隣どうしはすぐにつながります。同じ大きさの小さいブロックが多ければスラブに分けて置くので、間の大きい"
		"ブロックは隣どうしになります。末尾の空きはブレークと共に返ります。",
	},
	.explain = {
		"Each block has its size in front of it, a free one at its end too: so free finds both "
		"neighbours. malloc takes the smallest free block that is large enough and cuts off the rest "
		"(best fit). Once two dozen blocks of one small size are in use, further ones come from a "
		"slab, 2 KiB without headers. calloc clears what it returns, realloc stays in place if it "
		"can. A pointer that was freed already, or never came from malloc, ends the program with a "
		"message: a bit for every eight bytes records where a block in use begins. Every malloc has "
		"its free. HEAP=first chooses a plain malloc of 120 lines, where this demo does not go as "
		"expected. See user/lib/heap.h.",
		"どのブロックも前に大きさを持ち、空きブロックは末尾にも持つので、free は両隣を見つけられます。malloc は足りる中で"
		"最小の空きブロックを取り、残りを切り離します（最良適合）。同じ小さな大きさが 24 個になると、次からは"
		"ヘッダのない 2 KiB のスラブから渡します。calloc は消してから渡し、realloc はできれば動きません。解放済みや "
		"malloc が渡していないポインタは、一文を出してプログラムを止めます。8 バイトごとの 1 ビットが、使用中のものの"
		"始まりを知っています。malloc には必ず free を。HEAP=first なら 120 行の単純な malloc になり、このデモは予想どおり"
		"になりません。",
	},
	.run = run,
};
