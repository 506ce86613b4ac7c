/*
 * demo_tlb - the processor's cache of translations: when the kernel must invalidate entries, and what that costs.
 *
 * The kernel counts each invalidation of one page (tlb_invlpg) and of the whole TLB (tlb_flush), and each switch to another
 * address space, which flushes the TLB too (space_switches). How long a TLB miss takes is only shown, as a ratio within
 * one run, since it depends on the machine, or the emulator.
 *
 * The kernel counts for all tasks together, and other tasks and the page daemon add to the counts now and then. So the
 * steps are taken several times, until each of them has once changed the counters exactly as expected.
 */
#include "demo.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGES = 100, CALLS = 1000, NAPS = 50, ROUNDS = 100, PASSES = 100, ATTEMPTS = 10 };

static char *memory;
static volatile int refused;

static void store(int page)
{
	*(volatile char *)(memory + page * PAGE) = 1;
}

static void load(int page)
{
	(void)*(volatile char *)(memory + page * PAGE);
}

static bool protect(int pages, int protection)
{
	return mprotect(memory, pages * PAGE, protection) == 0;
}

/* A store to one of our pages was refused: counts it, and permits stores from now on. */
static void permit(int number, siginfo_t *info, void *unused)
{
	int page = ((char *)info->si_addr - memory) / PAGE;

	(void)unused;
	if ((char *)info->si_addr < memory || page >= PAGES ||
	    mprotect(memory + page * PAGE, PAGE, PROT_READ | PROT_WRITE) < 0)
		signal(number, SIG_DFL);
	refused++;
}

/* --- the steps -------------------------------------------------------------------------------- */

static void touch_all(void)
{
	for (int i = 0; i < PAGES; i++)
		store(i);
}

static void close_one(void)
{
	expect(protect(1, PROT_READ), "mprotect failed", "mprotect が失敗");
}

static void close_all(void)
{
	expect(protect(PAGES, PROT_READ), "mprotect failed", "mprotect が失敗");
}

/* The TLB holds them as read-only when the store is executed. */
static void open_all(void)
{
	for (int i = 0; i < PAGES; i++)
		load(i);
	expect(protect(PAGES, PROT_READ | PROT_WRITE), "mprotect failed", "mprotect が失敗");
	touch_all();
}

/* The first and the last page stay, so that no page table is freed. */
static void unmap_one(void)
{
	munmap(memory + PAGE, PAGE);
}

static void unmap_most(void)
{
	munmap(memory + 2 * PAGE, (PAGES - 3) * PAGE);
}

static void call(void)
{
	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
}

static void nap(void)
{
	for (int i = 0; i < NAPS; i++)
		demo_rest(1);
}

static int there[2], back[2];

static void answer(void *unused)
{
	char c;

	(void)unused;
	close(there[1]);
	close(back[0]);
	for (int i = 0; i < ROUNDS; i++)
		if (read(there[0], &c, 1) != 1 || write(back[1], &c, 1) != 1)
			_exit(1);
}

static void talk(void)
{
	pid_t child;
	char c = 'x';

	expect(pipe(there) == 0 && pipe(back) == 0, "no pipe", "パイプが作れない");
	child = demo_start(answer, NULL);
	close(there[0]);
	close(back[1]);
	demo_pipes_may_break(true);
	for (int i = 0; i < ROUNDS; i++)
		if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			break;
	demo_pipes_may_break(false);
	close(there[1]);
	close(back[0]);
	expect(demo_wait(child) == 0, "the child failed", "子タスクが失敗");
}

/* --- what was told ---------------------------------------------------------------------------- */

enum counter { ONE, ALL, SPACES, SWITCHES, FAULTS, COUNTERS };

/* The last is this task's own, from getrusage. */
static const char *const names[COUNTERS] = { "tlb_invlpg", "tlb_flush", "space_switches", "switches", "ru_minflt" };

struct seen {
	long long times[COUNTERS];
};

static struct seen look(void)
{
	struct seen seen;

	for (int i = 0; i < FAULTS; i++)
		seen.times[i] = proc_number("/proc/vmstat", names[i]);
	seen.times[FAULTS] = pages_faults();
	return seen;
}

enum { ANY = 1 << 30 };

static const struct step {
	void (*take)(void);
	struct words label;
	enum counter shown;
	bool closes;			/* the first page, which is stored to afterwards */
	int least[COUNTERS], most[COUNTERS];
} steps[] = {
	{ touch_all, { "100 pages touched first (tlb_invlpg)", "100 ページに初めて触れる (tlb_invlpg)" },
	  ONE, false, { 0, 0, 0, 0, PAGES }, { 0, 0, ANY, ANY, ANY } },
	{ close_one, { "1 page made read-only (tlb_flush)", "1 ページを読み出し専用に (tlb_flush)" },
	  ALL, true, { 0, 1, 0, 0, 0 }, { 0, 1, ANY, ANY, ANY } },
	{ close_all, { "100 pages made read-only (tlb_flush)", "100 ページを読み出し専用に (tlb_flush)" },
	  ALL, true, { 0, 1, 0, 0, 0 }, { 0, 1, ANY, ANY, ANY } },
	{ open_all, { "100 made writable, stored to (tlb_invlpg)", "100 ページを許可して書く (tlb_invlpg)" },
	  ONE, false, { 0, 0, 0, 0, PAGES - 1 }, { 0, 0, ANY, ANY, ANY } },
	{ unmap_one, { "1 page unmapped (tlb_invlpg)", "1 ページをアンマップ (tlb_invlpg)" },
	  ONE, false, { 1, 0, 0, 0, 0 }, { 1, 0, ANY, ANY, ANY } },
	{ unmap_most, { "97 pages unmapped (tlb_flush)", "97 ページをアンマップ (tlb_flush)" },
	  ALL, false, { 33, 1, 0, 0, 0 }, { 33, 1, ANY, ANY, ANY } },
	{ call, { "1000 system calls (space_switches)", "システムコール 1000 回 (space_switches)" },
	  SPACES, false, { 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, ANY } },
	{ nap, { "50 naps of this task (space_switches)", "このタスクの休み 50 回 (space_switches)" },
	  SPACES, false, { 0, 0, 0, NAPS, 0 }, { ANY, ANY, 0, ANY, ANY } },
	{ talk, { "100 questions to a task (space_switches)", "100 回の問い合わせ (space_switches)" },
	  SPACES, false, { 0, 0, 2 * ROUNDS, 2 * ROUNDS, 0 }, { ANY, ANY, ANY, ANY, ANY } },
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static struct taken {
	struct seen before, after;
	bool as_expected;
} taken[STEPS];

/* => the first counter whose change is not as expected; COUNTERS: all are as expected, or there are no such counters */
static int unexpected(const struct step *step, const struct taken *t)
{
	int i = 0;

	if (t->before.times[SPACES] == PROC_ABSENT)
		return COUNTERS;
	while (i < COUNTERS && t->after.times[i] - t->before.times[i] >= step->least[i] &&
	       t->after.times[i] - t->before.times[i] <= step->most[i])
		i++;
	return i;
}

static void take(const struct step *step, struct taken *result)
{
	struct taken now = { .before = look() };

	step->take();
	now.after = look();
	now.as_expected = unexpected(step, &now) == COUNTERS;
	if (!result->as_expected)
		*result = now;
	/* The entry in the TLB would permit it. */
	if (step->closes)
		store(0);
}

/* Runs all steps. => has each been as expected, now or in an earlier attempt? */
static bool attempt(void)
{
	bool all = true;

	memory = pages_map(PAGES, MAP_PRIVATE);
	if (!memory)
		return true;
	refused = 0;
	for (int i = 0; i < STEPS; i++) {
		take(&steps[i], &taken[i]);
		all &= taken[i].as_expected;
	}
	munmap(memory, PAGES * PAGE);
	return all;
}

static void show(const struct step *step, const struct taken *t)
{
	int wrong = unexpected(step, t);

	table_row(step->label.en, step->label.ja, t->before.times[step->shown], t->after.times[step->shown]);
	if (wrong < COUNTERS)
		expect(false, "%s: %s changed by %lld, not by %d", "%s: %s の変化は %lld、予想は %d", show_words(step->label),
		       names[wrong], t->after.times[wrong] - t->before.times[wrong], step->least[wrong]);
}

/* --- what forgetting costs -------------------------------------------------------------------- */

/* Makes the kernel flush the TLB: many pages are unmapped at once. */
static void forget(void)
{
	char *other = pages_map(PAGES, MAP_PRIVATE);

	if (!other)
		return;
	for (int i = 0; i < PAGES; i++)
		*(volatile char *)(other + i * PAGE) = 1;
	munmap(other, PAGES * PAGE);
}

/* The pages are read once; *best is the shortest time so far, since a longer one includes an interrupt. */
static void pass(const volatile char *pages, uint32_t *best)
{
	uint64_t start = __builtin_ia32_rdtsc();
	uint32_t time;

	for (int i = 0; i < PAGES; i++)
		(void)pages[i * PAGE];
	time = __builtin_ia32_rdtsc() - start;
	if (time < *best)
		*best = time;
}

static void show_cost(void)
{
	char *pages = pages_map(PAGES, MAP_PRIVATE);
	uint32_t first = UINT32_MAX, again = UINT32_MAX;

	if (!pages)
		return;
	for (int i = 0; i < PAGES; i++)
		pages[i * PAGE] = 1;
	for (int i = 0; i < PASSES; i++) {
		forget();
		pass(pages, &first);
		pass(pages, &again);
	}
	again += !again;
	say("On this machine, real or emulated, a byte of each of 100 pages took %lu.%lu times as long to read just "
	    "after a flush as a moment later.",
	    "本物であれエミュレータであれこのマシンでは、100 ページから 1 バイトずつ読む時間は、フラッシュの直後には、"
	    "そのすぐ後の %lu.%lu 倍でした。",
	    (unsigned long)(first / again), (unsigned long)(first % again * 10 / again));
	munmap(pages, PAGES * PAGE);
}

static void run(void)
{
	struct sigaction action = { .sa_sigaction = permit, .sa_flags = SA_SIGINFO }, old;
	static const char *const none[] = { NULL };

	memset(taken, 0, sizeof(taken));
	sigaction(SIGSEGV, &action, &old);
	look();
	for (int i = 0; i < ATTEMPTS && !attempt(); i++)
		;
	sigaction(SIGSEGV, &old, NULL);
	table_begin(none);
	for (int i = 0; i < STEPS; i++)
		show(&steps[i], &taken[i]);
	table_row("stores refused, of 2 to read-only pages", "断られた書き込み（読み出し専用に 2 回）", 0, refused);
	table_print();
	expect(refused == 2, "%d of 2 stores to read-only pages were refused",
	       "読み出し専用ページへの書き込み 2 回のうち断られたのは %d", refused);
	show_cost();
}

const struct demo demo_tlb = {
	.name = "tlb",
	.title = { "the TLB: what the processor remembers, and when it must forget",
		   "TLB: プロセッサが覚えていること、忘れさせるとき" },
	.question = {
		"The processor remembers translations in its TLB and does not look at the page table again. "
		"Which changes must the kernel report to it, and how often for 100 pages?",
		"プロセッサはアドレスの変換を TLB に覚え、ページテーブルを見直しません。カーネルはどんな変更を知らせなければな"
		"らないでしょうか。100 ページなら何回でしょうか。",
	},
	.done = {
		"100 pages are touched, made read-only, writable again, and unmapped. Two stores to pages that were "
		"made read-only are tried. Then system calls, naps, and questions to another task: each may or may not "
		"load another page directory (CR3), which makes the TLB forget all but the kernel's pages.",
		"100 ページに触れ、読み出し専用にし、また書けるようにし、アンマップします。読み出し専用にしたページへの書き込みを "
		"2 回試します。次にシステムコール、休み、他のタスクへの問い合わせ。他のページディレクトリ（CR3）が読み込まれれば、"
		"TLB はカーネルのページ以外をすべて忘れます。",
	},
	.why = {
		"The TLB must forget what it may hold and is no longer true: a permission taken away, a page "
		"unmapped. A new page was never in it, and a new permission is found by the page fault, "
		"after which the processor looks again.",
		"知らせるのは、TLB が覚えているかもしれず、もう正しくないことです。取り上げた許可、なくなったページ。新しいページ"
		"を覚えているはずはなく、新しい許可はページフォルトのときに見直されて見つかります。",
	},
	.explain = {
		"A translation takes two more accesses to memory here, four on 64-bit processors; the TLB "
		"saves nearly all of them, as long as what a program uses lies in few pages. Nothing keeps "
		"it equal to the page table but the kernel: invlpg makes it forget one page, a load of CR3 "
		"all of the user's. Forgetting all is one instruction, but each page that is used again must "
		"be looked up, so when pages are unmapped the kernel invalidates up to 33 one by one, and "
		"more than that all at once. Another task has other translations at the same addresses; so a "
		"switch to it loads CR3. The kernel is at the same place in every space and its pages are "
		"marked global: a system call, an interrupt, a kernel thread or another thread of the same "
		"space loses nothing. With several processors the others must be interrupted to forget, a "
		"shootdown; there is one here. In the library: a reader who remembers where a book stood "
		"goes straight there; the librarian must tell him when a book is moved, but not when one is "
		"added.",
		"変換には、ここではメモリアクセスが 2 回、64 ビットのプロセッサでは 4 回余分に必要です。プログラムの使うものが少"
		"ないページに収まる限り、TLB はそのほとんどを省きます。ページテーブルと食い違わないようにするのはカーネルの役目で"
		"す。invlpg は 1 ページを、CR3 の読み込みはユーザの全ページを忘れさせます。全部忘れさせるのは 1 命令ですが、また"
		"使うページは引き直しになるので、ページがなくなるときカーネルは 33 ページまでは 1 つずつ、残りは一度に知らせます。他のタスク"
		"では同じアドレスの変換が違うので、切り替えは CR3 を読み込みます。カーネルはどの空間でも同じ場所にあり、そのページには"
		"グローバルの印があるので、システムコール、割り込み、カーネルスレッド、同じ空間の別のスレッドでは何も失われませ"
		"ん。プロセッサが複数あれば、他のプロセッサにも割り込んで忘れさせます（シュートダウン）。ここには 1 つしかありませ"
		"ん。図書館でいえば、本の場所を覚えている読者はまっすぐそこへ行きます。本を動かす人は知らせなければなりませんが、増"
		"やす人は知らせなくてよいのです。",
	},
	.run = run,
};
