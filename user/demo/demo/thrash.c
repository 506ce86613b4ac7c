/*
 * demo_thrash - useful work against the number of tasks: the curve of the textbooks, without load control and with it.
 *
 * Each task visits its own pages again and again and counts the visits. Two of the tasks fit into memory together, three
 * do not. Time is wall-clock time: the rates are only compared within one run, and the verdict uses the faults per page of
 * work, which do not depend on the speed of the machine.
 */
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TASKS_MAX = 6, FITTING = 2, COUNTS = 5, PERIOD_MS = 1000, WORK_PER_PAGE = 400, REST_MS = 8, BAR = 30,
       FAR = 617 /* a prime, so that every page comes in turn */ };

static const int tasks_of[COUNTS] = { 1, 2, 3, 4, 6 };

struct counters {
	volatile uint32_t ready, seen, go, padding[13];
};

static struct counters *shared; /* of each task */
static size_t own_pages;

static const char knob[] = "/proc/sys/vm/load_control";

static bool set_load_control(bool on)
{
	return proc_write(knob, on ? "1" : "0");
}

/* Some computing for each page, on the page. */
static void visit(volatile uint32_t *page)
{
	for (int i = 0; i < WORK_PER_PAGE; i++)
		page[i % 64] += i;
}

static void work(void *argument)
{
	struct counters *c = argument;
	char *pages = pages_map(own_pages, MAP_PRIVATE);

	for (size_t i = 0; i < own_pages; i++)
		visit((void *)(pages + i * PAGE));
	c->ready = 1;
	while (demo_wanted()) {
		/* All over its memory: in order, read-ahead would hide most waits. */
		for (size_t i = 0; i < own_pages; i++, c->seen++)
			visit((void *)(pages + i * FAR % own_pages * PAGE));
		demo_rest(REST_MS);
	}
}

struct point {
	uint32_t pages_per_second; /* of all tasks together */
	long long faults, outs;
	uint32_t faults_per_1000; /* pages seen */
};

static bool start(pid_t *task, int tasks)
{
	bool all = true;

	memset(shared, 0, PAGE);
	for (int i = 0; i < tasks; i++)
		task[i] = demo_start(work, &shared[i]);
	for (int i = 0; i < tasks; i++)
		all &= task[i] > 0;
	for (int i = 0; all && i < tasks; i++)
		while (!shared[i].ready && demo_runs(task[i]))
			demo_rest(5);
	expect(all, "a task cannot be started", "タスクを起動できない");
	return all;
}

/* They never end by themselves. => are all still running? */
static bool end(pid_t *task, int tasks)
{
	bool all = true;

	for (int i = 0; i < tasks; i++)
		all &= demo_runs(task[i]);
	expect(all, "a task has ended", "タスクが終わってしまった");
	demo_kill_all(task, tasks);
	return all;
}

/* Load control takes out one task after the other; the measurement begins when it has settled. */
enum { SETTLING_MS = 300, CONTROLLING_MS = 1500 };

static uint32_t seen_by_all(int tasks)
{
	uint32_t sum = 0;

	for (int i = 0; i < tasks; i++)
		sum += shared[i].seen;
	return sum;
}

/* => false: a task could not be started or ended meanwhile, so the figures are invalid */
static bool measure(int tasks, bool controlled, struct point *point)
{
	long long faults, outs = proc_number("/proc/vmstat", "procswap_out");
	bool well, crowded = tasks > FITTING;
	struct point p = { 0 };
	pid_t task[TASKS_MAX];
	uint32_t seen;
	long began, took;

	well = start(task, tasks);
	if (well) {
		demo_rest(controlled && crowded ? CONTROLLING_MS : SETTLING_MS);
		faults = proc_number("/proc/vmstat", "pgmajfault");
		seen = seen_by_all(tasks);
		began = demo_milliseconds();
		demo_rest(PERIOD_MS);
		seen = seen_by_all(tasks) - seen;
		took = demo_milliseconds() - began;
		p.faults = proc_number("/proc/vmstat", "pgmajfault") - faults;
		p.pages_per_second = (uint64_t)seen * 1000 / took;
		p.faults_per_1000 = p.faults * 1000 / (seen ? seen : 1);
		p.outs = proc_number("/proc/vmstat", "procswap_out") - outs;
	}
	*point = p;
	return end(task, tasks) && well;
}

static void print_point(int tasks, const struct point *p, uint32_t most)
{
	static const char bar[BAR + 1] = "##############################";

	printf("  %5d  %9lu  %7lld  %5lld  %.*s\n", tasks, (unsigned long)p->pages_per_second, p->faults, p->outs,
	       (int)((uint64_t)p->pages_per_second * BAR / (most ? most : 1)), bar);
}

static bool measure_all(struct point points[COUNTS], bool controlled)
{
	uint32_t most = 0;

	for (int i = 0; i < COUNTS; i++) {
		if (!measure(tasks_of[i], controlled, &points[i]))
			return false;
		most = points[i].pages_per_second > most ? points[i].pages_per_second : most;
	}
	printf(show_japanese ? "  タスク   ページ/秒  メジャー  スワップアウト\n" : "  tasks   pages/s    major   outs\n");
	for (int i = 0; i < COUNTS; i++)
		print_point(tasks_of[i], &points[i], most);
	putchar('\n');
	return true;
}

/* Nearly half of the memory for each: two fit, three do not. */
static bool choose(void)
{
	size_t room = pages_memory("MemAvailable"), swap = pages_memory("SwapFree");

	if (!set_load_control(false)) {
		verdict_not_run("this kernel has no load control", "このカーネルには負荷制御がない");
		return false;
	}
	own_pages = room * 9 / 20;
	if (swap >= TASKS_MAX * own_pages)
		return true;
	verdict_not_run("the swap area is too small for six tasks of %lu pages",
			"%lu ページのタスク 6 つにはスワップ領域が小さすぎる", (unsigned long)own_pages);
	return false;
}

/* => which of the POINTS with more tasks than fit has the most faults: a lucky task may keep its pages for a second */
static int worst_of(const struct point *points)
{
	int worst = COUNTS - 1;

	for (int i = FITTING; i < COUNTS; i++)
		if (points[i].faults_per_1000 > points[worst].faults_per_1000)
			worst = i;
	return worst;
}

static void judge(const struct point *without, const struct point *with)
{
	int worst = worst_of(without), tasks = tasks_of[worst];
	const struct point *fitting = &without[1], *beyond = &without[worst], *controlled = &with[worst];

	expect(fitting->faults_per_1000 < 10 && beyond->faults_per_1000 > 50,
	       "for 1000 pages two tasks wait %lu times for the disk and %d %lu times: that is no collapse",
	       "1000 ページにつきディスク待ちは 2 つで %lu 回、%d つで %lu 回。崩れていない",
	       (unsigned long)fitting->faults_per_1000, tasks, (unsigned long)beyond->faults_per_1000);
	expect(controlled->faults_per_1000 < beyond->faults_per_1000 / 2,
	       "with load control %d tasks wait %lu times for the disk for 1000 pages, without it %lu times",
	       "%d つのタスクのディスク待ちは 1000 ページにつき、負荷制御ありで %lu 回、なしで %lu 回", tasks,
	       (unsigned long)controlled->faults_per_1000, (unsigned long)beyond->faults_per_1000);
	expect(beyond->pages_per_second < fitting->pages_per_second &&
		       beyond->pages_per_second < controlled->pages_per_second,
	       "%d tasks do %lu pages a second, two do %lu", "タスク %d つで毎秒 %lu ページ、2 つで %lu", tasks,
	       (unsigned long)beyond->pages_per_second, (unsigned long)fitting->pages_per_second);
	expect(without[COUNTS - 1].outs == 0 && with[COUNTS - 1].outs > 0, "%lld tasks were taken out",
	       "スワップアウトされたタスクは %lld", with[COUNTS - 1].outs);
	expect(with[0].outs + with[1].outs == 0, "%lld tasks were taken out though all fit",
	       "全部入るのに %lld のタスクがスワップアウトされた", with[0].outs + with[1].outs);
}

static void run(void)
{
	struct point without[COUNTS], with[COUNTS];
	bool well;

	if (!choose()) {
		set_load_control(true);
		return;
	}
	shared = pages_map(1, MAP_SHARED);
	if (!shared)
		return;
	say("Each task uses %lu pages; there is room for %lu.", "タスクはそれぞれ %lu ページを使います。使えるのは %lu ページ分です。",
	    (unsigned long)own_pages, (unsigned long)pages_memory("MemAvailable"));
	say("Without load control:", "負荷制御なし:");
	well = measure_all(without, false);
	set_load_control(true);
	if (well) {
		say("With load control:", "負荷制御あり:");
		well = measure_all(with, true);
	}
	if (well)
		judge(without, with);
	munmap(shared, PAGE);
}

const struct demo demo_thrash = {
	.name = "thrash",
	.title = { "too many tasks: the work collapses, until some must wait", "タスクが多すぎると処理が進まなくなる。いくつかを待たせるまでは" },
	.question = {
		"Tasks that each use nearly half of memory: how much work do 1, 2, 3, 4, 6 of them do together?",
		"それぞれメモリの半分近くを使うタスクが 1、2、3、4、6 個。合わせてどれだけの仕事をするでしょうか。",
	},
	.done = {
		"Each task goes round and round over its pages; all that they see in a second are counted, first with "
		"paging alone, then with load control, which takes whole tasks out (outs).",
		"各タスクは自分のページを何周も回ります。1 秒間に見たページを全部数えます。最初はページングだけ、次に、タスクを丸ごと"
		"スワップアウトする負荷制御ありで。",
	},
	.why = {
		"When what the tasks use does not fit, each fault takes a page that another task wants back at once, and all "
		"wait for the disk; when one task waits outside as a whole, the others fit and work.",
		"タスクの使うものが入り切らないと、フォルトのたびに、他のタスクがすぐに必要とするページを奪うことになり、全員がディスクを待"
		"ちます。1 つが丸ごと外で待てば、残りは入り切って働けます。",
	},
	.explain = {
		"The kernel notices it by two signs together: most pages that come back had left so lately "
		"that twice the memory would have kept them, and tasks waited for pages longer than the "
		"processor worked. Then a task is taken out: the one that was out least often and has been "
		"in memory longest. It comes back when its pages fit beside the others', or after a second, "
		"in exchange for another, so that every task has its turn. A task that reads through much "
		"memory once is left alone, since its pages do not come back; so is a single one, since no "
		"other would gain.",
		"カーネルは 2 つの兆候から気付きます。戻って来るページの大半が、メモリが倍あれば出ずに済んだほど最近に出たもので"
		"あること、そしてプロセッサが働いた時間より、誰かがページを待った時間のほうが長いことです。そこで、外に出た回数が"
		"いちばん少なく、いちばん長く中にいるタスクを外に出します。場所ができたとき、または 1 秒待ったら他と交替で戻すの"
		"で、全員に順番が来ます。大きなメモリを一度読み通すだけのタスクは、ページが戻って来ないので放っておきます。1 つだ"
		"けのタスクも、誰も得をしないので放っておきます。",
	},
	.run = run,
};
