/* The queue of a disk: the order in which requests are started. */
#include "drivers/block.h"
#include "host.h"

static struct block_device disk;
static u32 order[40], started;

static void begin(struct block_device *d, struct io *io)
{
	(void)d;
	if (started < ARRAY_LEN(order))
		order[started++] = io->page;
}

static const struct block_ops ops = { .start = begin };

static void submit(enum io_op op, u32 page, u32 n)
{
	struct io *io = io_get();

	CHECK(io);
	io->op = op;
	io->page = page;
	io->n = n;
	disk.backing.ops->submit(&disk.backing, io);
}

/* A disk that takes one request at a time, busy with the first. */
static void start_busy(void)
{
	host_boot(512, 0);
	block_register(&disk, "fake", 1000, &ops, 1);
	submit(IO_WRITE, 500, 1);
}

/* Ends the request that is under way. => that */
static struct io *finish_one(void)
{
	struct io *io = list_first(&disk.active, struct io, link);

	block_finished(&disk, io, 0);
	list_remove(&io->link); /* from those for iod */
	return io;
}

/* Ends all requests, one after the other, and compares the order in which they began, after the first. */
static void check_order(const u32 *expected, u32 n)
{
	while (disk.in_flight)
		finish_one();
	SAME(started, n + 1);
	for (u32 i = 0; i < n; i++)
		SAME(order[1 + i], expected[i]);
}

/* Upwards from where the head is, then from below. */
static void test_sweep(void)
{
	start_busy();
	submit(IO_READ, 700, 1);
	submit(IO_READ, 100, 1);
	submit(IO_READ, 600, 1);
	submit(IO_READ, 200, 1);
	check_order((u32[]){ 600, 700, 100, 200 }, 4);
}

/* Reads go before writes, wherever they are; after eight of them the sweep takes what comes next. */
static void test_reads_first(void)
{
	u32 expected[13], n = 0;

	start_busy();
	submit(IO_WRITE, 510, 1);
	submit(IO_WRITE, 650, 1);
	for (u32 i = 0; i < 10; i++)
		submit(IO_READ, 600 + 10 * i, 1);
	for (u32 i = 0; i < 8; i++)
		expected[n++] = 600 + 10 * i;
	expected[n++] = 680;
	expected[n++] = 690;
	expected[n++] = 510;
	expected[n++] = 650;
	check_order(expected, n);
}

/* So a write does not wait for ever, however many reads come. */
static void test_writes_come(void)
{
	u32 reads = 0;

	start_busy();
	submit(IO_WRITE, 510, 1);
	while (disk.in_flight && order[started - 1] != 510 && reads < 100) {
		submit(IO_READ, host_random(1000), 1);
		reads++;
		io_put(finish_one());
	}
	SAME(order[started - 1], 510);
	CHECK(reads >= 8);
}

/* A flush waits for what was submitted before it, and what comes later waits for the flush, reads too. */
static void test_flush(void)
{
	start_busy();
	submit(IO_WRITE, 510, 1);
	submit(IO_WRITE, 0, 0);
	submit(IO_READ, 600, 1);
	submit(IO_WRITE, 520, 1);
	check_order((u32[]){ 510, 0, 600, 520 }, 4);
}

const struct host_test block_tests[] = {
	{ "sweep", test_sweep },
	{ "reads first", test_reads_first },
	{ "writes come", test_writes_come },
	{ "flush", test_flush },
	{ NULL, NULL },
};
