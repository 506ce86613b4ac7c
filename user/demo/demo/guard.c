/*
 * guard.c - protection: a forbidden access ends the task that tried it, and no other.
 */
#include "demo.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

static void read_kernel(void *unused)
{
	(void)unused;
	(void)*(volatile char *)0xc0000000;
}

static void store_in_text(void *unused)
{
	(void)unused;
	*(volatile char *)(uintptr_t)read_kernel = 0;
}

static void touch_zero(void *unused)
{
	/* Volatile, or the compiler would treat the access as undefined. */
	char *volatile nowhere = NULL;

	(void)unused;
	*(volatile char *)nowhere = 1;
}

static void store_in_own(void *secret)
{
	memset(secret, 'b', PAGE);
}

static const struct attempt {
	void (*f)(void *);
	struct words what;
} attempts[] = {
	{ read_kernel, { "reads 0xC0000000, where the kernel begins",
			 "カーネルの始まる 0xC0000000 を読む" } },
	{ store_in_text, { "stores to its own instructions", "自分の命令の上に書く" } },
	{ touch_zero, { "stores to address 0, a null pointer", "アドレス 0（空ポインタ）に書く" } },
};
enum { ATTEMPTS = sizeof(attempts) / sizeof(attempts[0]) };

static int ended;			/* by a signal */

static void try_one(int number, const struct attempt *attempt)
{
	int status, signal;

	say("Task %d %s:", "タスク %d は%s:", number, show_words(attempt->what));
	status = demo_in_child(attempt->f, NULL);
	signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	expect(signal == SIGSEGV, "task %d ended with status %d, not by SIGSEGV",
	       "タスク %d は SIGSEGV でなく状態 %d で終わった", number, status);
	if (!signal)
		return;
	say("it was ended by signal %d (%s).", "シグナル %d で終わりました（%s）。", signal,
	    strsignal(signal));
	ended++;
}

/* The next task stores to an address that the parent uses too, but changes only its own page. */
static void go_on(char *secret)
{
	memset(secret, 'a', PAGE);
	expect(demo_in_child(store_in_own, secret) == 0, "the next task did not go on",
	       "次のタスクが動かない");
	for (int i = 0; i < PAGE; i++)
		expect(secret[i] == 'a', "another task changed our memory",
		       "他のタスクが我々のメモリを書き換えた");
	say("Task 4 stores 4096 times 'b' to its own memory and ends with status 0. At the same "
	    "address this task still reads '%c'.",
	    "タスク 4 は自分のメモリに 'b' を 4096 回書いて状態 0 で終わりました。同じアドレスで、この"
	    "タスクはまだ '%c' を読みます。", secret[PAGE - 1]);
}

static void run(void)
{
	static const char *const counters[] = { "fault_refused", NULL };
	char *secret = pages_map(1, MAP_PRIVATE);

	if (!secret)
		return;
	table_begin(counters);
	ended = 0;
	for (int i = 0; i < ATTEMPTS; i++)
		try_one(i + 1, &attempts[i]);
	table_end();
	/* An access to the kernel's addresses is refused before any region is looked up, and need not be counted. */
	expect_rise_of_at_least("fault_refused", ATTEMPTS - 1);
	go_on(secret);
	table_row("tasks ended by SIGSEGV", "SIGSEGV で終わったタスク", 0, ended);
	table_print();
	munmap(secret, PAGE);
}

const struct demo demo_guard = {
	.name = "guard",
	.title = { "protection: a task dies of its own mistakes, alone",
		   "保護: 誤りで終わるのは、そのタスクだけ" },
	.question = {
		"A task touches the kernel's memory, its own instructions, a null pointer. What "
		"happens to it, and to the others?",
		"タスクがカーネルのメモリ、自分の命令、空ポインタに触れます。そのタスクはどうなる"
		"でしょうか。他のタスクは。",
	},
	.done = {
		"Three child tasks each do one forbidden thing; a fourth one does its work.",
		"3 つの子タスクがそれぞれ禁じられたことを 1 つずつ行い、4 つ目は普通に働きます。",
	},
	.why = {
		"The processor checks every access against the page table, and the kernel sends SIGSEGV to a "
		"task whose access no region permits.",
		"すべてのアクセスはプロセッサがページテーブルで調べます。どの領域も許さないもの"
		"には、カーネルが試みた当人に SIGSEGV で答えます。",
	},
	.explain = {
		"A page-table entry says whether a page is there, whether it may be written, and whether "
		"user code may touch it at all. The kernel's own pages are in every task's table, but closed "
		"to user code; instructions are mapped for reading; the first page is never mapped, so that "
		"null pointers are noticed. Two tasks use the same addresses, but each has its own table, so "
		"one cannot even name the memory of the other. That keeps a system stable although its "
		"programs have bugs.",
		"ページテーブルのエントリは、ページがあるか、書いてよいか、ユーザの命令が触れてよい"
		"かを示します。カーネルのページはどのタスクのテーブルにもありますが、ユーザには"
		"閉じています。命令は読み出し専用、最初のページは空ポインタに気付くため決して"
		"マップされません。2 つのタスクは同じアドレスを使いますが、テーブルは別々なので、互"
		"いのメモリを名指すことすらできません。プログラムに誤りがあってもシステムが安定"
		"しているのはそのためです。",
	},
	.run = run,
};
