/*
 * big.c - more memory than there is.
 *
 * Each word is a function of its position, so any loss on the way is detected. Pagemap and the
 * counters show that pages went to swap and came back; how many must follows from the sizes.
 */
#include "demo.h"
#include "sorts.h"

#include <stdio.h>
#include <sys/mman.h>

enum { LIMIT = 3584, PATIENCE = 100, WORDS_PER_PAGE = PAGE / sizeof(uint32_t) };

struct sizes {
	size_t frames, pages;		/* frames available to it; pages that it stores to */
	bool limited;			/* by RLIMIT_RSS */
};

/*
 * Half as much again as there are frames on a small machine, a quarter on a larger one; where even
 * that does not fit into RAM and swap together, the task is limited to fewer frames.
 */
static bool choose(struct sizes *sizes)
{
	size_t total = pages_memory("MemTotal"), swap = pages_memory("SwapTotal");

	if (!total || !swap) {
		verdict_not_run("no swap area, so there is nowhere to put what does not fit",
				"スワップ領域がないので、入り切らないものの置き場がない");
		return false;
	}
	sizes->frames = total;
	sizes->pages = total + (total <= 2 * LIMIT ? total / 2 : total / 4);
	sizes->limited = sizes->pages > total + swap - swap / 8;
	if (!sizes->limited)
		return true;
	if (!pages_limit_works()) {
		verdict_not_run("this kernel does not hold a task to RLIMIT_RSS",
				"このカーネルは RLIMIT_RSS を守らせない");
		return false;
	}
	sizes->frames = LIMIT;
	sizes->pages = LIMIT + LIMIT / 2;
	return true;
}

static const struct words by_limit = {
	" that this task may use (RLIMIT_RSS)", "（RLIMIT_RSS による）",
};

static uint32_t word_at(size_t i)
{
	return (i ^ 0x5bd1e995) * 2654435761u;
}

static void store_all(uint32_t *memory, size_t pages)
{
	for (size_t i = 0; i < pages * WORDS_PER_PAGE; i++)
		memory[i] = word_at(i);
}

/* From the last page to the first, so that what is still in RAM is read before it has to go. */
static size_t wrong_words(const uint32_t *memory, size_t pages)
{
	size_t wrong = 0;

	for (size_t i = pages * WORDS_PER_PAGE; i-- > 0; )
		wrong += memory[i] != word_at(i);
	return wrong;
}

static void show_moment(struct words moment, uint32_t *memory, size_t pages)
{
	show_labelled(NULL, show_words(moment));
	pages_picture(memory, pages);
}

static void expect_moved(size_t pages, size_t frames, size_t wrong)
{
	expect(wrong == 0, "%lu words came back wrong", "%lu 語が違う値で戻った", (unsigned long)wrong);
	expect_rise_of_at_least("pswpout", pages - frames);
	expect_rise_of_at_least("pswpin", pages - frames);
}

/* A page on its way to the disk still counts as in RAM: looks again until enough have arrived. */
static struct pages_count count_settled(uint32_t *memory, size_t pages, size_t expected)
{
	struct pages_count count = pages_count(memory, pages);

	for (int i = 0; i < PATIENCE && count.swap < (long long)expected; i++) {
		demo_rest(50);
		count = pages_count(memory, pages);
	}
	return count;
}

static void fill_and_verify(uint32_t *memory, size_t pages, size_t frames)
{
	static const char *const counters[] = { "pgfault", "pgmajfault", "zero_fill", "pswpout",
						"swap_runs", "pswpin", "clean_drop", NULL };
	struct pages_count count;
	size_t wrong;

	show_moment((struct words){ "Before:", "前:" }, memory, pages);
	table_begin(counters);
	store_all(memory, pages);
	count = count_settled(memory, pages, pages - frames);
	show_moment((struct words){ "Every word stored once, from the first page to the last:",
				    "すべての語を先頭から順に書いた後:" }, memory, pages);
	expect(count.swap >= (long long)(pages - frames), "only %lld pages are in swap",
	       "スワップにあるのは %lld ページだけ", count.swap);
	expect(count.untouched == 0, "%lld pages are neither in RAM nor in swap",
	       "%lld ページが RAM にもスワップにもない", count.untouched);
	wrong = wrong_words(memory, pages);
	table_end();
	show_moment((struct words){ "Every word read again and compared, from the last page to the "
				    "first:", "すべての語を末尾から順に読み直して比べた後:" },
		    memory, pages);
	table_row("words that came back wrong", "違う値で戻った語", 0, wrong);
	table_print();
	expect_moved(pages, frames, wrong);
}

static void run(void)
{
	struct sizes sizes;
	uint32_t *memory;

	if (!choose(&sizes))
		return;
	memory = pages_map(sizes.pages, MAP_PRIVATE);
	if (!memory)
		return;
	say("There are %lu frames%s; the task stores and verifies %lu pages, %lu words.",
	    "フレームは %lu%s。タスクは %lu ページ、%lu 語を書いて確かめます。",
	    (unsigned long)sizes.frames, sizes.limited ? show_words(by_limit) : "",
	    (unsigned long)sizes.pages, (unsigned long)sizes.pages * WORDS_PER_PAGE);
	if (sizes.limited)
		pages_limit(sizes.frames);
	fill_and_verify(memory, sizes.pages, sizes.frames);
	munmap(memory, sizes.pages * PAGE);
	pages_limit(0);
}

const struct demo demo_big = {
	.name = "big",
	.title = { "more memory than there is", "実際にあるより多くのメモリ" },
	.question = {
		"A task stores to more pages than there are frames. Where is the rest, and what "
		"does it cost?",
		"タスクがフレームの数より多いページに書きます。入り切らないものはどこにあり、何"
		"がかかるのでしょうか。",
	},
	.done = {
		"Memory is mapped, every word of it stored, then every word read and compared. "
		"Each picture shows 64 pages in a row.",
		"メモリをマップし、すべての語を書き、すべてを読んで比べます。絵は 1 行に 64 ページ"
		"です。",
	},
	.why = {
		"When no frame is free the kernel writes a page that seems not to be in use to "
		"the swap disk and gives its frame away; touching that page later faults, and "
		"it is read back into whatever frame is free then.",
		"空きフレームがなくなると、カーネルは使われていないらしいページをスワップディス"
		"クに書き、そのフレームを空けます。後でそのページに触れるとページフォルトにな"
		"り、そのとき空いているフレームに読み戻されます。",
	},
	.explain = {
		"A daemon begins before the last frame is taken: it looks for pages that were "
		"not accessed lately, takes them out of all page tables, writes them in runs of "
		"many pages, because a disk likes that, and frees their frames. The page's "
		"place in swap is remembered. A fault on it waits for the disk, while other "
		"tasks run. A page that was read back and not changed can be dropped again "
		"without a write. In the library: the shelves are full, so a book nobody uses "
		"goes to the basement before the next one comes up.",
		"最後のフレームがなくなる前に、デーモンが動きます。最近使われていないページを探"
		"し、すべてのページテーブルから外し、ディスクの好む連続した書き込みで何ページも"
		"まとめて書き、フレームを空けます。スワップの中の場所は覚えておきます。そのペー"
		"ジのフォルトはディスクを待ち、その間は他のタスクが走ります。読み戻して変えてい"
		"ないページは、書かずにまた手放せます。図書館でいえば、棚がいっぱいなので、誰も"
		"使わない本を地下へ移してから次の本を運びます。",
	},
	.run = run,
	.more = demo_sorts,
};
