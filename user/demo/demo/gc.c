/*
 * gc.c - a garbage collector at work: what it finds, what it must never free, what keeps an object by mistake, and what a
 * collection costs when the heap is larger than memory.
 *
 * Each part runs in a child task of its own, which begins with the same heap, and reports on a shared page. Objects are made
 * by functions that return before they are counted, and the stack below is overwritten, so that no old word there keeps one.
 * A few may survive all the same, since any word may look like an address: hence MOST. Earlier demos of the tour leave no
 * addresses of freed memory in static variables: these would keep objects that happen to be placed there.
 */
#include "demo.h"

#include <gc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum {
	LIST = 1000, LISTS = 100, RINGS = 500, NUMBERS = 100, MANY = 30000,
	OBJECT = 1000, OBJECTS = 2400, FRAMES = 300,	/* some 600 pages */
};

#define MOST(n) ((n) - (n) / 20)

struct thing {
	struct thing *next;
	uint32_t value;
};

/* On a shared page: what a child reports. */
struct results {
	long long lost, rings, kept, wrong, finalized;	/* objects freed, and of those in use: words and calls */
	long long by_number, then, hidden;
	long long marked[2], pause[2];			/* few objects, many */
	long long faults[3], swapped[3];		/* of a collection: enough memory, too little, too little but atomic */
};

static struct results *results;
static struct thing *list;			/* this refers to objects, as any static variable can */
static volatile uintptr_t numbers[NUMBERS];	/* so does this */
static char *large;				/* and the start of a list of objects of 1000 bytes */

/* Overwrites what a function that has returned left on the stack. */
static __attribute__((noinline)) void forget_the_stack(void)
{
	volatile char old[8192];

	memset((char *)old, 0, sizeof(old));
}

static struct gc_stats collect(void)
{
	struct gc_stats stats;

	forget_the_stack();
	gc_collect();
	gc_stats(&stats);
	return stats;
}

/* => how many objects a collection frees now, once earlier garbage is gone */
static long long freed_since(const struct gc_stats *before)
{
	return collect().freed - before->freed;
}

static __attribute__((noinline)) struct thing *make_list(uint32_t n, struct thing *rest)
{
	for (uint32_t i = 0; i < n; i++) {
		struct thing *thing = gc_malloc(sizeof(*thing));

		thing->next = rest;
		thing->value = i;
		rest = thing;
	}
	return rest;
}

/* Short lists: a word that is mistaken for an address keeps all that is reachable from there. */
static __attribute__((noinline)) void make_lists(void)
{
	for (int i = 0; i < LISTS; i++)
		make_list(LIST / LISTS, NULL);
}

static __attribute__((noinline)) void make_rings(void)
{
	for (int i = 0; i < RINGS; i++) {
		struct thing *first = make_list(2, NULL);

		first->next->next = first;
	}
}

static void note_call(void *object, void *calls)
{
	(void)object;
	++*(long long *)calls;
}

static __attribute__((noinline)) void watch(struct thing *thing)
{
	for (; thing; thing = thing->next)
		gc_finalizer(thing, note_call, &results->finalized);
}

static __attribute__((noinline)) long long wrong_values(const struct thing *thing)
{
	uint32_t expected = LIST / 2;

	while (thing && thing->value == expected - 1) {
		expected--;
		thing = thing->next;
	}
	return thing ? LIST : expected;
}

static void find_lost(void *unused)
{
	struct thing *volatile on_the_stack = make_list(LIST / 2, NULL);
	struct gc_stats before;

	(void)unused;
	list = make_list(LIST / 2, NULL);
	watch(list);
	watch(on_the_stack);
	before = collect();
	results->kept = freed_since(&before);
	make_lists();
	results->lost = freed_since(&before);
	before = collect();
	make_rings();
	results->rings = freed_since(&before);
	results->wrong = wrong_values(list) + wrong_values(on_the_stack);
}

/* Each address is stored as a number: as it is, or with all its bits inverted. */
static __attribute__((noinline)) void make_numbers(uintptr_t invert)
{
	for (int i = 0; i < NUMBERS; i++)
		numbers[i] = (uintptr_t)gc_malloc(sizeof(struct thing)) ^ invert;
}

static void keep_by_numbers(void *unused)
{
	struct gc_stats before;

	(void)unused;
	gc_stats(&before);
	make_numbers(0);
	results->by_number = freed_since(&before);
	memset((void *)numbers, 0, sizeof(numbers));
	results->then = freed_since(&before);
	before = collect();
	make_numbers(~(uintptr_t)0);
	results->hidden = freed_since(&before);
}

static void measure_pauses(void *unused)
{
	static const uint32_t sizes[2] = { LIST, MANY };

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct gc_stats stats;

		list = make_list(sizes[i], NULL);
		collect();
		stats = collect();
		results->marked[i] = stats.live;
		results->pause[i] = stats.pause_last / 1000;
	}
}

static __attribute__((noinline)) void make_large(void *(*allocate)(size_t))
{
	for (int i = 0; i < OBJECTS; i++) {
		char *object = allocate(OBJECT);

		memset(object, 0, OBJECT);
		*(char **)object = large;
		large = object;
	}
}

/* Objects without pointers cannot be a list: one object holds all their addresses. */
static __attribute__((noinline)) void make_large_atomic(void)
{
	char **all = gc_malloc(OBJECTS * sizeof(*all));

	large = (char *)all;
	for (int i = 0; i < OBJECTS; i++) {
		all[i] = gc_malloc_atomic(OBJECT);
		memset(all[i], 0, OBJECT);
	}
}

/* argument: 0 enough memory, 1 FRAMES, 2 FRAMES and objects without pointers */
static void collect_large(void *argument)
{
	const int *kind = argument;
	struct rusage usage;
	long long faults, swapped;

	if (*kind > 0)
		pages_limit(FRAMES);
	if (*kind < 2)
		make_large(gc_malloc);
	else
		make_large_atomic();
	collect();
	getrusage(RUSAGE_SELF, &usage);
	faults = usage.ru_majflt;
	swapped = proc_number("/proc/vmstat", "pswpin");
	collect();
	results->swapped[*kind] = proc_number("/proc/vmstat", "pswpin") - swapped;
	getrusage(RUSAGE_SELF, &usage);
	results->faults[*kind] = usage.ru_majflt - faults;
}

/* --- what they told --- */

static void show_found(void)
{
	table_row("two lists of 500 in use: objects freed", "使用中の 500 個のリスト二つ: 解放された数", 0, results->kept);
	table_row("100 lists of ten, lost: freed", "失われた 10 個ずつのリスト 100: 解放", 0, results->lost);
	table_row("500 rings of two, lost: freed", "失われた二つ組の輪 500: 解放", 0, results->rings);
	table_row("addresses in 100 numbers, then 0: freed", "アドレスに等しい数 100 個、次に 0: 解放", results->by_number,
		  results->then);
	table_row("objects marked by a collection", "回収一回で印を付けた数", results->marked[0], results->marked[1]);
	expect(results->kept == 0 && results->finalized == 0 && results->wrong == 0,
	       "of the lists in use %lld were freed, %lld values are wrong", "使用中のリストの %lld 個が解放され、%lld 個の値が違う",
	       results->kept + results->finalized, results->wrong);
	expect(results->lost >= MOST(LIST) && results->lost <= LIST, "%lld in lists were freed",
	       "リストのうち %lld 個が解放された", results->lost);
	expect(results->rings >= MOST(2 * RINGS) && results->rings <= 2 * RINGS, "%lld in rings were freed",
	       "輪のうち %lld 個が解放された", results->rings);
	expect(results->by_number == 0 && results->then >= MOST(NUMBERS), "with the numbers %lld were freed, then %lld",
	       "数があるうちに %lld 個、次に %lld 個が解放された", results->by_number, results->then);
	expect(results->marked[1] >= MANY && results->marked[1] - results->marked[0] >= MOST(MANY - LIST),
	       "%lld objects were marked, then %lld", "印が付いたのは %lld 個、次に %lld 個", results->marked[0], results->marked[1]);
}

/* The collector of the plain first reading marks each object in the header in front of it: so its page is fetched. */
static bool marks_in_objects(void)
{
	const char *heap = getenv("HEAP");

	return heap && strcmp(heap, "first") == 0;
}

static void show_large(void)
{
	size_t pages = OBJECTS * OBJECT / PAGE;

	table_row("major faults of a collection: 300 frames", "回収一回のディスク待ち: フレーム 300 枚", results->faults[0],
		  results->faults[1]);
	table_row("pages read from swap for it", "そのためにスワップから読んだページ", results->swapped[0], results->swapped[1]);
	table_row("... if the objects hold no pointers", "オブジェクトにポインタがない場合", 0, results->swapped[2]);
	expect(results->swapped[1] >= (long long)(pages - FRAMES) && results->faults[1] > results->faults[0],
	       "the collection read %lld pages from swap in %lld faults", "回収はスワップから %lld ページを、%lld 回で読んだ",
	       results->swapped[1], results->faults[1]);
	expect(marks_in_objects() || results->swapped[2] < results->swapped[1] / 2, "without pointers it read %lld pages",
	       "ポインタがなくても %lld ページ読んだ", results->swapped[2]);
}

static void in_children(bool swap)
{
	static void (*const parts[])(void *) = { find_lost, keep_by_numbers, measure_pauses };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		expect(demo_in_child(parts[i], NULL) == 0, "a child did not end well", "子タスクが正しく終わらなかった");
	for (int kind = 0; swap && kind < 3; kind++)
		expect(demo_in_child(collect_large, &kind) == 0, "a child did not end well", "子タスクが正しく終わらなかった");
}

static void run(void)
{
	static const char *const none[] = { NULL };
	bool swap = pages_limit_works() && pages_memory("SwapFree") >= 2 * OBJECTS * OBJECT / PAGE;

	results = pages_map(1, MAP_SHARED);
	if (!results)
		return;
	table_begin(none);
	in_children(swap);
	show_found();
	if (swap)
		show_large();
	table_print();
	say("The two collections paused the program for %lld and %lld microseconds.",
	    "2 回の回収はプログラムを %lld マイクロ秒と %lld マイクロ秒止めました。", results->pause[0], results->pause[1]);
	if (!swap)
		say("There is no swap area here, or no limit on frames: no heap larger than memory.",
		    "ここにはスワップ領域かフレームの上限がないので、メモリより大きなヒープは試せません。");
	munmap(results, PAGE);
}

/* One last question to a collector that looks only at words. Uses the child's results again. */
static void run_hidden(void)
{
	results = pages_map(1, MAP_SHARED);
	if (!results)
		return;
	expect(demo_in_child(keep_by_numbers, NULL) == 0, "a child did not end well", "子タスクが正しく終わらなかった");
	say("And if the program keeps 100 addresses with all bits inverted, as some do to save a word? It could still find the "
	    "objects, but %lld of them were freed: what does not look like an address is none.",
	    "では、語を節約するためなどに、全ビットを反転したアドレスを 100 個持っていたら？ プログラムはまだ見つけられるのに、%lld "
	    "個が解放されました。アドレスに見えないものは、アドレスではないのです。",
	    results->hidden);
	expect(results->hidden >= MOST(NUMBERS), "%lld were freed", "%lld 個が解放された", results->hidden);
	munmap(results, PAGE);
}

const struct demo demo_gc = {
	.name = "gc",
	.title = { "a collector frees what nothing refers to", "何からも参照されないものを解放する、ごみ集め" },
	.question = {
		"A program never frees. Lists are lost, and pairs that refer to each other; others are in use. What can a "
		"collector find, what can deceive it, and what does it cost when the heap is larger than memory?",
		"プログラムは何も解放しません。リストも、互いを指す二つ組も失われ、使用中のものもあります。ごみ集めは何を見つけ、"
		"何にだまされ、ヒープがメモリより大きいとき何を払うでしょうか。",
	},
	.done = {
		"Lists and rings are made and forgotten; addresses are kept as numbers; a thousand and 30000 objects are marked; "
		"600 pages of objects are collected with memory enough, then in 300 frames.",
		"リストと輪を作って忘れます。アドレスを数として持ちます。1000 個と 30000 個に印を付けます。600 ページ分のオブジェクト"
		"を、十分なメモリで、次にフレーム 300 枚で回収します。",
	},
	.why = {
		"Whatever can be reached from registers, stack and data is marked, and the rest is free; "
		"marking an object means reading it, so a collection fetches from swap what the program "
		"itself has long not used.",
		"レジスタ、スタック、データからたどれるものに印を付け、残りを解放します。印を付けるには読まなければならないので、"
		"プログラムがとうに触れなくなったものまで、回収はスワップから取ってきます。",
	},
	.explain = {
		"A collection stops the program and begins at the roots: registers, stack, static data. Each "
		"word there that is an address within an object marks that object, and the words in it are "
		"looked at in turn. The collector is not told which words are pointers, so it is "
		"conservative: a number that happens to look like one keeps an object, which costs memory "
		"but is never wrong. What has no mark is swept. Two objects that refer only to each other "
		"get none; with reference counting their counts would never reach 0. The pause grows with "
		"the live data, not with the garbage. Objects of gc_malloc_atomic hold no pointers and need "
		"not be read, for their marks stand elsewhere (with HEAP=first they stand in front of them, "
		"and all pages are fetched). When the heap is larger than memory, marking walks "
		"through all pages that hold pointers, in an order of its own: the kernel's guess that what "
		"was used lately is used next is wrong for each of them. user/gc/first.c is the whole idea; "
		"docs/collector.md leads on.",
		"回収はプログラムを止め、根、つまりレジスタ、スタック、静的データから始めます。そこにある語がオブジェクトの中の"
		"アドレスなら、そのオブジェクトに印を付け、その中の語も順に調べます。どの語がポインタかは誰も教えないので保守的です。"
		"たまたまポインタに見える数もオブジェクトを残します。メモリの損ですが、誤りにはなりません。印のないものは掃き出"
		"します。互いだけを指す二つには印が付きません。参照の数を数えるやり方では 0 になりません。停止時間は、空きではな"
		"く生きているものの量で増えます。gc_malloc_atomic のオブジェクトはポインタを持たず、印は別の所にあるので、読まず"
		"に済みます（HEAP=first では印が前にあるため、全ページを取ってきます）。ヒープがメモリより大きいと、印"
		"付けはポインタのある全ページを独自の順で歩くので、「最近使ったものを次も使う」というカーネルの見込みはことごと"
		"く外れます。user/gc/first.c がすべての考えです。続きは docs/collector.md に。",
	},
	.run = run,
	.more = run_hidden,
};
