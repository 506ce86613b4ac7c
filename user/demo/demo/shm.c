/*
 * shm.c - one frame, two tasks: shared memory; then the same bytes through a pipe.
 *
 * First with a child that inherits the mapping, then with two mappings of one name in /dev/shm by
 * tasks that need not be related. Last, the bytes go through a pipe, and the kernel counts its copies.
 */
#include "demo.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGES = 16, BYTES = PAGES * PAGE };

static const char name[] = "/demo-shm";

/* What a child saw and did; two of these, on a shared page of their own. */
struct meeting {
	unsigned char *memory;
	unsigned long frame;		/* of the first page, as the child sees it */
	bool right;			/* the child found what the parent had stored */
	int pipe[2];
};

static unsigned char pattern(size_t i, unsigned int seed)
{
	return i * 31 + i / PAGE + seed;
}

static void fill(unsigned char *memory, unsigned int seed)
{
	for (size_t i = 0; i < BYTES; i++)
		memory[i] = pattern(i, seed);
}

static bool is_filled(const unsigned char *memory, unsigned int seed)
{
	for (size_t i = 0; i < BYTES; i++)
		if (memory[i] != pattern(i, seed))
			return false;
	return true;
}

/* Reads what the parent stored, and answers by storing something else in the same place. */
static void answer(struct meeting *meeting)
{
	meeting->right = is_filled(meeting->memory, 1);
	meeting->frame = pages_frame(meeting->memory);
	fill(meeting->memory, 2);
}

static void inherit(void *argument)
{
	answer(argument);
}

static unsigned char *map_name(void)
{
	int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
	void *p = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, BYTES) == 0)
		p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

/* Unmaps the inherited mapping: this task has only the name. */
static void open_by_name(void *argument)
{
	struct meeting *meeting = argument;

	munmap(meeting->memory, BYTES);
	meeting->memory = map_name();
	if (meeting->memory)
		answer(meeting);
}

static void send(void *argument)
{
	struct meeting *meeting = argument;

	close(meeting->pipe[0]);
	for (size_t i = 0; i < BYTES; i += PAGE)
		if (write(meeting->pipe[1], meeting->memory + i, PAGE) != PAGE)
			_exit(1);
}

static void expect_meeting(const struct meeting *meeting, unsigned char *memory, const char *how)
{
	expect(meeting->right, "%s: the child did not see the parent's bytes",
	       "%s: 子に親の書いたバイトが見えない", how);
	expect(is_filled(memory, 2), "%s: the parent did not see the child's bytes",
	       "%s: 親に子の書いたバイトが見えない", how);
	expect(meeting->frame == pages_frame(memory),
	       "%s: frame %lu in the child, %lu in the parent", "%s: フレームは子で %lu、親で %lu",
	       how, meeting->frame, pages_frame(memory));
}

static void say_meeting(const struct meeting *meeting, unsigned char *memory, const char *how)
{
	unsigned long own = pages_frame(memory);

	if (own)
		say("%s: page 0 is frame %lu in the parent and frame %lu in the child.",
		    "%s: ページ 0 は親ではフレーム %lu、子ではフレーム %lu です。", how, own,
		    meeting->frame);
}

static void through_memory(struct meeting *meeting, unsigned char *memory, void (*child)(void *),
			   const char *how)
{
	fill(memory, 1);
	meeting->memory = memory;
	meeting->frame = 0;
	meeting->right = false;
	expect(demo_in_child(child, meeting) == 0, "%s: the child failed", "%s: 子タスクが失敗", how);
	expect_meeting(meeting, memory, how);
}

static bool receive(int fd, unsigned char *to)
{
	size_t got = 0;
	ssize_t n;

	while (got < BYTES && (n = read(fd, to + got, BYTES - got)) > 0)
		got += n;
	return got == BYTES;
}

static void through_pipe(struct meeting *meeting, unsigned char *memory)
{
	unsigned char *copy = pages_map(PAGES, MAP_PRIVATE);
	pid_t sender;

	if (!copy)
		return;
	fill(memory, 3);
	meeting->memory = memory;
	expect(pipe(meeting->pipe) == 0, "no pipe", "パイプが作れない");
	sender = demo_start(send, meeting);
	close(meeting->pipe[1]);
	expect(receive(meeting->pipe[0], copy) && is_filled(copy, 3),
	       "other bytes came out of the pipe", "パイプから違うバイトが出た");
	close(meeting->pipe[0]);
	expect(demo_wait(sender) == 0, "the sender failed", "送り手が失敗");
	munmap(copy, BYTES);
}

static void run(void)
{
	static const char *const counters[] = { "msg_bytes", NULL };
	struct meeting *meeting = pages_map(1, MAP_SHARED);
	unsigned char *inherited = pages_map(PAGES, MAP_SHARED), *named = map_name();
	long long by_memory;

	expect(named != NULL, "/dev/shm%s cannot be mapped", "/dev/shm%s をマップできない", name);
	if (!meeting || !inherited || !named)
		return;
	table_settle("msg_bytes");
	table_begin(counters);
	through_memory(meeting, inherited, inherit, "MAP_SHARED");
	through_memory(&meeting[1], named, open_by_name, "/dev/shm");
	table_end();
	by_memory = table_change("msg_bytes");
	expect_rise("msg_bytes", 0);
	say_meeting(meeting, inherited, "MAP_SHARED");
	say_meeting(&meeting[1], named, "/dev/shm");
	table_settle("msg_bytes");
	table_begin(counters);
	through_pipe(meeting, inherited);
	table_end();
	table_row("bytes copied by sharing the same bytes", "同じバイトを共有して渡したときのコピー", 0,
		  by_memory);
	table_row("frames of the 16 shared pages (pagemap)", "共有した 16 ページのフレーム (pagemap)", 0,
		  pages_in_ram(inherited, PAGES));
	table_print();
	expect_rise_of_at_least("msg_bytes", 2 * BYTES);
	shm_unlink(name);
	munmap(named, BYTES);
	munmap(inherited, BYTES);
	munmap(meeting, PAGE);
}

const struct demo demo_shm = {
	.name = "shm",
	.title = { "one frame, two tasks; then the same bytes through a pipe",
		   "1 つのフレームを 2 つのタスクで。次に同じバイトをパイプで" },
	.question = {
		"Two tasks are to work on the same 64 KiB. How often are the bytes copied when the "
		"memory is shared, and how often when they go through a pipe?",
		"2 つのタスクが同じ 64 KiB を扱います。メモリを共有するとバイトは何回コピーされる"
		"でしょうか。パイプで送ると何回でしょうか。",
	},
	.done = {
		"The parent stores 64 KiB in shared memory; a child reads them and stores an "
		"answer in the same place. Once the child inherits the mapping, once it opens a "
		"name in /dev/shm. Then a child sends 64 KiB through a pipe.",
		"親が共有メモリに 64 KiB を書き、子がそれを読んで同じ場所に返事を書きます。一度"
		"は子がマッピングを受け継ぎ、一度は /dev/shm の名前を開きます。最後に 64 KiB を"
		"パイプで送ります。",
	},
	.why = {
		"Shared pages are one frame in two page tables, so a store is there for both at "
		"once; a pipe copies each byte twice, into the kernel and out of it.",
		"共有ページは 2 つのページテーブルに記された同じ 1 つのフレームなので、書けばす"
		"ぐ両方に見えます。パイプは各バイトをカーネルへ、カーネルからと 2 回コピーします。",
	},
	.explain = {
		"Behind a shared region stands a memory object: a list of pages that belongs to no task. "
		"Whoever maps it gets the same frames. Nothing is copied, but nothing is ordered either: two "
		"tasks that store to the same word must take turns. A pipe keeps order and keeps the tasks "
		"apart; its price is two copies and the waiting. Go's advice is to share by sending "
		"messages; sharing memory is for what is too large to be sent, a huge picture that is edited "
		"together.",
		"共有領域の背後にはメモリオブジェクトがあります。どのタスクにも属さないページの"
		"並びで、マップした者は同じフレームを得ます。コピーは起きませんが、順序も保証され"
		"ません。同じ語に同時に書くなら順番を決めておく必要があります。パイプは順序を守"
		"り、タスクを隔てます。代償は 2 回のコピーと待ち時間です。Go はメッセージで分かち"
		"合うことを勧めます。共有メモリが向くのは、大きな絵を共同で編集するような、送る"
		"には大きすぎるものです。",
	},
	.run = run,
};
