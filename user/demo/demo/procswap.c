/*
 * demo_procswap - a whole task goes to the disk and comes back.
 *
 * The order is given as by /bin/procswap, by writing a word to /proc/PID/procswap; the task's pagemap shows where its pages
 * are, and reading /proc/PID/procswap shows the cost.
 */
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGES = 320, WORDS_PER_PAGE = PAGE / sizeof(uint32_t), LARGEST_REQUEST = 32 };

struct worker {
	volatile uint32_t rounds;	/* how often it has checked all its words */
	volatile bool end;
	volatile uint32_t wrong;
};

static struct worker *worker;
static uint32_t *memory;	/* the child's; at the same address here, but never touched */
static char path[32];

static uint32_t word_at(size_t i)
{
	return (i ^ 0x5bd1e995) * 2654435761u;
}

static void work(void *unused)
{
	(void)unused;
	for (size_t i = 0; i < PAGES * WORDS_PER_PAGE; i++)
		memory[i] = word_at(i);
	while (!worker->end && demo_wanted()) {
		for (size_t i = 0; i < PAGES * WORDS_PER_PAGE; i++)
			worker->wrong += memory[i] != word_at(i);
		worker->rounds++;
	}
}

static bool order(const char *word)
{
	bool done = proc_write(path, word);

	expect(done, "the order \"%s\" was refused", "命令 %s が拒否された", word);
	return done;
}

static long long figure(const char *key)
{
	return proc_number(path, key);
}

/* Waits until the task has checked all its words once more. */
static void wait_for_round(pid_t task)
{
	for (uint32_t seen = worker->rounds; worker->rounds == seen && !worker->wrong && demo_runs(task); )
		demo_rest(5);
}

/* => the size of its page tables, in KiB */
static long long tables_of(pid_t task)
{
	char status[32];

	snprintf(status, sizeof(status), "/proc/%d/status", task);
	return proc_number(status, "VmPTE");
}

struct moment {
	struct pages_count pages;
	long long tables, rounds;
};

static struct moment look(pid_t task)
{
	return (struct moment){ pages_count_of(task, memory, PAGES), tables_of(task), worker->rounds };
}

static void show(const struct moment *before, const struct moment *after)
{
	table_row("pages of the task in RAM (pagemap)", "RAM にあるタスクのページ（pagemap）", before->pages.ram,
		  after->pages.ram);
	table_row("pages of the task in swap (pagemap)", "スワップにあるタスクのページ（pagemap）", before->pages.swap,
		  after->pages.swap);
	table_row("page tables of the task (VmPTE)", "タスクのページテーブル（VmPTE）", before->tables, after->tables);
	table_print();
}

static void leave(pid_t task)
{
	static const char *const counters[] = { "procswap_out", "pswpout", "swap_runs", NULL };
	struct moment before = look(task), after, later;

	table_begin(counters);
	if (!order("out"))
		return;
	table_end();
	after = look(task);
	show(&before, &after);
	demo_rest(50);
	later = look(task);
	say("Out: %lld pages in %lld requests, %lld us; %lld frames were given back. While it is out it has done "
	    "%lld rounds of its work.",
	    "スワップアウト: %lld ページを %lld 回の要求で %lld マイクロ秒。%lld フレームを返した。その間に進んだ仕事は %lld 周。",
	    figure("out_moved"), figure("out_runs"), figure("out_us"), figure("out_frames"), later.rounds - after.rounds);
	expect(after.pages.ram == 0 && after.pages.swap == PAGES, "%lld pages are still in RAM",
	       "%lld ページがまだ RAM にある", after.pages.ram);
	expect(after.tables == 0, "it still has %lld page tables", "ページテーブルがまだ %lld ある", after.tables);
	expect(later.rounds == after.rounds, "it went on working", "動き続けた");
	expect_rise("procswap_out", 1);
	/* A request ends where the area does, and where a slot is in use. */
	expect(figure("out_runs") <= 4 + figure("out_moved") / LARGEST_REQUEST, "it took %lld requests",
	       "%lld 回も要求した", figure("out_runs"));
	expect(figure("out_frames") >= PAGES, "only %lld frames were given back", "返したのは %lld フレームだけ",
	       figure("out_frames"));
}

static void come_back(pid_t task)
{
	static const char *const counters[] = { "procswap_in", "pswpin", "swap_in_runs", "pgmajfault", NULL };
	struct moment before = look(task), after;

	table_begin(counters);
	if (!order("in"))
		return;
	after = look(task);
	wait_for_round(task);
	wait_for_round(task);
	table_end();
	table_row("words that came back wrong", "違う値で戻った語", 0, worker->wrong);
	show(&before, &after);
	say("In: %lld pages in %lld requests, %lld us, before it ran again.",
	    "スワップイン: %lld ページを %lld 回の要求で %lld マイクロ秒。動き出す前に。", figure("in_moved"), figure("in_runs"),
	    figure("in_us"));
	expect(worker->wrong == 0, "%lld words are wrong", "%lld 語が違う", (long long)worker->wrong);
	expect(after.pages.ram == PAGES, "only %lld pages came back", "戻ったのは %lld ページだけ", after.pages.ram);
	expect_rise("pswpin", figure("in_moved"));
	expect_rise("pgmajfault", 0);
}

static bool can_be_shown(void)
{
	if (proc_number("/proc/self/procswap", "times") == PROC_ABSENT) {
		verdict_not_run("this kernel does not swap whole processes", "このカーネルはプロセス全体をスワップしない");
		return false;
	}
	if (pages_memory("SwapFree") < 2 * PAGES) {
		verdict_not_run("no swap area, so there is nowhere to put the task",
				"スワップ領域がないので、タスクの置き場がない");
		return false;
	}
	return true;
}

static void run(void)
{
	pid_t task;

	if (!can_be_shown())
		return;
	worker = pages_map(1, MAP_SHARED);
	memory = pages_map(PAGES, MAP_PRIVATE);
	if (!worker || !memory)
		return;
	task = demo_start(work, NULL);
	snprintf(path, sizeof(path), "/proc/%d/procswap", task);
	wait_for_round(task);
	expect(demo_runs(task), "the task has ended", "タスクが終わってしまった");
	leave(task);
	come_back(task);
	worker->end = true;
	expect(demo_wait(task) == 0, "the task failed", "タスクが失敗");
	munmap(memory, PAGES * PAGE);
	munmap(worker, PAGE);
}

const struct demo demo_procswap = {
	.name = "procswap",
	.title = { "paging moves pages, swapping moves whole tasks", "ページングはページを、スワッピングはタスク全体を動かす" },
	.question = {
		"A task computes with 320 pages. Can all of it leave memory, its page tables too, and "
		"continue later as if nothing had happened?",
		"あるタスクが 320 ページを使って計算しています。ページテーブルも含めて丸ごとメモリから出て行き、後で何事もなかっ"
		"たように続けられるでしょうか。",
	},
	.done = {
		"It is ordered out, looked at, and ordered in again; then it checks every word of its memory twice.",
		"スワップアウトを命じ、様子を見て、次にスワップインを命じます。その後タスクはメモリのすべての語を二度確かめます。",
	},
	.why = {
		"Page tables are only a cache of what the kernel knows about a task, so they can be given "
		"back; the pages go side by side to the swap disk, 32 in a request, and exactly those that "
		"it had in memory are read back before it runs, so that it need not fault on each of them.",
		"ページテーブルは、カーネルがタスクについて知っていることのキャッシュにすぎないので返せます。ページは 1 回の要求"
		"に 32 ずつ、スワップディスクに並べて書かれます。動き出す前に、メモリにあったページだけをちょうど読み戻すので、1 "
		"つずつフォルトすることはありません。",
	},
	.explain = {
		"A task is stopped where it holds nothing: on its way back to user mode, or in a sleep that "
		"a signal could end. The kernel writes down which pages it has in memory, takes its page "
		"table apart, and writes the pages. What other tasks use stays, and so do locked pages. "
		"Usually paging is better, since it moves only pages that are not needed. But when the tasks "
		"together need more memory than there is, every page is needed by some task; then it helps "
		"to swap out one task as a whole and let the others work: see demo thrash. In the library: "
		"when too many readers want too many books at once, one of them is asked to come back later, "
		"and all his books go down to the stacks together.",
		"タスクは何も持っていないところで止められます。ユーザモードへ戻る途中か、シグナルで終わるような眠りの中です。カー"
		"ネルは、どのページがメモリにあったかを書き留め、ページテーブルを崩し、ページを書き出します。他のタスクが使うもの"
		"とロックされたページは残ります。誰も必要としないものだけを動かすページングのほうが、ふつうは優れています。しかし全タ"
		"スクの必要がメモリを超えると、どのページも誰かに必要です。そのときは 1 つを丸ごと外に出し、残りを働かせるのが有"
		"効です（demo thrash）。図書館でいえば、読者も本も多すぎるとき、1 人に出直してもらい、その人の本をまとめて地下へ"
		"移すのです。",
	},
	.run = run,
};
