/*
 * demo_race - is shared memory dangerous? A lost update, and the lock that prevents it.
 *
 * The time between reading the counter and storing it is extended by yielding the processor, so that updates are lost every
 * time and not once in a million.
 */
#include "demo.h"

#include <futex.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TASKS = 4, ROUNDS = 500, WANTED = TASKS * ROUNDS };

struct shared {
	volatile long counter;
	struct mutex mutex;
	bool locked;		/* do they use the lock? */
};

static void add(void *argument)
{
	struct shared *shared = argument;

	for (int i = 0; i < ROUNDS; i++) {
		long value;

		if (shared->locked)
			mutex_lock(&shared->mutex);
		value = shared->counter;
		if (i % 4 == 0)
			sched_yield();
		shared->counter = value + 1;
		if (shared->locked)
			mutex_unlock(&shared->mutex);
	}
}

/* Four tasks add to the counter at the same time. => its final value */
static long add_together(struct shared *shared, bool locked)
{
	static const char *const counters[] = { "futex_sleeps", "futex_wakes", NULL };
	pid_t child[TASKS];
	bool well;

	memset(shared, 0, sizeof(*shared));
	shared->locked = locked;
	table_begin(counters);
	for (int i = 0; i < TASKS; i++)
		child[i] = demo_start(add, shared);
	well = demo_wait_all(child, TASKS);
	table_end();
	table_row("the shared counter; it should be 2000", "共有カウンタ（2000 になるはず）", 0, shared->counter);
	table_print();
	expect(well, "a task failed", "タスクが失敗");
	return shared->counter;
}

static void run(void)
{
	struct shared *shared = pages_map(1, MAP_SHARED);
	long found;

	if (!shared)
		return;
	putchar('\n');
	say("Without a lock:", "ロックなし:");
	found = add_together(shared, false);
	expect(found < WANTED, "no update was lost: the counter is %ld", "更新が失われなかった。カウンタは %ld", found);
	expect_rise("futex_sleeps", 0);
	say("With a lock on a futex:", "futex によるロックあり:");
	found = add_together(shared, true);
	expect(found == WANTED, "the counter is %ld, not 2000", "カウンタは 2000 でなく %ld", found);
	expect_rise_of_at_least("futex_sleeps", TASKS);
	munmap(shared, PAGE);
}

const struct demo demo_race = {
	.name = "race",
	.title = { "is shared memory dangerous? a lost update, and a lock", "共有メモリは危険か。失われる更新と、ロック" },
	.question = {
		"Four tasks share a counter, and each adds 1 to it 500 times. What does it hold at the end?",
		"4 つのタスクが 1 つのカウンタを共有し、それぞれ 500 回 1 を足します。最後の値はいくつでしょうか。",
	},
	.done = {
		"Each task reads the counter, sometimes lets another run, and stores what it read plus 1. "
		"Then the same with a lock around these three steps: a task that finds it taken sleeps in "
		"the kernel until it is free.",
		"各タスクはカウンタを読み、ときどき他のタスクに実行を譲り、読んだ値に 1 を足して書きます。次に、この手順を"
		"ロックで囲んで同じことをします。ロックが取られていたら、空くまでカーネルの中で眠ります。",
	},
	.why = {
		"What a task has read is out of date when another task stores in between, and its own store "
		"then overwrites that one; shared memory makes each store visible at once, but imposes no "
		"order.",
		"読んでから書くまでの間に他のタスクが書くと、読んだ値は古くなり、その書き込みは相手の更新を消してしまいます。"
		"共有メモリは書き込みをすぐ見せますが、順序は何も保証しません。",
	},
	.explain = {
		"The lock is a word in the shared page: 0 free, 1 taken, 2 taken and some task sleeps. "
		"Taking a free lock is one atomic instruction, without the kernel. Only a task that finds it "
		"taken makes a system call, futex wait, and a task that releases it while it is 2 makes "
		"another, futex wake. The kernel knows the word by its place in the shared object, not by "
		"its address: the tasks may map it anywhere, and it may be swapped out while they sleep. "
		"Message passing avoids the question: a message belongs to its receiver alone.",
		"ロックは共有ページの中の 1 語です。0 は空き、1 は使用中、2 は使用中で誰かが眠っている印です。空いたロックを"
		"取るのは不可分な 1 命令で済み、カーネルは必要ありません。使用中だったときだけ futex wait を呼び、2 のロックを"
		"返す側が futex wake を呼びます。カーネルはこの語をアドレスではなく共有オブジェクト内の位置で知るので、どこ"
		"にマップされていても、眠っている間にスワップアウトされてもかまいません。メッセージを送る方式ではこの問題は"
		"起こりません。送ったものはもう他の誰のものでもないからです。",
	},
	.run = run,
};
