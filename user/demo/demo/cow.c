/*
 * cow.c - fork copies nothing, a store copies one page: copy-on-write.
 *
 * The child reads its own pagemap and its own fault counter, and reports through a shared page.
 */
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGES = 50, STORED = 7 };

struct seen {
	char *memory;
	unsigned long parents[PAGES];	/* the parent's frames */
	int same_before, same_after;	/* pages with the parent's frame; before, after the store */
	unsigned long frame_before, frame_after;
	long faults;
	long long copies;
	char warm;
};

static void frames_of(const char *memory, unsigned long frames[PAGES])
{
	for (int i = 0; i < PAGES; i++)
		frames[i] = pages_frame(memory + i * PAGE);
}

static int same_frames(const char *memory, const unsigned long frames[PAGES])
{
	int same = 0;

	for (int i = 0; i < PAGES; i++)
		same += pages_frame(memory + i * PAGE) == frames[i];
	return same;
}

static void store(volatile char *address)
{
	*address = 'c';
}

static void child(void *argument)
{
	static const char *const counters[] = { "cow_break", NULL };
	struct seen *seen = argument;
	char *page = seen->memory + STORED * PAGE;

	seen->same_before = same_frames(seen->memory, seen->parents);
	seen->frame_before = pages_frame(page);
	/* The instructions of store() must be in memory before they count. */
	store(&seen->warm);
	table_begin(counters);
	pages_faults();
	seen->faults = pages_faults();
	store(page);
	seen->faults = pages_faults() - seen->faults;
	table_end();
	seen->copies = table_change("cow_break");
	seen->frame_after = pages_frame(page);
	seen->same_after = same_frames(seen->memory, seen->parents);
}

/* The child is gone: the page has one owner again, which may write without a copy. */
static void last_owner(const struct seen *seen)
{
	char *page = seen->memory + (STORED + 1) * PAGE;

	store(page);
	expect(pages_frame(page) == seen->parents[STORED + 1],
	       "the last owner's store copied the page", "最後の持ち主の書き込みでコピーが起きた");
	expect(seen->memory[STORED * PAGE] == 'p', "the parent's page was changed",
	       "親のページが書き換えられた");
}

static void show(const struct seen *seen)
{
	bool known = seen->parents[STORED] != 0;

	table_row("pages with the parent's frame, of 50", "50 ページ中、親と同じフレームのもの",
		  known ? seen->same_before : PROC_ABSENT, known ? seen->same_after : PROC_ABSENT);
	table_row("the page's frame number, in the child", "子から見たそのページのフレーム番号",
		  known ? (long long)seen->frame_before : PROC_ABSENT,
		  known ? (long long)seen->frame_after : PROC_ABSENT);
	table_row("page faults of the child's store", "子の書き込みで起きたページフォルト", 0,
		  seen->faults);
	table_row("pages copied by that store (cow_break)", "その書き込みでコピーしたページ (cow_break)",
		  seen->copies == PROC_ABSENT ? PROC_ABSENT : 0, seen->copies);
	table_print();
	if (!known)
		return;
	expect(seen->same_before == PAGES, "after fork only %d pages had the parent's frame",
	       "fork 直後に親と同じフレームのページは %d だけ", seen->same_before);
	expect(seen->frame_before != seen->frame_after, "the stored page kept its frame",
	       "書いたページのフレームが変わらない");
	expect(seen->same_after == PAGES - 1, "after the store %d pages had the parent's frame",
	       "書いた後、親と同じフレームのページは %d", seen->same_after);
}

static void run(void)
{
	struct seen *seen = pages_map(1, MAP_SHARED);
	char *memory = pages_map(PAGES, MAP_PRIVATE);

	if (!seen || !memory)
		return;
	memset(memory, 'p', PAGES * PAGE);
	seen->memory = memory;
	frames_of(memory, seen->parents);
	expect(demo_in_child(child, seen) == 0, "the child failed", "子タスクが失敗");
	show(seen);
	expect(seen->faults == 1, "the store caused %ld faults", "書き込みのフォルトは %ld",
	       seen->faults);
	expect(seen->copies == PROC_ABSENT || seen->copies >= 1, "no page was copied",
	       "ページがコピーされていない");
	last_owner(seen);
	munmap(memory, PAGES * PAGE);
	munmap(seen, PAGE);
}

const struct demo demo_cow = {
	.name = "cow",
	.title = { "fork copies nothing, a store copies one page",
		   "コピーオンライト: fork はコピーせず、書き込みがコピーする" },
	.question = {
		"A task with 50 pages of data forks. The child is to have the same data, but its "
		"own. How many pages are copied, and when?",
		"50 ページのデータを持つタスクが fork します。子は同じデータを自分のものとして持つ"
		"はずです。コピーされるのは何ページで、それはいつでしょうか。",
	},
	.done = {
		"The parent fills 50 pages and forks. The child compares its frames with the "
		"parent's, stores one byte in page 7, and compares again.",
		"親が 50 ページを書いて fork します。子は自分のフレームを親のものと比べ、ページ "
		"7 に 1 バイト書き、もう一度比べます。",
	},
	.why = {
		"After fork both tasks read the same frames, write-protected; only a store makes a "
		"copy, of that page alone, and the last owner needs none.",
		"fork の後、両者は書き込み禁止にした同じフレームを読みます。書いたときに初めて、"
		"その 1 ページだけがコピーされ、最後の持ち主にはコピーも必要ありません。",
	},
	.explain = {
		"fork lets parent and child refer to the same pages, makes the parent's entries read-only and "
		"gives the child none. Reading goes on as before. A store stops in a page fault: the region "
		"permits it, but there is no writable entry, and the page has two references. So the kernel "
		"copies it to a new frame, drops one reference and enters the copy as writable. When only one "
		"reference is left nothing is copied. A child that soon calls exec never needs the copies that "
		"a fork without copy-on-write would have made.",
		"fork は親子に同じページを参照させ、親のエントリから書き込みの許可を外し、子にはエントリを"
		"与えません。読み出しはそのまま続けられます。書くとページフォルトで止まります。領域は許しているのに"
		"書き込めるエントリはなく、参照は 2 つあります。そこでカーネルは新しいフレームへコピーし、参照を 1 つ減"
		"らし、コピーを書き込み可として登録します（コピーオンライト）。参照が 1 つだけならコピーしません。すぐ "
		"exec を呼ぶ子なら、コピーはほとんど不要です。",
	},
	.run = run,
};
