/*
 * demo_msg - the same work in three ways: with pipes, with message queues, in shared memory.
 *
 * Four tasks brighten the four stripes of a picture, several times over. Through pipes and queues each page travels to the
 * task and back; in shared memory the task works on the picture itself.
 */
#include "demo.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <ticks.h>
#include <unistd.h>

enum { TASKS = 4, STRIPE = 16, PAGES = TASKS * STRIPE, BYTES = PAGES * PAGE, ROUNDS = 4, STEP = 3 };
enum { WAYS = 3, FIGURES = 5, LONGEST_S = 300 };

struct worker {
	int number;
	int in, out;			/* pipes */
	int to, from;			/* queues */
	unsigned char *stripe;		/* in shared memory */
};

/* The owner's ends of the pipes to and from a worker; -1: there is none. */
struct ends {
	int to, from;
};

/* A page as a message: its type is the worker's number + 1; the way back has a queue of its own. */
struct parcel {
	long type;
	unsigned char bytes[PAGE];
};

static const char *const counters[FIGURES] = { "msg_bytes", "syscalls", "pgfault", "switches", NULL };
static const struct words figure_names[FIGURES] = {
	{ "bytes copied (msg_bytes)", "コピーされたバイト (msg_bytes)" },
	{ "system calls", "システムコール" },
	{ "page faults", "ページフォルト" },
	{ "task switches", "タスクの切り替え" },
	{ "thousands of processor ticks", "プロセッサのティック（千）" },
};
static long long figures[WAYS][FIGURES];
static unsigned char *picture;
static struct parcel parcel;

static void brighten(unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] += STEP;
}

static void fill_picture(void)
{
	for (size_t i = 0; i < BYTES; i++)
		picture[i] = i * 31 + i / PAGE;
}

static bool picture_is_right(void)
{
	for (size_t i = 0; i < BYTES; i++)
		if (picture[i] != (unsigned char)(i * 31 + i / PAGE + ROUNDS * STEP))
			return false;
	return true;
}

static bool move(int fd, unsigned char *bytes, bool send)
{
	for (size_t done = 0; done < PAGE;) {
		ssize_t n = send ? write(fd, bytes + done, PAGE - done) : read(fd, bytes + done, PAGE - done);

		if (n <= 0)
			return false;
		done += n;
	}
	return true;
}

/* --- the workers ------------------------------------------------------------------------------ */

static void work_by_pipe(void *argument)
{
	struct worker *w = argument;

	/* No other task may keep an end open: a closed pipe is how each side detects the end of the other. */
	demo_descriptors(w->in, w->out);
	for (int i = 0; i < ROUNDS * STRIPE; i++) {
		if (!move(STDIN_FILENO, parcel.bytes, false))
			_exit(1);
		brighten(parcel.bytes, PAGE);
		if (!move(STDOUT_FILENO, parcel.bytes, true))
			_exit(1);
	}
}

static void work_by_queue(void *argument)
{
	struct worker *w = argument;

	/* A queue outlives its users: removing it ends the wait for the next page. */
	alarm(LONGEST_S);
	for (int i = 0; i < ROUNDS * STRIPE; i++) {
		if (msgrcv(w->to, &parcel, PAGE, w->number + 1, 0) != PAGE)
			_exit(1);
		brighten(parcel.bytes, PAGE);
		if (msgsnd(w->from, &parcel, PAGE, 0) < 0)
			_exit(1);
	}
}

static void work_in_memory(void *argument)
{
	struct worker *w = argument;

	for (int round = 0; round < ROUNDS; round++)
		brighten(w->stripe, STRIPE * PAGE);
}

/* --- who owns the picture --------------------------------------------------------------------- */

static pid_t children[TASKS];

static unsigned char *page_of(int worker, int page)
{
	return picture + (worker * STRIPE + page) * PAGE;
}

/* One page to each, then one back from each: no task waits for a page that does not come. */
static bool serve_pipes(const struct ends *ends)
{
	for (int i = 0; i < ROUNDS * STRIPE; i++) {
		for (int w = 0; w < TASKS; w++)
			if (!move(ends[w].to, page_of(w, i % STRIPE), true))
				return false;
		for (int w = 0; w < TASKS; w++)
			if (!move(ends[w].from, page_of(w, i % STRIPE), false))
				return false;
	}
	return true;
}

static bool serve_queues(const struct worker *workers)
{
	for (int i = 0; i < ROUNDS * STRIPE; i++) {
		for (int w = 0; w < TASKS; w++) {
			parcel.type = w + 1;
			memcpy(parcel.bytes, page_of(w, i % STRIPE), PAGE);
			if (msgsnd(workers[w].to, &parcel, PAGE, 0) < 0)
				return false;
		}
		for (int w = 0; w < TASKS; w++) {
			if (msgrcv(workers[w].from, &parcel, PAGE, 0, 0) != PAGE)
				return false;
			memcpy(page_of(parcel.type - 1, i % STRIPE), parcel.bytes, PAGE);
		}
	}
	return true;
}

/* Two pipes to a new worker; only the owner's ends stay open here. If it could not be started, serving it fails. */
static struct ends hire(struct worker *worker, pid_t *child)
{
	struct ends ends = { -1, -1 };
	int there[2], back[2];

	*child = -1;
	if (pipe(there) < 0)
		return ends;
	ends.to = there[1];
	if (pipe(back) == 0) {
		ends.from = back[0];
		worker->in = there[0];
		worker->out = back[1];
		*child = demo_start(work_by_pipe, worker);
		close(back[1]);
	}
	close(there[0]);
	return ends;
}

static bool through_pipes(struct worker *workers)
{
	struct ends ends[TASKS];
	bool well;

	for (int w = 0; w < TASKS; w++)
		ends[w] = hire(&workers[w], &children[w]);
	demo_pipes_may_break(true);
	well = serve_pipes(ends);
	demo_pipes_may_break(false);
	for (int w = 0; w < TASKS; w++) {
		close(ends[w].to);
		close(ends[w].from);
	}
	return demo_wait_all(children, TASKS) && well;
}

static int to, from;		/* the queues */

static void remove_queues(void)
{
	msgctl(to, IPC_RMID, NULL);
	msgctl(from, IPC_RMID, NULL);
}

/* SIGCHLD: a child has ended. If it failed its messages will not come: removing the queues ends the wait for them. */
static void look_after(int unused)
{
	(void)unused;
	for (int w = 0; w < TASKS; w++)
		if (children[w] && demo_failed(children[w]))
			remove_queues();
}

static bool through_queues(struct worker *workers)
{
	struct sigaction look = { .sa_handler = look_after }, usual;
	bool well;

	memset(children, 0, sizeof(children));
	to = msgget(IPC_PRIVATE, 0600);
	from = msgget(IPC_PRIVATE, 0600);
	sigaction(SIGCHLD, &look, &usual);
	for (int w = 0; w < TASKS; w++) {
		workers[w].to = to;
		workers[w].from = from;
		children[w] = demo_start(work_by_queue, &workers[w]);
	}
	/* A child may have ended before its pid was stored here. */
	raise(SIGCHLD);
	well = serve_queues(workers);
	sigaction(SIGCHLD, &usual, NULL);
	if (!well)
		remove_queues();
	well &= demo_wait_all(children, TASKS);
	remove_queues();
	return well;
}

static bool in_memory(struct worker *workers)
{
	for (int w = 0; w < TASKS; w++) {
		workers[w].stripe = page_of(w, 0);
		children[w] = demo_start(work_in_memory, &workers[w]);
	}
	return demo_wait_all(children, TASKS);
}

/* --- the comparison --------------------------------------------------------------------------- */

static void measure(int way, bool (*f)(struct worker *), const char *name)
{
	struct worker workers[TASKS];
	uint64_t start;

	for (int w = 0; w < TASKS; w++)
		workers[w].number = w;
	fill_picture();
	table_settle("msg_bytes");
	start = ticks();
	table_begin(counters);
	expect(f(workers), "%s: a task failed", "%s: タスクが失敗", name);
	table_end();
	figures[way][FIGURES - 1] = (long long)((ticks() - start) / 1000);
	for (int i = 0; i < FIGURES - 1; i++)
		figures[way][i] = table_change(counters[i]);
	expect(picture_is_right(), "%s: the picture is wrong", "%s: 絵が正しくない", name);
}

static void print_comparison(void)
{
	static const struct words heads[WAYS] = {
		{ "pipes", "パイプ" }, { "queues", "キュー" }, { "shared", "共有" },
	};

	printf("\n  ");
	show_padded("", 34);
	for (int way = 0; way < WAYS; way++)
		show_padded(show_words(heads[way]), way < WAYS - 1 ? 13 : 0);
	putchar('\n');
	for (int i = 0; i < FIGURES; i++) {
		printf("  ");
		show_padded(show_words(figure_names[i]), 34);
		for (int way = 0; way < WAYS; way++) {
			char text[24] = "-";

			if (figures[way][i] != PROC_ABSENT)
				snprintf(text, sizeof(text), "%lld", figures[way][i]);
			show_padded(text, way < WAYS - 1 ? 13 : 0);
		}
		putchar('\n');
	}
	putchar('\n');
}

/* A kernel may be built without them (make core). */
static bool queues_exist(void)
{
	int queue = msgget(IPC_PRIVATE, 0600);

	if (queue >= 0)
		msgctl(queue, IPC_RMID, NULL);
	return queue >= 0 || errno != ENOSYS;
}

static void run(void)
{
	const long long travelled = 4ll * BYTES * ROUNDS;	/* in and out of the kernel, there and back */

	if (!queues_exist()) {
		verdict_not_run("this kernel was built without System V message queues",
				"このカーネルは System V メッセージキューなしで構築されています");
		return;
	}
	picture = pages_map(PAGES, MAP_SHARED);
	if (!picture)
		return;
	measure(0, through_pipes, "pipes");
	measure(1, through_queues, "queues");
	measure(2, in_memory, "shared memory");
	print_comparison();
	if (figures[0][0] != PROC_ABSENT) {
		expect(figures[0][0] == travelled, "pipes copied %lld bytes", "パイプのコピーは %lld バイト", figures[0][0]);
		expect(figures[1][0] == travelled, "queues copied %lld bytes", "キューのコピーは %lld バイト", figures[1][0]);
		expect(figures[2][0] == 0, "shared memory copied %lld bytes", "共有メモリで %lld バイトコピー", figures[2][0]);
		expect(figures[2][1] < figures[0][1] / 10, "sharing took %lld system calls",
		       "共有で %lld 回のシステムコール", figures[2][1]);
	}
	munmap(picture, BYTES);
}

const struct demo demo_msg = {
	.name = "msg",
	.title = { "the same work by messages and in shared memory", "同じ仕事をメッセージと共有メモリで" },
	.question = {
		"Four tasks edit a picture of 256 KiB together, four times over. What does it cost when the pages "
		"are sent to them, and what when they share the picture?",
		"4 つのタスクが 256 KiB の絵を 4 回、共同で編集します。ページを送る場合と、絵を共有する場合では、費用は"
		"どう違うでしょうか。",
	},
	.done = {
		"Each task brightens its quarter. First each page goes to the task and back through pipes, then "
		"through two System V message queues, then the tasks work on the picture itself.",
		"各タスクは自分の 4 分の 1 を明るくします。まずパイプでページを送って返し、次に System V のメッセージ"
		"キュー 2 本で同じことをし、最後に絵そのものの上で働きます。",
	},
	.why = {
		"A message is copied into the kernel and out of it, there and back, and each way is a call and often "
		"a switch; a shared page costs each task one fault, whatever is done to it afterwards.",
		"メッセージはカーネルへ、カーネルからと、往復で 4 回コピーされ、そのたびにシステムコールと、たいてい切り替えが"
		"必要です。共有ページは各タスクに 1 回のフォルトを払わせるだけで、あとは何をしても費用がかかりません。",
	},
	.explain = {
		"Go's advice, do not communicate by sharing memory but share memory by communicating, has a "
		"price and a benefit: a message belongs to its receiver alone, so no update can be lost as "
		"in `demo race`, and the tasks need not even be on the same machine. The price grows with "
		"what is sent. Shared memory is for what is large and edited in place; then the tasks must "
		"agree on who may touch what, as here, where each has its own stripe.",
		"「メモリを共有して通信するな、通信してメモリを共有せよ」という Go の助言には代価があり、得るものもあります。"
		"送ったものはもう他の誰のものでもないので、`demo race` のような喪失は起こらず、タスクは同じマシンにいる必要も"
		"ありません。代価は送る量とともに増えます。大きなものをその場で編集するなら共有メモリが向きますが、誰がどこに"
		"触れてよいかを決めておく必要があります。ここでは各タスクが自分の帯を持っています。",
	},
	.run = run,
};
