/*
 * frag.c - fragmented physical memory, and why a program does not notice.
 *
 * Nearly all free frames are taken one by one, and every second one is given back. A few frames stay free in whole
 * blocks, because below that the kernel would begin to evict pages. /proc/buddyinfo shows what is free; the demo compares
 * proportions, so that other tasks may allocate and free frames meanwhile.
 */
#include "demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ORDERS = 11, LARGE_ORDER = 4, SAMPLE = 257, MOST = 1 << 18, REST_MOST = 768, PATIENCE = 40 };

/* Free memory at one moment, in frames. */
struct blocks {
	size_t of_order[ORDERS];
	size_t free, large, largest;	/* all; those in blocks of 2^LARGE_ORDER or more; the largest block */
};

/* What a program that asked for an area got. */
struct got {
	long long neighbours;		/* of SAMPLE - 1 pairs of pages; PROC_ABSENT: pagemap hides it */
	long faults;
	size_t wrong;
};

struct seen {
	size_t rest, taken, area;	/* frames that were left alone; that were taken; pages that the program asks for */
	struct blocks whole, pieces, again;
	struct got from_whole, from_pieces;
};

/* --- /proc/buddyinfo -------------------------------------------------------------------------- */

static void add_block(struct blocks *blocks, int order, size_t count)
{
	size_t size = (size_t)1 << order;

	blocks->of_order[order] += count;
	blocks->free += count * size;
	if (order >= LARGE_ORDER)
		blocks->large += count * size;
	if (count && size > blocks->largest)
		blocks->largest = size;
}

/* "Node 0, zone   Normal" and a number for each order; Linux has several such lines. */
static struct blocks look(void)
{
	struct blocks blocks = { .free = 0 };
	static char text[4096];
	char *at = text;

	if (proc_text("/proc/buddyinfo", text, sizeof(text)) < 0)
		return blocks;
	while ((at = strstr(at, "zone"))) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
		at += strcspn(at, " ");
		for (int order = 0; order < ORDERS; order++)
			add_block(&blocks, order, strtoul(at, &at, 10));
	}
	return blocks;
}

static void print_blocks(struct words moment, const struct blocks *blocks)
{
	printf("  ");
	show_padded(show_words(moment), 10);
	for (int order = 0; order < ORDERS; order++)
		printf("%6lu", (unsigned long)(blocks ? blocks->of_order[order] : (size_t)1 << order));
	putchar('\n');
}

/* --- can it be shown here? -------------------------------------------------------------------- */

/* `frames=N`: only so many frames may hold pages; those beyond them would remain in whole blocks. */
static bool is_limited(size_t total)
{
	char text[512];
	char *word = proc_text("/proc/cmdline", text, sizeof(text)) < 0 ? NULL : strstr(text, "frames=");

	return word && strtoul(word + strlen("frames="), NULL, 10) < total;
}

/*
 * The daemon begins to evict when 4 % are left, 640 frames at most: a little more than that is left alone. Half of the
 * frames taken are given back, and the program uses three quarters of these, so that there is room for its page tables.
 */
static void choose(struct seen *seen)
{
	size_t rest = pages_memory("MemTotal") / 20;

	seen->rest = rest < REST_MOST ? rest : REST_MOST;
	seen->area = seen->whole.free > seen->rest ? (seen->whole.free - seen->rest) / 8 * 3 : 0;
}

static bool can_run(const struct seen *seen)
{
	const struct blocks *now = &seen->whole;

	if (!now->free)
		verdict_not_run("this system does not tell its free blocks (/proc/buddyinfo)",
				"このシステムは空きブロックを教えない (/proc/buddyinfo)");
	else if (proc_number("/proc/vmstat", "compact_stall") != PROC_ABSENT)
		verdict_not_run("this kernel moves pages to make large blocks (compaction): pieces do not stay",
				"このカーネルはページを動かして大きなブロックを作る（コンパクション）");
	else if (now->free > MOST)
		verdict_not_run("%lu frames are free, too many to take nearly all of them",
				"空きフレームが %lu もあり、ほとんどを取るには多すぎる", (unsigned long)now->free);
	else if (is_limited(pages_memory("MemTotal")))
		verdict_not_run("frames= keeps programs from most of the free frames",
				"frames= のため、プログラムは空きフレームの多くを使えない");
	else if (seen->area < SAMPLE || now->free < 8 * seen->rest)
		verdict_not_run("only %lu frames are free", "空きフレームは %lu だけ", (unsigned long)now->free);
	else if (now->large < now->free / 2)
		verdict_not_run("free memory is in pieces already: %lu of %lu frames in large blocks",
				"空きメモリはもう断片化している。大きなブロックのフレームは %lu / %lu",
				(unsigned long)now->large, (unsigned long)now->free);
	else
		return true;
	return false;
}

/* --- a program that wants an area of memory --------------------------------------------------- */

static uint32_t mark(size_t page)
{
	return (page ^ 0x5bd1e995) * 2654435761u;
}

static void store(char *memory, size_t page)
{
	*(uint32_t *)(memory + page * PAGE) = mark(page);
}

static size_t wrong_pages(const char *memory, size_t pages, size_t step)
{
	size_t wrong = 0;

	for (size_t page = 0; page < pages; page += step)
		wrong += *(const uint32_t *)(memory + page * PAGE) != mark(page);
	return wrong;
}

/* => how many of these pages are in a frame adjacent to that of the preceding page */
static long long count_neighbours(const char *memory, size_t pages)
{
	unsigned long frame, before = pages_frame(memory);
	long long neighbours = 0;

	for (size_t page = 1; page < pages; page++, before = frame) {
		frame = pages_frame(memory + page * PAGE);
		if (!frame)
			return PROC_ABSENT;
		neighbours += frame == before + 1 || frame + 1 == before;
	}
	return neighbours;
}

static struct got want(size_t pages)
{
	char *memory = pages_map(pages, MAP_PRIVATE);
	struct got got = { .faults = 0 };

	if (!memory)
		return got;
	got.faults = pages_faults();
	for (size_t page = 0; page < pages; page++)
		store(memory, page);
	got.faults = pages_faults() - got.faults;
	got.neighbours = count_neighbours(memory + (pages - SAMPLE) * PAGE, SAMPLE);
	got.wrong = wrong_pages(memory, pages, 1);
	munmap(memory, pages * PAGE);
	return got;
}

/* --- pieces ----------------------------------------------------------------------------------- */

/* Stores to page after page until only so many frames are free. => the number of pages */
static size_t take(char *memory, size_t pages, size_t rest)
{
	size_t taken = 0, free;

	while ((free = look().free) > rest && taken < pages)
		for (size_t n = (free - rest) / 2 + 1; n > 0 && taken < pages; n--)
			store(memory, taken++);
	return taken;
}

static void give_back_every_second(char *memory, size_t pages)
{
	for (size_t page = 1; page < pages; page += 2)
		expect(madvise(memory + page * PAGE, PAGE, MADV_DONTNEED) == 0, "no madvise", "madvise が失敗");
}

/* A frame that another task holds now spoils no more than 16 of a large block. Some tasks hold other frames than before. */
static bool is_whole_again(const struct blocks *now, const struct blocks *whole)
{
	size_t held = whole->free > now->free ? whole->free - now->free : 0;

	return now->large + (held << LARGE_ORDER) + whole->free / 8 >= whole->large;
}

/* A page on its way to the disk keeps its frame until it has arrived. */
static struct blocks look_settled(const struct blocks *whole)
{
	struct blocks now = look();

	for (int i = 0; i < PATIENCE && !is_whole_again(&now, whole); i++) {
		demo_rest(50);
		now = look();
	}
	return now;
}

/* --- what was seen ---------------------------------------------------------------------------- */

static void print_table(const struct blocks *whole, const struct blocks *pieces, const struct got *before,
			const struct got *after)
{
	table_row("free frames (buddyinfo)", "空きフレーム (buddyinfo)", whole->free, pieces->free);
	table_row("... in blocks of 16 frames or more", "うち 16 フレーム以上のブロックのもの", whole->large,
		  pieces->large);
	table_row("frames of the largest free block", "最大の空きブロックのフレーム", whole->largest, pieces->largest);
	table_row("page faults of the program", "プログラムのページフォルト", before->faults, after->faults);
	table_row("page pairs in adjacent frames, of 256", "隣り合うフレームにあるページの組、256 中",
		  before->neighbours, after->neighbours);
	table_row("its pages with wrong contents", "内容の違うページ", before->wrong, after->wrong);
	table_print();
}

static void print_pieces(const struct seen *seen)
{
	say("Free blocks by their size in frames:", "空きブロックの数、大きさ（フレーム）ごと:");
	print_blocks((struct words){ "", "" }, NULL);
	print_blocks((struct words){ "before", "前" }, &seen->whole);
	print_blocks((struct words){ "in pieces", "断片化" }, &seen->pieces);
	print_blocks((struct words){ "all back", "全部返却" }, &seen->again);
}

static void expect_got(const struct got *got, size_t area)
{
	expect(got->faults >= (long)area, "only %ld page faults in %lu pages", "ページフォルトは %ld、ページは %lu",
	       got->faults, (unsigned long)area);
	expect(got->wrong == 0, "%lu pages have wrong contents", "%lu ページの内容が違う",
	       (unsigned long)got->wrong);
}

/* Unless others have freed much, only the frames left alone can be in large blocks: less than a third. */
static void expect_pieces(const struct seen *seen)
{
	const struct blocks *pieces = &seen->pieces;

	if (pieces->free > seen->rest + seen->taken / 2 + seen->whole.free / 32)
		verdict_not_run("the kernel or other tasks freed many frames meanwhile",
				"その間にカーネルか他のタスクが多くのフレームを空けた");
	expect(pieces->large <= pieces->free / 3, "%lu of %lu free frames are still in large blocks",
	       "まだ大きなブロックにある空きフレームが %lu / %lu", (unsigned long)pieces->large,
	       (unsigned long)pieces->free);
	expect(pieces->largest < seen->area, "there is a free block of %lu frames",
	       "%lu フレームの空きブロックがある", (unsigned long)pieces->largest);
	expect(seen->from_pieces.neighbours < SAMPLE / 8, "%lld pairs of pages are in adjacent frames",
	       "%lld 組のページが隣り合うフレームにある", seen->from_pieces.neighbours);
}

static void break_up(struct seen *seen, char *memory, size_t pages)
{
	static const char *const counters[] = { "pswpout", NULL };

	table_begin(counters);
	seen->taken = take(memory, pages, seen->rest);
	give_back_every_second(memory, seen->taken);
	seen->pieces = look();
	seen->from_pieces = want(seen->area);
	seen->from_pieces.wrong += wrong_pages(memory, seen->taken, 2);
	munmap(memory, pages * PAGE);
	table_end();
	seen->again = look_settled(&seen->whole);
}

static void run(void)
{
	struct seen seen = { .whole = look() };
	char *memory;

	choose(&seen);
	if (!can_run(&seen))
		return;
	seen.from_whole = want(seen.area);
	seen.whole = look();
	memory = pages_map(seen.whole.free, MAP_PRIVATE);
	if (!memory)
		return;
	break_up(&seen, memory, seen.whole.free);
	say("%lu frames were taken, every second one given back; the program wants %lu pages.",
	    "%lu フレームを取り、1 つおきに返しました。プログラムは %lu ページを求めます。", (unsigned long)seen.taken,
	    (unsigned long)seen.area);
	print_pieces(&seen);
	print_table(&seen.whole, &seen.pieces, &seen.from_whole, &seen.from_pieces);
	expect_got(&seen.from_whole, seen.area);
	expect_got(&seen.from_pieces, seen.area);
	expect_pieces(&seen);
	expect(is_whole_again(&seen.again, &seen.whole), "%lu frames are in large blocks again, of %lu",
	       "大きなブロックに戻ったフレームは %lu、前は %lu", (unsigned long)seen.again.large,
	       (unsigned long)seen.whole.large);
}

const struct demo demo_frag = {
	.name = "frag",
	.title = { "fragmented memory, and no program notices", "断片化した空きメモリと、それでも困らない理由" },
	.question = {
		"Half of the memory is free, but in pieces: next to each free frame is one in use. Can a "
		"program still get a large area?",
		"メモリの半分は空いていますが、空きフレームの隣はどれも使用中です。プログラムは大きな領域を"
		"得られるでしょうか。",
	},
	.done = {
		"A program stores to a large area and reads it again. Then nearly all free frames are taken "
		"one by one, every second one is given back, and the program does the same once more. "
		"Finally everything is given back.",
		"プログラムが大きな領域に書き、読み直します。次に、空きフレームのほとんどを 1 つずつ取り、1 つおきに返し、"
		"プログラムがもう一度同じことをします。最後に全部を返します。",
	},
	.why = {
		"Paging ties any page to any frame, so an area needs enough free frames and not a large "
		"block of them; and free buddies become one block again when a large one is wanted, so large "
		"blocks come back by themselves.",
		"ページングはどのページもどのフレームにも結び付けるので、領域に必要なのは十分な数の空きフレームで、大きなブ"
		"ロックではありません。大きなブロックが必要になると、空いたバディどうしはまた一つになるので、大きなブロックはひとりでに戻ります。",
	},
	.explain = {
		"Free memory is kept in blocks of 1, 2, 4 ... 1024 frames, each beginning at a multiple of "
		"its size; /proc/buddyinfo counts them. A single frame comes out of the smallest block there "
		"is, which is halved until it fits. A block that is freed joins its buddy, the other half of "
		"the next larger block, if that is free too, and so on. One frame in use keeps all blocks "
		"around it apart: external fragmentation. So when all is back, a frame that something has kept "
		"meanwhile can leave a large block in two or more. Without paging, programs would have to be moved "
		"together, or refused. Here only the kernel and devices ever need adjacent frames. What "
		"paging costs instead is the unused rest of a last page: internal fragmentation.",
		"空きメモリは 1、2、4 … 1024 フレームのブロックで管理し、どのブロックも大きさの倍数の位置から始まります。"
		"その数が /proc/buddyinfo です。1 フレームは、いちばん小さいブロックを半分ずつに分けて取ります。空いたブロ"
		"ックは、1 つ上の大きさのもう半分であるバディも空いていれば合わさり、さらに上のバディを探します。使用"
		"中のフレームが 1 つあれば、まわりのブロックは合わさりません。これが外部断片化です。全部を返した後も、その"
		"間に何かが手放さずにいるフレームが 1 つあれば、大きなブロックは分かれたままです。ページングがなければ、"
		"プログラムを動かして詰めるか、断るしかありません。ここで並んだフレームを求めるのはカーネルと装置だけで"
		"す。代わりに、最後のページの使わない残りが無駄になります。これが内部断片化です。",
	},
	.run = run,
};
