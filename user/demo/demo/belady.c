/*
 * belady.c - more frames, more faults: Belady's anomaly, by the kernel's own policies.
 *
 * The string of the textbooks is run in 3 and in 4 frames. FIFO and CLOCK are the kernel's: all other memory of this program is
 * locked, and its resident limit is that plus so many frames, so the limit is all that the pages of the string share. The
 * kernel's `exact` mode makes it evict one page at a time and read nothing ahead. LRU and OPT are computed from the string, since
 * no hardware tells a kernel the order of all uses, or the future.
 *
 * Source: Belady, Nelson and Shedler, An Anomaly in Space-Time Characteristics of Certain Programs Running in a Paging
 * Machine, 1969.
 */
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LENGTH = 12, PAGES = 6, LEAST = 3, MOST = 4, STACK_PAGES = 8 };

static const char string[] = "123412512345";

struct run {
	char marks[LENGTH + 1]; /* F: this reference faulted */
	int faults;
	long long read; /* pages that came back from swap */
	bool intact;    /* every page held what was stored to it */
};

static const char policy_file[] = "/proc/sys/vm/policy", exact_file[] = "/proc/sys/vm/exact";

/* --- computed ---------------------------------------------------------------------------------------------------- */

/* => how far from the reference I the page P is used: the next time, or with PAST the last time; LENGTH: never */
static int distance(char p, int i, bool past)
{
	for (int d = 1; past ? d <= i : i + d < LENGTH; d++)
		if (string[past ? i - d : i + d] == p)
			return d;
	return LENGTH;
}

/* The victim is the page whose use is farthest away: in the past that is LRU, in the future OPT. */
static struct run compute(int frames, bool past)
{
	struct run run = { .intact = true };
	char in[MOST + 1] = "";

	for (int i = 0; i < LENGTH; i++) {
		char *victim = in;
		bool fault = !strchr(in, string[i]);

		run.marks[i] = fault ? 'F' : '.';
		run.faults += fault;
		if (!fault)
			continue;
		for (char *p = in; *p; p++)
			if (distance(*p, i, past) > distance(*victim, i, past))
				victim = p;
		if (strlen(in) < (size_t)frames)
			victim = strchr(in, '\0');
		*victim = string[i];
	}
	return run;
}

/* --- run --------------------------------------------------------------------------------------------------------- */

/* The calls below need no more stack than this, so that it grows by no page later. */
static __attribute__((noinline)) void grow_stack(void)
{
	volatile char room[STACK_PAGES * PAGE];

	for (size_t i = 0; i < sizeof(room); i += PAGE)
		room[i] = 1;
}

/* Each page counts the stores to it; the first reference to it in a row faults if it is not in memory. */
static void follow(volatile int *pages, struct run *run)
{
	int times[PAGES] = { 0 };

	run->intact = true;
	for (int i = 0; i < LENGTH; i++) {
		int p = string[i] - '0';
		volatile int *page = pages + p * PAGE / sizeof(int);
		struct rusage earlier, after;
		bool faulted;

		getrusage(RUSAGE_SELF, &earlier);
		page[0] = i;
		getrusage(RUSAGE_SELF, &after);
		run->intact &= page[1] == times[p];
		page[1] = ++times[p];
		faulted = after.ru_minflt + after.ru_majflt != earlier.ru_minflt + earlier.ru_majflt;
		run->read += after.ru_majflt - earlier.ru_majflt;
		run->faults += faulted;
		run->marks[i] = faulted ? 'F' : '.';
	}
}

/* Under the policy in force, in so many frames. All memory of this program is locked. */
static struct run really(int frames)
{
	struct run run = { .faults = 0 };
	size_t locked = proc_number("/proc/self/status", "VmRSS:") / (PAGE / 1024);
	int *pages = pages_map(PAGES, MAP_PRIVATE);

	if (!pages)
		return run;
	follow(pages, &run); /* without a limit: the code of this loop is in memory now */
	munmap(pages, PAGES * PAGE);
	run = (struct run){ .faults = 0 };
	pages = pages_map(PAGES, MAP_PRIVATE);
	if (!pages)
		return run;
	pages_limit(locked + frames);
	follow(pages, &run);
	pages_limit(0);
	munmap(pages, PAGES * PAGE);
	return run;
}

/* => the runs in LEAST and in MOST frames */
static void run_policy(const char *policy, struct run runs[2])
{
	if (!proc_write(policy_file, policy))
		expect(false, "the policy %s cannot be chosen", "ポリシー %s を選べない", policy);
	for (int frames = LEAST; frames <= MOST; frames++)
		runs[frames - LEAST] = really(frames);
}

static void show_runs(const char *name, const struct run runs[2])
{
	for (int n = 0; n < 2; n++) {
		printf("  ");
		show_padded(name, 18);
		printf("%d ", LEAST + n);
		for (int i = 0; i < LENGTH; i++)
			printf(" %c", runs[n].marks[i]);
		printf("  %3d\n", runs[n].faults);
	}
}

static void show_string(void)
{
	printf("\n  ");
	show_padded(show_japanese ? "フレーム数" : "frames", 20);
	for (int i = 0; i < LENGTH; i++)
		printf(" %c", string[i]);
	printf(show_japanese ? "  フォルト\n" : "  faults\n");
}

static void judge(const char *name, const struct run runs[2], int least, int most)
{
	expect(runs[0].intact && runs[1].intact, "%s: a page came back changed", "%s: ページの内容が変わって戻った", name);
	expect(runs[0].faults == least && runs[1].faults == most, "%s has %d and %d faults, not %d and %d",
	       "%s のフォルトは %d 回と %d 回で、%d 回と %d 回ではない", name, runs[0].faults, runs[1].faults, least, most);
}

/* The settings of the kernel before the demo changed them. */
static struct {
	char policy[32], exact[4];
} before;

static bool can_run(void)
{
	if (!pages_limit_works() || proc_text(policy_file, before.policy, sizeof(before.policy)) < 0 ||
	    proc_text(exact_file, before.exact, sizeof(before.exact)) < 0)
		verdict_not_run("this kernel has no exact mode", "このカーネルには exact モードがない");
	else if (pages_memory("SwapFree") < 2 * PAGES)
		verdict_not_run("there is no swap area with %d free slots", "空きスロットが %d 個あるスワップ領域がない", 2 * PAGES);
	else
		return true;
	return false;
}

static void restore_settings(void)
{
	before.policy[strcspn(before.policy, "\n")] = '\0';
	before.exact[1] = '\0';
	proc_write(policy_file, before.policy);
	proc_write(exact_file, before.exact);
	munlockall();
}

/* All that this program has is locked, so that only the pages of the string can leave. */
static bool lock_everything(void)
{
	grow_stack();
	if (mlockall(MCL_CURRENT) == 0)
		return true;
	verdict_not_run("this program's memory cannot be locked", "このプログラムのメモリをロックできない");
	return false;
}

static void run(void)
{
	struct run fifo[2], clock[2], lru[2], opt[2];

	if (!can_run() || !lock_everything())
		return;
	expect(proc_write(exact_file, "1"), "the exact mode cannot be switched on", "exact モードにできない");
	run_policy("fifo", fifo);
	run_policy("clock", clock);
	restore_settings();
	for (int n = 0; n < 2; n++) {
		lru[n] = compute(LEAST + n, true);
		opt[n] = compute(LEAST + n, false);
	}
	show_string();
	show_runs(show_japanese ? "FIFO（実行）" : "FIFO (run)", fifo);
	show_runs(show_japanese ? "CLOCK（実行）" : "CLOCK (run)", clock);
	show_runs(show_japanese ? "LRU（計算）" : "LRU (computed)", lru);
	show_runs(show_japanese ? "OPT（計算）" : "OPT (computed)", opt);
	putchar('\n');
	judge("FIFO", fifo, 9, 10);
	judge("CLOCK", clock, 9, 10);
	judge("LRU", lru, 10, 8);
	judge("OPT", opt, 7, 6);
	expect(fifo[0].read == fifo[0].faults - 5 && fifo[1].read == fifo[1].faults - 5,
	       "FIFO: %lld and %lld pages came back from swap", "FIFO: スワップから戻ったのは %lld ページと %lld ページ",
	       fifo[0].read, fifo[1].read);
}

const struct demo demo_belady = {
	.name = "belady",
	.title = { "more frames, more page faults: Belady's anomaly", "フレームを増やすとフォルトも増える: ベラディの異常" },
	.question = {
		"A program refers to its pages in the order 1 2 3 4 1 2 5 1 2 3 4 5. It has 3 frames for them, then "
		"4. How many page faults are there, if the page that came in first leaves first?",
		"プログラムがページを 1 2 3 4 1 2 5 1 2 3 4 5 の順に参照します。使えるフレームは 3 つ、次に 4 つ。最"
		"初に入ったページから追い出すと、ページフォルトは何回起きるでしょうか。",
	},
	.done = {
		"The kernel runs the string under its policies fifo and clock; all other memory of this program is "
		"locked, and its resident limit leaves 3 or 4 frames. F is a reference that faulted. LRU and OPT are "
		"computed: no kernel sees every use, or the future.",
		"カーネルのポリシー fifo と clock で参照列を実行します。このプログラムの他のメモリはすべてロックし、"
		"常駐ページの上限を 3 か 4 フレームの余裕にします。F はフォルトした参照です。LRU と OPT は計算で求め"
		"ます。すべての参照や未来を見られるカーネルはありません。",
	},
	.why = {
		"With 4 frames FIFO does not keep what it keeps with 3: pages 1 and 2 are used again and again, but "
		"came in first, so they leave just before they are needed.",
		"4 フレームの FIFO は、3 フレームのときに残すページを残しません。1 と 2 は何度も使われますが、先に入"
		"ったので、必要になる直前に追い出されます。",
	},
	.explain = {
		"Under LRU and OPT the pages kept in 3 frames are always among those kept in 4, so a frame more can "
		"only help: such policies are called stack algorithms. FIFO goes by the time of arrival, which the "
		"number of frames changes. CLOCK does no better here: when it needs a victim, every page has been "
		"used since the last round, so the hand clears all bits, comes back to where it began, and takes the "
		"page that came in first. tools/pagesim counts any string under all policies of the kernel; "
		"docs/replacement.md compares them.",
		"LRU と OPT では、3 フレームで残るページは必ず 4 フレームでも残るので、フレームが増えて損をすることは"
		"ありません。このようなポリシーをスタックアルゴリズムと呼びます。FIFO は入った順序で決め、その順序は"
		"フレーム数によって変わります。ここでは CLOCK も同じです。追い出すページを選ぶとき、どのページも前の"
		"周回から使われているので、針はすべてのビットを消して一周し、最初に入ったページを選びます。tools/page"
		"sim は任意の参照列をカーネルの全ポリシーで数え、docs/replacement.md はそれを比べます。",
	},
	.run = run,
};
