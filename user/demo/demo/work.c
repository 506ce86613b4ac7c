/*
 * work.c - real work in too little memory: sort, beside three tasks that guard their own
 * memory.
 *
 *	sort /data/words.txt | judge | cksum		three tasks that encrypt, decrypt, verify
 *
 * sort keeps every line in memory from malloc, at least three times what fits. The judge reads
 * its output: is it in order, does it have the lines of the input? Meanwhile this task reads
 * in /proc/PID/status how much of sort is in memory and how much in swap.
 */
#include "demo.h"
#include "work.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT = 3584, SMALL = 4200, TASKS = 3, CRYPT_PAGES = 320, LOOK_MS = 200, TELL_MS = 2000 };

static char data[] = "/data/words.txt";

/* On shared pages: what the children report. */
struct work {
	volatile bool stop;
	struct crypt crypts[TASKS];
	pid_t crypt_tasks[TASKS];
	pid_t sort, judge, cksum;
	int sorted[2], checked[2], told[2];	/* pipes: sort - judge - cksum - this task */
	struct tally source, result;
	bool source_read, result_read, in_order, unused;
	size_t frames, limit;			/* what sort may use; the limit that makes it so */
	size_t crypt_pages;			/* of each of the three tasks */
	long long peak_ram, peak_swap;		/* in KiB, when their sum was highest */
	char answer[64];			/* what cksum printed */
};

_Static_assert(sizeof(struct work) <= PAGE, "struct work is more than its page");

/* --- the tasks -------------------------------------------------------------------------------- */

static void judge(void *argument)
{
	struct work *work = argument;
	int fd;

	demo_descriptors(work->sorted[0], work->checked[1]);
	fd = open(data, O_RDONLY);
	work->source_read = fd >= 0 && judge_lines(fd, -1, &work->source, &work->unused);
	close(fd);
	work->result_read = judge_lines(STDIN_FILENO, STDOUT_FILENO, &work->result,
					&work->in_order);
}

static void start_crypts(struct work *work)
{
	for (int i = 0; i < TASKS; i++) {
		work->crypts[i] = (struct crypt){ .seed = 1000 + i, .stop = &work->stop,
						  .pages = work->crypt_pages };
		work->crypt_tasks[i] = demo_start(crypt_run, &work->crypts[i]);
	}
}

/* The children have the pipes now; this task reads only the output of cksum. */
static void close_pipes(struct work *work)
{
	close(work->sorted[0]);
	close(work->sorted[1]);
	close(work->checked[0]);
	close(work->checked[1]);
	close(work->told[1]);
}

static bool start(struct work *work)
{
	static char *const sort[] = { "sort", data, NULL }, *const cksum[] = { "cksum", NULL };

	/* Before there are pipes: a task that keeps a write end open would keep the reader waiting. */
	start_crypts(work);
	memset(work->sorted, -1, sizeof(work->sorted));
	memset(work->checked, -1, sizeof(work->checked));
	memset(work->told, -1, sizeof(work->told));
	if (pipe(work->sorted) < 0 || pipe(work->checked) < 0 || pipe(work->told) < 0) {
		close_pipes(work);
		return false;
	}
	work->sort = demo_exec(sort, -1, work->sorted[1], work->limit);
	work->judge = demo_start(judge, work);
	work->cksum = demo_exec(cksum, work->checked[0], work->told[1], 0);
	close_pipes(work);
	return work->sort > 0 && work->judge > 0 && work->cksum > 0;
}

/* --- looking on ------------------------------------------------------------------------------- */

static uint32_t rounds_done(const struct work *work)
{
	uint32_t rounds = 0;

	for (int i = 0; i < TASKS; i++)
		rounds += work->crypts[i].rounds;
	return rounds;
}

/* Records what sort holds; the text is read once, so that both figures are of one moment. */
static bool look(struct work *work, long long *in_ram, long long *in_swap)
{
	char path[32], text[2048], *ram, *swap;

	snprintf(path, sizeof(path), "/proc/%d/status", work->sort);
	if (proc_text(path, text, sizeof(text)) <= 0)
		return false;
	ram = strstr(text, "VmRSS:");
	swap = strstr(text, "VmSwap:");
	if (!ram || !swap)
		return false;
	*in_ram = strtoull(ram + 6, NULL, 10);
	*in_swap = strtoull(swap + 7, NULL, 10);
	if (*in_ram + *in_swap > work->peak_ram + work->peak_swap) {
		work->peak_ram = *in_ram;
		work->peak_swap = *in_swap;
	}
	return true;
}

static int watch(struct work *work)
{
	long start = demo_milliseconds(), told = start;
	long long in_ram, in_swap;
	int status = -1;

	while (waitpid(work->sort, &status, WNOHANG) == 0) {
		demo_rest(LOOK_MS);
		if (!look(work, &in_ram, &in_swap) || demo_milliseconds() - told < TELL_MS)
			continue;
		told = demo_milliseconds();
		say("after %ld s sort holds %lld KiB in RAM, %lld KiB in swap",
		    "%ld 秒後、sort は RAM に %lld KiB、スワップに %lld KiB",
		    (told - start) / 1000, in_ram, in_swap);
	}
	return status;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void expect_crypts(struct work *work)
{
	work->stop = true;
	for (int i = 0; i < TASKS; i++) {
		struct crypt *crypt = &work->crypts[i];

		expect(demo_wait(work->crypt_tasks[i]) == 0 && crypt->rounds > 0,
		       "task %d did not work", "タスク %d が働かない", i + 1);
		expect(crypt->wrong == 0, "task %d found %u wrong words", "タスク %d で %u 語が違う",
		       i + 1, (unsigned int)crypt->wrong);
	}
}

static void expect_text(struct work *work)
{
	unsigned int bytes = 0;
	char *blank;
	ssize_t n;

	expect(demo_wait(work->judge) == 0 && work->source_read && work->result_read,
	       "the text could not be judged", "文書を調べられない");
	n = read(work->told[0], work->answer, sizeof(work->answer) - 1);
	close(work->told[0]);
	expect(demo_wait(work->cksum) == 0 && n > 0, "cksum failed", "cksum が失敗");
	work->answer[strcspn(work->answer, "\n")] = '\0';
	blank = strchr(work->answer, ' ');
	if (blank)
		bytes = strtoul(blank, NULL, 10);
	expect(work->in_order, "lines are out of order", "行が順に並んでいない");
	expect(tally_equal(&work->source, &work->result), "%u lines went in, %u others came out",
	       "入った %u 行と出た %u 行が同じでない", (unsigned int)work->source.lines,
	       (unsigned int)work->result.lines);
	expect(bytes == work->source.bytes, "cksum counted %u bytes instead of %u",
	       "cksum の数えたバイトは %u、正しくは %u", bytes, (unsigned int)work->source.bytes);
	say("%u lines came out; cksum of them:\n%s", "%u 行が出ました。その cksum:\n%s",
	    (unsigned int)work->result.lines, work->answer);
}

static void expect_memory(const struct work *work)
{
	long long held = (work->peak_ram + work->peak_swap) / (PAGE / 1024);

	table_row("most pages sort held (VmRSS + VmSwap)", "sort の最大ページ数 (VmRSS + VmSwap)", 0,
		  held);
	table_row("frames it may use", "使ってよいフレーム", work->frames, work->frames);
	table_row("rounds that the three tasks verified", "3 つのタスクが確かめた回数", 0,
		  rounds_done(work));
	table_print();
	expect(held >= 3 * (long long)work->frames, "sort held %lld pages, less than 3 times %lu",
	       "sort の持ったページは %lld、%lu の 3 倍に満たない", held,
	       (unsigned long)work->frames);
	expect_rise_of_at_least("pswpout", 2 * work->frames);
	expect_rise_of_at_least("pswpin", 2 * work->frames);
}

/* --- before the start ------------------------------------------------------------------------- */

static bool can_run(void)
{
	int fd = open(data, O_RDONLY);

	close(fd);
	if (fd < 0)
		verdict_not_run("%s is missing; it is on root.img, which make run attaches",
				"%s がない。make run が付ける root.img にある", data);
	else if (!pages_memory("SwapTotal"))
		verdict_not_run("no swap area, so there is nowhere to put what does not fit",
				"スワップ領域がないので、入り切らないものの置き場がない");
	else if (pages_memory("MemAvailable") > SMALL && !pages_limit_works())
		verdict_not_run("this kernel does not hold a task to RLIMIT_RSS",
				"このカーネルは RLIMIT_RSS を守らせない");
	else
		return true;
	return false;
}

static void work_on(struct work *work)
{
	static const char *const counters[] = { "pgfault", "pgmajfault", "pswpout", "swap_runs",
						"pswpin", "clean_drop", NULL };
	int status;

	table_begin(counters);
	if (!start(work)) {
		pid_t started[] = { work->sort, work->judge, work->cksum };

		expect(false, "the tasks could not be started", "タスクを始められない");
		demo_kill_all(started, 3);
		close(work->told[0]);
		expect_crypts(work);
		return;
	}
	status = watch(work);
	expect(status == 0, "sort ended with status %d", "sort は状態 %d で終わった", status);
	expect_text(work);
	expect_crypts(work);
	table_end();
	expect_memory(work);
}

static void run(void)
{
	size_t available = pages_memory("MemAvailable");
	struct work *work;

	if (!can_run())
		return;
	work = pages_map(1, MAP_SHARED);
	if (!work)
		return;
	work->limit = available > SMALL ? LIMIT : 0;
	work->frames = work->limit ? work->limit : available;
	/* All three together a quarter of a small machine, or each about a MiB. */
	work->crypt_pages = available / 12 < CRYPT_PAGES ? available / 12 : CRYPT_PAGES;
	say("Each of the three tasks has %lu pages, %lu KiB.",
	    "3 つのタスクはそれぞれ %lu ページ、%lu KiB を持ちます。",
	    (unsigned long)work->crypt_pages, (unsigned long)work->crypt_pages * (PAGE / 1024));
	if (work->limit)
		say("This machine has more frames than sort needs, so it is held to %d (RLIMIT_RSS).",
		    "このマシンは十分なフレームを持つので、sort を %d に限ります（RLIMIT_RSS）。", LIMIT);
	work_on(work);
	munmap(work, PAGE);
}

const struct demo demo_work = {
	.name = "work",
	.title = { "real work: sort three times what fits, beside three tasks",
		   "実際の仕事: 入り切る量の 3 倍を整列、ほかに 3 つのタスク" },
	.question = {
		"sort keeps 2.4 million lines in memory, more than three times what the machine has. Does it "
		"finish, and is every line right?",
		"sort が 240 万行をメモリに置きます。マシンの持つ量の 3 倍以上です。終わるでしょう"
		"か。すべての行が正しいでしょうか。",
	},
	.done = {
		"sort /data/words.txt runs, piped through a judge into cksum; beside it three "
		"tasks encrypt, decrypt and verify memory of their own, until sort is done.",
		"sort /data/words.txt の出力を審判と cksum に流します。その横で 3 つのタスクが"
		"自分のメモリを、sort が終わるまで暗号化し、戻し、確かめ続けます。",
	},
	.why = {
		"sort walks its memory from one end to the other, so each page goes to the disk "
		"and comes back only a few times, many in one request; and while one task waits "
		"for the disk the others run.",
		"sort はメモリを端から端へ順に進むので、各ページがディスクとの間を行き来するのは"
		"数回で、1 回の要求に何ページもまとまります。1 つがディスクを待つ間、他のタスク"
		"が走ります。",
	},
	.explain = {
		"What counts in too little memory is not how much a program holds, but how much "
		"it touches in a while: its working set. This sort reads as much as fits, sorts "
		"it, and later merges such runs by moving their lines along, so at any time it "
		"needs a few pages only. demo big shows another one that jumps about: the same "
		"answer, many more faults. The sizes of RAM and swap bound what can be done; "
		"the working set decides how fast.",
		"メモリが足りないとき大事なのは、どれだけ持つかではなく、しばらくの間にどれだけ"
		"触れるか、つまりワーキングセットです。この sort は入るだけ読んで整列し、後でそ"
		"の並びを行を移しながら併合するので、どの時点でも数ページしか必要ありません。demo "
		"big では飛び回る整列と比べます。答えは同じで、フォルトははるかに多くなります。"
		"できることは RAM とスワップの大きさで決まり、速さはワーキングセットで決まりま"
		"す。",
	},
	.run = run,
};
