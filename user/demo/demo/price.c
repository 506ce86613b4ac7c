/*
 * price.c - the price of memory: what an access costs when its translation is in the TLB, when it is not, and when the page must
 * be made, copied or read from the disk first; and the effective access time of a program that faults now and then.
 *
 * Times are those of this machine, real or emulated, and are shown, not judged: the verdict rests on the number of faults of each
 * kind. Each price is the least of several rounds, since a longer one includes interrupts or other tasks; that of a page in swap
 * and the run are medians, since a disk's times differ. In QEMU's virtual time (-icount) an access costs an instruction whether
 * the TLB has its translation or not.
 *
 * Source of the formula: Silberschatz, Galvin, Gagne, Operating System Concepts, "Performance of Demand Paging".
 */
#include "demo.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

enum {
	PAGES = 256, ROUNDS = 5, LOADS = 100000,
	FRAMES = PAGES / 2,	/* for the pages that are read from swap */
	HOT = PAGES / 8,	/* pages that the run uses most */
	RARELY = 1000,		/* one access of the run in so many is to any page */
	RUN = 300000,
};

/* Prices in tenths of a nanosecond. */
struct prices {
	uint64_t access, flushed, again, minor, copy, major;
	uint64_t run;	/* an access of the run, when no page of it is missing */
};

struct faults {
	long minor, major;
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct faults faults_now(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	return (struct faults){ usage.ru_minflt, usage.ru_majflt };
}

static struct faults faults_since(struct faults before)
{
	struct faults f = faults_now();

	return (struct faults){ f.minor - before.minor, f.major - before.major };
}

static void take_less(uint64_t *price, uint64_t other)
{
	if (!*price || other < *price)
		*price = other ? other : 1;
}

static void take_least(uint64_t *price, uint64_t begin, unsigned n)
{
	take_less(price, (now() - begin) * 10 / n);
}

static uint64_t median(uint64_t *values)
{
	for (int i = 1; i < ROUNDS; i++)
		for (int k = i; k && values[k - 1] > values[k]; k--) {
			uint64_t larger = values[k - 1];

			values[k - 1] = values[k];
			values[k] = larger;
		}
	return values[ROUNDS / 2];
}

static void load_each(const volatile char *pages)
{
	for (int i = 0; i < PAGES; i++)
		(void)pages[i * PAGE];
}

static void store_each(volatile char *pages)
{
	for (int i = 0; i < PAGES; i++)
		pages[i * PAGE] = i;
}

/* --- the prices ------------------------------------------------------------------------------- */

static void price_access(struct prices *p, const volatile char *pages)
{
	uint64_t begin = now();

	for (int i = 0; i < LOADS; i++)
		(void)pages[i % PAGE];
	take_least(&p->access, begin, LOADS);
}

/* The kernel flushes the TLB when many pages are unmapped at once. A pass right after that has a miss for each page. */
static void price_miss(struct prices *p, const volatile char *pages)
{
	uint64_t begin;
	char *other = pages_map(PAGES, MAP_PRIVATE);

	if (!other)
		return;
	store_each(other);
	load_each(pages);
	munmap(other, PAGES * PAGE);
	begin = now();
	load_each(pages);
	take_least(&p->flushed, begin, PAGES);
	begin = now();
	load_each(pages);
	take_least(&p->again, begin, PAGES);
}

/* First touches. => the faults that they took */
static long price_minor(struct prices *p, volatile char *pages)
{
	struct faults before = faults_now();
	uint64_t begin = now();

	store_each(pages);
	take_least(&p->minor, begin, PAGES);
	return faults_since(before).minor;
}

static void wait_for_parent(void *unused)
{
	(void)unused;
	while (demo_wanted())
		demo_rest(20);
}

/* A child shares the pages, and has not ended yet. => the faults of the parent's stores */
static long price_copy(struct prices *p, volatile char *pages)
{
	pid_t child = demo_start(wait_for_parent, NULL);
	struct faults before = faults_now();
	uint64_t begin = now();

	store_each(pages);
	take_least(&p->copy, begin, PAGES);
	before = faults_since(before);
	expect(child > 0, "no child", "子タスクが作れない");
	demo_kill_all(&child, 1);
	return before.minor;
}

/* --- swap and the run ------------------------------------------------------------------------- */

static void load_at_random(const volatile char *pages, uint32_t seed)
{
	for (int i = 0; i < ROUNDS * PAGES; i++)
		(void)pages[demo_random(&seed) % PAGES * PAGE];
}

/* Half of the pages are in swap; pages are read in random order. => the faults that read swap, and the price of one in *PRICE */
static long price_major(uint64_t *price, const volatile char *pages, uint32_t seed)
{
	struct faults before = faults_now();
	uint64_t begin = now();
	long major;

	load_at_random(pages, seed);
	begin = now() - begin;
	major = faults_since(before).major;
	*price = major ? begin * 10 / major : 0;
	return major;
}

struct run {
	struct faults faults;
	uint64_t took;	/* for an access, in tenths of a nanosecond */
};

/* Nearly all accesses are to few pages, as in most programs. */
static struct run run_program(const volatile char *pages)
{
	struct faults before = faults_now();
	uint32_t random = 2;
	uint64_t begin = now();
	struct run run = { .took = 0 };

	for (int i = 0; i < RUN; i++) {
		uint32_t page = i % RARELY ? (uint32_t)i % HOT : demo_random(&random) % PAGES;

		(void)pages[page * PAGE];
	}
	take_least(&run.took, begin, RUN);
	run.faults = faults_since(before);
	return run;
}

/* A program that faults M times in N accesses: (1 - p) * access + p * fault, with p = M / N for each kind of fault. */
static uint64_t effective(const struct prices *p, const struct run *run)
{
	uint64_t without = RUN - run->faults.minor - run->faults.major;

	return (without * p->run + run->faults.minor * p->minor + run->faults.major * p->major) / RUN;
}

/* --- what was seen ---------------------------------------------------------------------------- */

static void show_price(const char *en, const char *ja, uint64_t tenths, const struct prices *p)
{
	printf("  ");
	show_padded(show_japanese ? ja : en, 42);
	if (tenths)
		printf("%14llu.%u%14llu\n", (unsigned long long)(tenths / 10), (unsigned)(tenths % 10),
		       (unsigned long long)(tenths / p->access));
	else
		printf("%16s%14s\n", "-", "-");
}

static void show_prices(const struct prices *p)
{
	printf("  ");
	show_padded(show_japanese ? "値段（このマシンで）" : "price on this machine", 42);
	printf("%s\n", show_japanese ? "          ナノ秒  = アクセス数" : "     nanoseconds    = accesses");
	show_price("an access, its translation in the TLB", "アクセス（変換が TLB にある）", p->access, p);
	show_price("more for a TLB miss", "TLB ミスで増える分",
		   p->flushed > p->again ? p->flushed - p->again : 0, p);
	show_price("a minor fault: a new page of zeros", "マイナーフォルト（ゼロの新しいページ）", p->minor, p);
	show_price("a copy-on-write", "コピーオンライト", p->copy, p);
	show_price("a major fault: a page read from swap", "メジャーフォルト（スワップから読む）", p->major, p);
	putchar('\n');
}

/* Times of a disk and of a busy host differ: a third is nothing. */
static bool is_disturbed(uint64_t expected, uint64_t measured)
{
	return measured > expected + expected / 3 || expected > measured + measured / 3;
}

static void show_run(const struct prices *p, const struct run *run)
{
	uint64_t eat = effective(p, run);
	long faults = run->faults.minor + run->faults.major;

	say("The run: without faults, a turn of its loop, which chooses a page and accesses it, takes %llu.%u ns. One access in "
	    "%ld faulted. With the formula a turn takes %llu.%u ns, measured %llu.%u ns.",
	    "フォルトがなければ、ページを選んでアクセスするループ 1 回は %llu.%u ns です。実行では %ld 回に 1 回のアクセスが"
	    "フォルトしました。ループ 1 回は式から %llu.%u ns、実測 %llu.%u ns です。",
	    (unsigned long long)(p->run / 10), (unsigned)(p->run % 10), RUN / (faults ? faults : 1), (unsigned long long)(eat / 10),
	    (unsigned)(eat % 10), (unsigned long long)(run->took / 10), (unsigned)(run->took % 10));
	if (is_disturbed(eat, run->took))
		say("They are far apart: something else ran meanwhile, or the disk was slower or faster than before. Run it again.",
		    "差が大きいのは、途中でほかの処理が動いたか、ディスクの速さが変わったためです。もう一度実行してください。");
	if (p->major)
		say("A turn takes twice as long already when one access in %llu needs the disk.",
		    "%llu 回に 1 回のアクセスがディスクを必要とするだけで、2 倍の時間がかかります。", (unsigned long long)(p->major / p->run));
}

/* A few other pages of the task may fault too, or an entry may have been taken back. */
static void expect_faults(long faults, const char *en, const char *ja)
{
	table_row(en, ja, 0, faults);
	expect(faults >= PAGES && faults < PAGES + PAGES / 8, "%s: %ld faults for %d pages", "%s: フォルト %ld、ページ %d",
	       show_japanese ? ja : en, faults, PAGES);
}

/* Only a limit makes pages leave while other memory is free. => can half of them be in swap? */
static bool limit_frames(void)
{
	if (!pages_limit_works() || pages_memory("SwapFree") < PAGES)
		return false;
	pages_limit(FRAMES + proc_number("/proc/self/status", "VmRSS") / (PAGE / 1024));
	return true;
}

static void price_in_memory(struct prices *p)
{
	long minor = 0, copies = 0;

	for (int i = 0; i < ROUNDS; i++) {
		char *pages = pages_map(PAGES, MAP_PRIVATE);

		if (!pages)
			return;
		minor = price_minor(p, pages);
		price_access(p, pages);
		price_miss(p, pages);
		take_less(&p->run, run_program(pages).took);
		copies = price_copy(p, pages);
		munmap(pages, PAGES * PAGE);
	}
	expect_faults(minor, "256 first touches: faults (ru_minflt)", "256 ページに初めて触れる (ru_minflt)");
	expect_faults(copies, "256 stores after fork: faults (ru_minflt)", "fork 後の書き込み 256 回 (ru_minflt)");
}

/* By turns, so that both meet the same host. The first time pages leave, they are written; that round does not count. */
static long major_and_run(struct prices *p, struct run *program, const volatile char *pages)
{
	uint64_t prices[ROUNDS], took[ROUNDS];
	long major = 0;

	load_at_random(pages, 1);
	for (int i = 0; i < ROUNDS; i++) {
		major = price_major(&prices[i], pages, 3 + i);
		*program = run_program(pages);
		took[i] = program->took;
	}
	p->major = median(prices);
	program->took = median(took);
	return major;
}

/* Without swap or a limit only minor faults have a price, and the run has none. */
static void price_swap(struct prices *p, struct run *program)
{
	char *pages = pages_map(PAGES, MAP_PRIVATE);
	bool swaps = limit_frames();
	long major = 0;

	if (!pages)
		return;
	store_each(pages);
	if (swaps)
		major = major_and_run(p, program, pages);
	else
		*program = run_program(pages);
	pages_limit(0);
	munmap(pages, PAGES * PAGE);
	table_row("1280 reads, half the pages in swap (majflt)", "読み 1280 回、半分はスワップ (majflt)", 0, major);
	table_row("the run: accesses", "実行: アクセス", 0, RUN);
	table_row("the run: minor faults (ru_minflt)", "実行: マイナーフォルト (ru_minflt)", 0, program->faults.minor);
	table_row("the run: major faults (ru_majflt)", "実行: メジャーフォルト (ru_majflt)", 0, program->faults.major);
	expect(!swaps || (major >= PAGES / 2 && program->faults.major > 0), "no fault read swap", "スワップを読むフォルトがない");
	expect(program->faults.minor + program->faults.major < RUN / 100, "the run faulted %ld times", "実行のフォルトは %ld 回",
	       program->faults.minor + program->faults.major);
}

static void run(void)
{
	static const char *const none[] = { NULL };
	struct run program = { .took = 0 };
	struct prices p = { .access = 0 };

	table_begin(none);
	price_in_memory(&p);
	price_swap(&p, &program);
	if (!p.access)
		return;
	table_print();
	show_prices(&p);
	show_run(&p, &program);
}

const struct demo demo_price = {
	.name = "price",
	.title = { "what memory costs: from an access to a major fault", "メモリの値段: アクセスからメジャーフォルトまで" },
	.question = {
		"A program makes 300000 accesses. Nearly all are to 32 pages; one in a thousand is to any of 256 pages, half of "
		"which are in swap. How much slower is it than if every page were in memory?",
		"プログラムが 300000 回アクセスします。ほとんどは 32 ページへのアクセスで、1000 回に 1 回は 256 ページのどれかへの"
		"アクセスです。その半分はスワップにあります。すべてがメモリにあるときより、どれだけ遅いでしょうか。",
	},
	.done = {
		"Each kind of access is timed alone: with its translation in the TLB, after a flush, the first touch, a store "
		"after fork, a page in swap. Then the program runs; its faults are counted.",
		"アクセスを種類ごとに測ります。変換が TLB にあるもの、フラッシュの後、初めて触れるもの、fork の後の書き込み、"
		"スワップにあるページ。次にプログラムを走らせ、フォルトを数えます。",
	},
	.why = {
		"Effective access time = (1 - p) * access + p * fault: a fault costs so many accesses that even a rare "
		"one decides.",
		"実効アクセス時間 = (1 - p) × アクセス + p × フォルト。フォルトはアクセスの何千倍もするので、まれでも全体を決めます。",
	},
	.explain = {
		"On a real processor an access takes about a nanosecond if cache and TLB hold what it needs; a TLB miss adds "
		"the walk of two tables by the hardware, some tens of accesses; a minor fault thousands, most of them to clear "
		"or copy the page; a major fault waits for a disk: a hundred microseconds on flash, ten milliseconds on a disk "
		"that turns. QEMU without KVM is another machine: an access and a TLB miss are host code, a miss a walk in "
		"software, and a disk is a file in the host's memory, so the disk is cheap here and the ratio too kind. In "
		"virtual time (-icount) every instruction takes a nanosecond and a TLB miss nothing. The formula holds on all "
		"of them; only the prices differ. In the library: a book on the desk, one whose shelf must be looked up, and "
		"one from the basement.",
		"本物のプロセッサでは、キャッシュと TLB が当たればアクセスは 1 ナノ秒ほどです。TLB ミスではハードウェアが 2 段の"
		"テーブルをたどり、アクセス数十回分かかります。マイナーフォルトは数千回分で、多くはページをゼロにするかコピーする時間で"
		"す。メジャーフォルトはディスクを待ちます。フラッシュで 100 マイクロ秒、回転するディスクで 10 ミリ秒です。KVM なしの "
		"QEMU は別のマシンです。アクセスも TLB ミスもホストのコードで、ミスはソフトウェアで表をたどり、ディスクはホストのメモリ"
		"にあるファイルなので安く、比は実際より小さくなります。仮想時間 (-icount) では命令はどれも 1 ナノ秒で、TLB ミスはただで"
		"す。式はどこでも成り立ち、違うのは値段だけです。図書館でいえば、机の上の本、棚を調べる本、地下の本です。",
	},
	.run = run,
};
