/*
 * debug.c - the heap's debugger at work on two small programs with a mistake each: leaky.c loses memory, stale.c uses memory
 * that it has freed. They are programs of their own, so that the mistake ends only them and the reports name their lines.
 */
#include "demo.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FRAMES = 600, LOST = 2000, LOST_BYTES = 8000000, TEXT = 2000 };

static char text[TEXT];

/* Printed as at a prompt before it runs, so that the kernel's message comes after it. */
static void show_command(const char *name, const char *mode)
{
	printf("  $ %s%s%s%s\n", *mode ? "MALLOC_DEBUG=" : "", mode, *mode ? " " : "", name);
}

/* Runs it with MALLOC_DEBUG=mode and so many resident pages (0: no limit); `text` gets its output. => its wait status */
static int run_program(char *name, const char *mode, size_t frames)
{
	char *arguments[] = { name, NULL };
	size_t used = 0;
	ssize_t got;
	pid_t child;
	int fd[2];

	text[0] = '\0';
	show_command(name, mode);
	if (pipe(fd) < 0)
		return -1;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		dup2(fd[1], STDERR_FILENO);
		demo_descriptors(-1, fd[1]);
		setenv("MALLOC_DEBUG", mode, true);
		if (frames)
			pages_limit(frames);
		execvp(name, arguments);
		_exit(127);
	}
	close(fd[1]);
	while ((got = read(fd[0], text + used, TEXT - 1 - used)) > 0)
		used += got;
	text[used] = '\0';
	close(fd[0]);
	return demo_wait(child);
}

static void show_said(void)
{
	char *line = text, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		printf("  %.*s\n", (int)(end - line), line);
}

/* If the program's file has no line numbers it can only report addresses. */
static bool names_a_place(const char *what, const char *place)
{
	const char *found = strstr(text, what);

	found = found ? found + strlen(what) : NULL;
	return found && (strncmp(found, place, strlen(place)) == 0 || strncmp(found, "0x", 2) == 0);
}

static void run_leak(void)
{
	static const char *const counters[] = { "pswpout", NULL };
	unsigned int bytes = 0, blocks = 0;
	const char *lost;
	int status;

	table_begin(counters);
	status = run_program("leaky", "leaks", FRAMES);
	table_end();
	show_said();
	lost = strstr(text, "definitely lost: ");
	if (lost) {
		bytes = atoi(lost + strlen("definitely lost: "));
		blocks = atoi(strstr(lost, " in ") + strlen(" in "));
	}
	table_row("blocks lost", "失われたブロック", 0, blocks);
	table_row("bytes lost", "失われたバイト", 0, bytes);
	table_print();
	expect(status == 0, "leaky ended with status %d", "leaky は状態 %d で終わった", status);
	expect(blocks == LOST && bytes == LOST_BYTES, "%u blocks of %u bytes lost", "%u ブロック、%u バイトが失われた", blocks, bytes);
	expect(names_a_place("allocated at ", "leaky.c:"), "the report names no line", "報告が行を示していない");
	if (pages_limit_works() && pages_memory("SwapTotal"))
		expect_rise_of_at_least("pswpout", LOST_BYTES / PAGE - FRAMES);
}

/* The same program three times; only the last run is stopped at the mistake. */
static void run_uaf(void)
{
	static const char *const counters[] = { "fault_refused", NULL };
	int status;

	table_begin(counters);
	expect(run_program("stale", "", 0) == 0 && strstr(text, "bank: the code is 4711"), "the guest did not read the bank's text",
	       "guest が bank の文字列を読まなかった");
	show_said();
	expect(run_program("stale", "redzone", 0) == 0 && strstr(text, "first byte dd"), "the guest did not read poison",
	       "guest が毒を読まなかった");
	show_said();
	status = run_program("stale", "fence", 0);
	show_said();
	table_end();
	table_row("task ended by signal", "タスクを終わらせたシグナル", 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	table_print();
	expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "it ended with status %d, not by SIGSEGV",
	       "SIGSEGV でなく状態 %d で終わった", status);
	expect(!strstr(text, "guest reads"), "the read was not stopped", "読み出しが止められなかった");
	expect(strstr(text, "heap: read byte 0 of the block of 40 bytes") && names_a_place("freed at ", "stale.c:"),
	       "the heap did not tell what was read", "ヒープが何を読んだか告げなかった");
	expect_rise_of_at_least("fault_refused", 2);		/* one for the handler, one that ends the program */
}

const struct demo demo_leak = {
	.name = "leak",
	.title = { "memory that nobody can free any more", "もう誰も解放できないメモリ" },
	.question = {
		"A program allocates a note for each of 2000 visitors and forgets every one of them. It never fails. Who pays, and "
		"who finds the line?",
		"プログラムが 2000 人の訪問者ごとにメモを割り当て、すべて忘れてしまいます。失敗はしません。その代価を払うのは"
		"誰で、その行を見つけるのは誰でしょうか。",
	},
	.done = {
		"leaky runs with MALLOC_DEBUG=leaks and 600 frames. It prints how large it is; the heap reports when it ends.",
		"leaky を MALLOC_DEBUG=leaks、フレーム 600 枚で動かします。leaky は自分の大きさを、ヒープは終了時に報告を出力"
		"します。",
	},
	.why = {
		"Lost memory is never used again, so its pages go to swap, and only a search through all "
		"pointers shows that none leads to it.",
		"失われたものは二度と使われないので、そのページはスワップへ行きます。どのポインタもそこを指していないことは、"
		"すべてのポインタを調べて初めて分かります。",
	},
	.explain = {
		"The kernel cannot know that a page is no longer needed: it keeps its contents, if necessary "
		"in swap. With MALLOC_DEBUG=leaks the heap remembers for each block the calls that led to "
		"malloc. When the program ends, every aligned word of its data, its stack and its registers "
		"is taken for a pointer; the blocks that these point to are searched in the same way. A "
		"block that was not reached is definitely lost, the rest still reachable. File and line come "
		"out of the program's own file. A number that happens to look like a pointer can hide a "
		"leak. user/lib/heap_leaks.c does it; a garbage collector does the same while the program "
		"runs, and frees what it did not reach.",
		"あるページがもう役に立たないことを、カーネルは知りえません。書かれたものは、必要ならスワップに取っておきます。"
		"MALLOC_DEBUG=leaks を指定すると、ヒープはブロックごとに malloc に至った呼び出しを覚えます。プログラムが終わると、"
		"データ、スタック、レジスタの整列した語をすべてポインタとみなし、それが指すブロックの中も同じように調べます。届か"
		"なかったものは確実に失われたもの、残りはまだ届くものです。ファイルと行はプログラム自身のファイルから分かります。"
		"たまたまポインタに見える数が漏れを隠すことはあります。user/lib/heap_leaks.c がこれを行います。ごみ集めは同じこと"
		"を実行中に行い、届かなかったものを解放します。",
	},
	.run = run_leak,
};

const struct demo demo_uaf = {
	.name = "uaf",
	.title = { "use after free: reading somebody else's data", "解放後の使用: 他人のデータを読む" },
	.question = {
		"A guest's text is freed, a bank's is allocated, and the program prints the guest's once more. What does it "
		"print, and when is that noticed?",
		"guest の文字列を解放し、bank の文字列を割り当ててから、もう一度 guest の文字列を出力します。何が出力され、それは"
		"いつ気付かれるでしょうか。",
	},
	.done = {
		"stale runs three times: as it is, with MALLOC_DEBUG=redzone, and with MALLOC_DEBUG=fence.",
		"stale を 3 回動かします。そのまま、MALLOC_DEBUG=redzone、MALLOC_DEBUG=fence で。",
	},
	.why = {
		"malloc gives freed memory to the next caller, so an old pointer leads to new data; the "
		"processor stops an access through it only if the page is closed. That single read causes "
		"two refused faults: the heap's handler reports the first, the instruction runs again, and "
		"the second ends the program.",
		"malloc は解放されたメモリを次の要求者に渡すので、古いポインタは新しいデータを指します。それをたどる命令をプロ"
		"セッサが止めるのは、ページが閉じられているときだけです。1 回の読み出しで拒まれるフォルトは 2 回です。1 回目をヒープのハンドラが報告し、"
		"命令がもう一度実行され、2 回目でプログラムが終わります。",
	},
	.explain = {
		"The hardware knows pages, not blocks of the heap. In a page that holds many blocks any of "
		"them can be read through any pointer. With red zones a freed block is filled with 0xdd and "
		"held back: the reader gets no secret, but it is not stopped. With fence each block has "
		"pages of its own, and free takes their permissions away; the next use is a page fault that "
		"the kernel refuses with SIGSEGV. The heap's handler then reports the access, the block, "
		"where it was allocated and where it was freed, and lets the program end. "
		"user/lib/heap_fence.c is the whole of it; docs/heap-bugs.md compares the modes.",
		"ハードウェアにとってヒープのブロックは存在せず、あるのはページだけです。多くのブロックが載ったページでは、どのポ"
		"インタからでもどのブロックでも読めます。redzone では解放されたブロックを 0xdd で埋めて取っておきます。秘密は読まれ"
		"ませんが、読む者を止める者もいません。fence では各ブロックが自分だけのページを持ち、free がその許可を取り上げます。"
		"次に使うとページフォルトになり、カーネルが SIGSEGV で拒みます。ヒープのハンドラは、どのブロックに何をしたか、ど"
		"こで割り当てられ、どこで解放されたかを告げ、プログラムを終わらせます。すべて user/lib/heap_fence.c にあります。"
		"docs/heap-bugs.md が各モードを比べています。",
	},
	.run = run_uaf,
};
