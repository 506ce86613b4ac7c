/*
 * sorts.c - two ways to sort in little memory, side by side: the same result at a different
 * price.
 *
 * Both get the same text through a pipe and the same resident limit (RLIMIT_RSS). `sort` moves
 * lines, so that its accesses are sequential; `sort --jump` compares lines anywhere in the text.
 * The output is checked as in demo_work; the faults are the program's own (wait4).
 */
#include "demo.h"
#include "sorts.h"
#include "work.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FRAMES = 128, TIMES_WORSE = 2, WIDTH = 14 };

static char data[] = "/data/text.txt";

struct price {
	struct tally tally;
	bool right;			/* read to its end, and in order */
	long minor, major;		/* page faults */
	long long out, in;		/* pages written to swap, read from it */
	long milliseconds;
};

static void sort_with(char *const arguments[], struct price *price)
{
	static const char *const counters[] = { "pswpout", "pswpin", NULL };
	struct rusage usage = { 0 };
	int fd[2], status = -1;
	bool in_order = false;
	pid_t sort;

	if (pipe(fd) < 0)
		return;
	table_begin(counters);
	price->milliseconds = -demo_milliseconds();
	sort = demo_exec(arguments, -1, fd[1], FRAMES);
	close(fd[1]);
	price->right = judge_lines(fd[0], -1, &price->tally, &in_order) && in_order;
	close(fd[0]);
	if (sort <= 0 || wait4(sort, &status, 0, &usage) != sort || status != 0)
		price->right = false;
	price->milliseconds += demo_milliseconds();
	table_end();
	price->minor = usage.ru_minflt;
	price->major = usage.ru_majflt;
	price->out = table_change("pswpout");
	price->in = table_change("pswpin");
}

static void print_line(struct words what, long long by_runs, long long by_jumps)
{
	printf("  ");
	show_padded(show_words(what), 42);
	printf("%*lld%*lld\n", WIDTH, by_runs, WIDTH, by_jumps);
}

static void print_prices(const struct price *runs, const struct price *jumps)
{
	printf("\n");
	show_padded("", 44);
	printf("%*s%*s\n", WIDTH, "sort", WIDTH, "sort --jump");
	print_line((struct words){ "page faults (ru_minflt + ru_majflt)",
				   "ページフォルト (ru_minflt + ru_majflt)" },
		   runs->minor + runs->major, jumps->minor + jumps->major);
	print_line((struct words){ "... that waited for a disk (ru_majflt)",
				   "うちディスクを待ったもの (ru_majflt)" },
		   runs->major, jumps->major);
	print_line((struct words){ "pages read from swap (pswpin)", "スワップから読んだページ (pswpin)" },
		   runs->in, jumps->in);
	print_line((struct words){ "pages written to swap (pswpout)",
				   "スワップへ書いたページ (pswpout)" },
		   runs->out, jumps->out);
	print_line((struct words){ "milliseconds", "ミリ秒" }, runs->milliseconds,
		   jumps->milliseconds);
	print_line((struct words){ "lines that came out", "出てきた行" }, runs->tally.lines,
		   jumps->tally.lines);
	printf("\n");
}

static void expect_prices(const struct price *runs, const struct price *jumps)
{
	expect(runs->right, "sort failed or its lines are out of order",
	       "sort が失敗したか、行が順に並んでいない");
	expect(jumps->right, "sort --jump failed or its lines are out of order",
	       "sort --jump が失敗したか、行が順に並んでいない");
	expect(tally_equal(&runs->tally, &jumps->tally), "the two answers differ",
	       "2 つの答えが違う");
	expect(jumps->major >= TIMES_WORSE * runs->major,
	       "--jump waited for the disk %ld times, the other %ld times",
	       "ディスクを待った回数は --jump で %ld、もう一方で %ld", jumps->major, runs->major);
}

static bool can_sort(void)
{
	int fd = open(data, O_RDONLY);

	close(fd);
	if (fd < 0)
		verdict_not_run("%s is missing; it is on root.img, which make run attaches",
				"%s がない。make run が付ける root.img にある", data);
	else if (!pages_limit_works())
		verdict_not_run("this kernel does not hold a task to RLIMIT_RSS",
				"このカーネルは RLIMIT_RSS を守らせない");
	return fd >= 0 && pages_limit_works() && pages_memory("SwapTotal");
}

void demo_sorts(void)
{
	static char *const by_runs[] = { "sort", data, NULL };
	static char *const by_jumps[] = { "sort", "--jump", data, NULL };
	struct price runs = { 0 }, jumps = { 0 };

	if (!can_sort())
		return;
	say("It matters in which order memory is used. %s, 1 MiB, is sorted twice by a task "
	    "that may use %d frames: by moving lines along in runs, and by jumping about.",
	    "メモリをどの順に使うかで違いが出ます。1 MiB の %s を、%d フレームしか使えないタスクが"
	    "整列します。行を順に移していく方法と、飛び回る方法の 2 通りです。", data, FRAMES);
	sort_with(by_runs, &runs);
	sort_with(by_jumps, &jumps);
	print_prices(&runs, &jumps);
	expect_prices(&runs, &jumps);
}
