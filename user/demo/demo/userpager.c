/*
 * demo_userpager - a program that pages for itself, in its SIGSEGV handler; then the same work with the kernel as pager.
 *
 * Each runs in a child task of its own, on the same numbers, in the same number of frames. At the end every word is
 * compared with its expected value, and the pages in memory are counted with pagemap. See pager.c for the pager.
 */
#include "demo.h"
#include "pack.h"
#include "pager.h"

#include <stdio.h>
#include <sys/mman.h>

enum { PAGES = 512, FRAMES = 16, VISITS = 2000, HOT = 10, HOT_FOR = 200, SWAY = 20, SEED = 20260401 };

/* On a shared page: what a child reports. */
struct work {
	uint32_t corrections[PAGES];	/* how often each page was visited: so much was added to its words */
	struct pager_counts pager;
	struct pages_count before, after;
	long long rss_before, rss_after; /* in KiB */
	uint32_t wrong;
	long milliseconds;
};

_Static_assert(sizeof(struct work) <= PAGE && (int)PAGES <= (int)PAGER_PAGES_MAX, "they fit");

/* => the next value of a series that fluctuates like a measured one */
static uint32_t next_value(uint32_t value, uint32_t *random)
{
	return value + demo_random(random) % (2 * SWAY + 1) - SWAY;
}

static void fill(uint32_t *array)
{
	uint32_t random = SEED, value = 0;

	for (size_t i = 0; i < PAGES * PACK_WORDS; i++)
		array[i] = value = next_value(value, &random);
}

/* Most visits are to a few pages, others after a while; every fourth is to any page. */
static size_t choose(int visit, uint32_t *random)
{
	size_t hot = visit / HOT_FOR * 97, any = demo_random(random);

	return (visit % 4 ? hot + any % HOT : any) % PAGES;
}

static void correct(uint32_t *array, uint32_t corrections[PAGES])
{
	uint32_t random = SEED;

	for (int visit = 0; visit < VISITS; visit++) {
		size_t page = choose(visit, &random);

		for (int i = 0; i < PACK_WORDS; i++)
			array[page * PACK_WORDS + i]++;
		corrections[page]++;
	}
}

static uint32_t count_wrong(const uint32_t *array, const uint32_t corrections[PAGES])
{
	uint32_t random = SEED, value = 0, wrong = 0;

	for (size_t i = 0; i < PAGES * PACK_WORDS; i++) {
		value = next_value(value, &random);
		wrong += array[i] != value + corrections[i / PACK_WORDS];
	}
	return wrong;
}

static void work_on(struct work *work, uint32_t *array)
{
	work->before = pages_count(array, PAGES);
	work->rss_before = proc_number("/proc/self/status", "VmRSS");
	work->milliseconds = -demo_milliseconds();
	fill(array);
	correct(array, work->corrections);
	work->wrong = count_wrong(array, work->corrections);
	work->milliseconds += demo_milliseconds();
	work->after = pages_count(array, PAGES);
	work->rss_after = proc_number("/proc/self/status", "VmRSS");
}

static void page_by_itself(void *argument)
{
	struct work *work = argument;
	uint32_t *array = pager_start(PAGES, FRAMES);

	if (!array)
		return;
	work_on(work, array);
	work->pager = pager_counts;
}

/* It may use so many frames more than it has now. */
static void page_by_kernel(void *argument)
{
	struct work *work = argument;
	uint32_t *array = pages_map(PAGES, MAP_PRIVATE);

	if (!array)
		return;
	pages_limit(FRAMES + proc_number("/proc/self/status", "VmRSS") / (PAGE / 1024));
	work_on(work, array);
}

/* --- what was seen ---------------------------------------------------------------------------- */

static void show_pager(const struct work *work)
{
	const struct pager_counts *pager = &work->pager;
	long long packed = (pager->bytes + work->after.ram * PAGE) / 1024;

	table_row("faults that the program served", "プログラムが応じたフォルト", 0, pager->served);
	table_row("pages that it packed", "圧縮したページ", 0, pager->packed);
	table_row("pages that it unpacked", "戻したページ", 0, pager->unpacked);
	table_row("pages it only opened: a second chance", "開くだけで済んだページ（セカンドチャンス）", 0,
		  pager->reopened);
	table_row("frames of the array's 512 pages (pagemap)", "配列 512 ページのフレーム (pagemap)", work->before.ram,
		  work->after.ram);
	table_row("KiB of the array: plain, then packed", "配列の KiB。圧縮前、圧縮後", PAGES * (PAGE / 1024), packed);
	table_row("KiB in memory of the program (VmRSS)", "メモリにあるプログラムの KiB (VmRSS)", work->rss_before,
		  work->rss_after);
	table_print();
	expect(packed < PAGES * (PAGE / 1024) / 2, "the array still takes %lld KiB", "配列はまだ %lld KiB を占める",
	       packed);
}

static void expect_pager(const struct work *work)
{
	const struct pager_counts *pager = &work->pager;

	expect(pager->served >= PAGES, "the program served %lu faults", "プログラムが応じたフォルトは %lu",
	       (unsigned long)pager->served);
	expect(pager->lost == 0, "%lu pages could not be packed", "%lu ページを圧縮できない", (unsigned long)pager->lost);
	/* Each page came once as zeros; what does not stay is packed, and what is packed was not lost on its way. */
	expect(pager->served == PAGES + pager->unpacked + pager->reopened, "%lu faults, but %lu pages unpacked",
	       "フォルトは %lu、戻したページは %lu", (unsigned long)pager->served, (unsigned long)pager->unpacked);
	expect(pager->packed == PAGES + pager->unpacked - FRAMES, "%lu pages packed, %lu unpacked",
	       "圧縮したのは %lu ページ、戻したのは %lu", (unsigned long)pager->packed, (unsigned long)pager->unpacked);
	expect(work->after.ram == PROC_ABSENT || work->after.ram == FRAMES, "%lld pages of the array are in memory",
	       "配列の %lld ページがメモリにある", work->after.ram);
	expect(work->wrong == 0, "%lu words are wrong", "%lu 語が違う", (unsigned long)work->wrong);
	expect_rise_of_at_least("fault_refused", pager->served);
	expect(work->after.swap <= 0, "%lld pages of the array are in swap", "配列の %lld ページがスワップにある",
	       work->after.swap);
}

static void clear(struct work *work)
{
	*work = (struct work){ .wrong = PAGES * PACK_WORDS };
}

static bool by_itself(struct work *work)
{
	static const char *const counters[] = { "fault_refused", "pswpout", "pswpin", NULL };
	int status;

	clear(work);
	table_begin(counters);
	status = demo_in_child(page_by_itself, work);
	table_end();
	expect(status == 0, "the program ended with status %d", "プログラムは状態 %d で終わった", status);
	show_pager(work);
	expect_pager(work);
	return status == 0;
}

static void by_kernel(struct work *work)
{
	static const char *const counters[] = { "pswpout", "pswpin", NULL };
	uint32_t unpacked = work->pager.unpacked;
	long alone = work->milliseconds;

	clear(work);
	table_begin(counters);
	expect(demo_in_child(page_by_kernel, work) == 0, "the task failed", "タスクが失敗");
	table_end();
	table_print();
	expect(work->wrong == 0, "%lu words are wrong", "%lu 語が違う", (unsigned long)work->wrong);
	expect_rise_of_at_least("pswpout", PAGES - FRAMES);
	expect_rise_of_at_least("pswpin", PAGES - FRAMES);
	say("The program unpacked %lu pages and needed no disk; the kernel moved %lld to the disk and back. "
	    "Here that took %ld ms and %ld ms.",
	    "プログラムは %lu ページを戻し、ディスクは使いませんでした。カーネルがディスクとやり取りしたのは %lld ページで"
	    "す。ここでは %ld ms と %ld ms かかりました。",
	    (unsigned long)unpacked, table_change("pswpout") + table_change("pswpin"), alone, work->milliseconds);
}

static void run(void)
{
	struct work *work = pages_map(1, MAP_SHARED);

	if (!work)
		return;
	if (by_itself(work) && pages_limit_works() && pages_memory("SwapFree") >= 2 * PAGES) {
		say("The same work in a task without a pager, held to as many frames (RLIMIT_RSS):",
		    "同じ仕事を、ページャなしで、同じ数のフレームに限ったタスクで（RLIMIT_RSS）:");
		by_kernel(work);
	} else {
		say("There is no swap area here, or no limit on frames, to compare with what the kernel does.",
		    "ここにはスワップ領域かフレームの上限がないので、カーネルとは比べられません。");
	}
	munmap(work, PAGE);
}

const struct demo demo_userpager = {
	.name = "userpager",
	.title = { "a program pages for itself and packs what it does not use",
		   "自分でページングするプログラム。圧縮しておき、フォルトで戻す" },
	.question = {
		"A program works on 512 pages of measured numbers, but may use 16 frames for them. Can it do "
		"so by itself, without a disk, and without a change of the code that uses them?",
		"あるプログラムが 512 ページの測定値を扱いますが、使えるフレームは 16 です。ディスクなしで、仕事の部分が何も知ら"
		"ないまま、自力でできるでしょうか。",
	},
	.done = {
		"All pages are closed (PROT_NONE). When one is touched the handler of SIGSEGV opens that "
		"page and unpacks it; to make room, the page that the clock chooses is packed and its frame "
		"given back. The program fills the array, corrects pages here and there, and checks every "
		"word.",
		"全ページを閉じておきます（PROT_NONE）。触れると SIGSEGV のハンドラがそのページを開いて中身を戻します。そのため"
		"に、クロックで見ていちばん長く使われていないページを圧縮し、フレームを返します。プログラムは配列を埋め、あちこちの"
		"ページを補正し、すべての語を確かめます。",
	},
	.why = {
		"The kernel reports a forbidden access to the program and lets it try again, so protection "
		"gives a program page faults that it can serve; and the program knows more than the kernel: "
		"its numbers differ little, and pack well.",
		"カーネルは禁じられたアクセスをプログラムに知らせ、もう一度試させます。ですから保護は、プログラムが応じられるペー"
		"ジフォルトになります。しかもプログラムはカーネルより多くを知っています。隣り合う数はほとんど違わず、よく圧縮でき"
		"ることを。",
	},
	.explain = {
		"Three calls are enough: a signal handler that learns the address, mprotect, and madvise to "
		"give a frame back. Appel and Li showed in 1991 what else they are good for: collectors that "
		"run beside the program, checkpoints, shared memory across machines, debuggers that watch a "
		"variable. Each needs the same steps: close pages, catch the access, do something, open the "
		"page. What the processor's accessed bit tells the kernel's clock, a closed page tells the "
		"program's: if it is touched again it was in use. The price is several trips through the "
		"kernel for each fault. Kernels have adopted the other half of the idea: zram and zswap "
		"compress pages before they use a disk. In the library: a reader who keeps his own books in "
		"shorthand needs neither the basement nor the librarian's patience.",
		"道具は 3 つで足ります。アドレスを知らされるシグナルハンドラ、mprotect、フレームを返す madvise です。Appel と Li は "
		"1991 年に、これがほかにも役立つことを示しました。並行して動くごみ集め、チェックポイント、マシンをまたぐ共有メモ"
		"リ、変数を見張るデバッガ。どれも同じです。ページを閉じ、アクセスを捕らえ、何かをし、ページを開く。プロセッサの"
		"アクセスビットがカーネルのクロックに教えることを、閉じたページがプログラムのクロックに教えます。また触れられたな"
		"ら、使われていたのです。代償は、フォルトごとにカーネルを何度も通ることです。カーネルのほうも学びました。zram や "
		"zswap は、ディスクを煩わせる前にページを圧縮します。図書館でいえば、自分の本を速記で持つ読者には、地下の書庫も司書"
		"の手間も必要ないのです。",
	},
	.run = run,
};
