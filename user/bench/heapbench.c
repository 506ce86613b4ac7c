/*
 * heapbench - replays traces of malloc, and measures their cost.
 *
 *	heapbench TRACE...	a line for each: operations, peak of bytes in use, of heap bytes, of frames
 *
 * A trace has the form of the CS:APP malloc lab: four numbers (suggested heap size, number of ids, number of operations,
 * weight), then "a ID SIZE", "r ID SIZE", "f ID". It is replayed twice, each time by a child with a fresh heap. The first
 * fills each block and checks its bytes before it is freed; after each large block, and after every fourth operation, it reads
 * the break and the size of all mappings. The second only makes the calls: first of empty functions, then of the real
 * ones. tools/heap/heapbench counts the instructions of both, from replay_begin() to replay_end(). With HEAP_CHECK=1
 * our own heap's invariants are checked each time; HEAP_CALLS=1 skips the first replay, HEAP_CALLS=0 the second.
 *
 * It is plain C with POSIX calls, so that it can be linked with any other library and its malloc.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, LONGEST = 64 << 20 };

struct op {
	char kind;		/* 'a', 'r', 'f' */
	unsigned int id;
	size_t size;
};

static struct op *ops;
static unsigned int op_count, id_count;
static unsigned char **blocks;
static size_t *sizes;
static const char *trace_name;

/* Our own heap reports its bytes, including its bitmap. */
extern size_t heap_bytes(void) __attribute__((weak));
extern const char *heap_check(void) __attribute__((weak));

static void fail(const char *what, unsigned int op)
{
	printf("heapbench: %s: operation %u: %s\n", trace_name, op, what);
	fflush(stdout);
	_exit(1);
}

/* Not from the heap under test. */
static void *room(size_t bytes)
{
	void *p = mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fail("no memory for the trace", 0);
	return p;
}

/* --- the trace --- */

/* Without a file offset: its width differs between libraries. */
static char *text_of(const char *path)
{
	int fd = open(path, O_RDONLY);
	char *text = room(LONGEST);
	ssize_t n, got = 0;

	if (fd < 0)
		fail("cannot be read", 0);
	while ((n = read(fd, text + got, LONGEST - got)) > 0)
		got += n;
	close(fd);
	return text;
}

static void read_trace(const char *path)
{
	char *text = text_of(path), *at = text;

	strtoul(at, &at, 10);
	id_count = strtoul(at, &at, 10);
	op_count = strtoul(at, &at, 10);
	strtoul(at, &at, 10);
	ops = room(op_count * sizeof(*ops));
	blocks = room(id_count * sizeof(*blocks));
	sizes = room(id_count * sizeof(*sizes));
	for (unsigned int i = 0; i < op_count; i++) {
		at += strspn(at, " \r\n\t");
		ops[i].kind = *at++;
		ops[i].id = strtoul(at, &at, 10);
		ops[i].size = ops[i].kind == 'f' ? 0 : strtoul(at, &at, 10);
		if (!strchr("arf", ops[i].kind) || ops[i].id >= id_count)
			fail("not understood", i);
	}
	munmap(text, LONGEST + PAGE);
}

/* --- first: the bytes, and how many --- */

static size_t start_break, first_break, first_mapped, first_frames, most_used, most_bytes, most_frames, used;

static size_t break_now(void)
{
	return syscall(SYS_brk, 0);
}

static void statm(size_t *mapped, size_t *frames)
{
	char text[100];
	int fd = open("/proc/self/statm", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	char *end;

	close(fd);
	if (n <= 0)
		fail("/proc/self/statm cannot be read", 0);
	text[n] = 0;
	*mapped = strtoul(text, &end, 10);
	*frames = strtoul(end, &end, 10);
}

/* The initial break: a library may have moved it before main. */
static size_t break_start(void)
{
	static char text[16384];
	int fd = open("/proc/self/maps", O_RDONLY), n = read(fd, text, sizeof(text) - 1);
	char *heap = n > 0 ? strstr(text, "[heap]") : NULL;

	close(fd);
	if (!heap)
		return break_now();
	while (heap > text && heap[-1] != '\n')
		heap--;
	return strtoul(heap, NULL, 16);
}

static size_t pages(size_t bytes)
{
	return (bytes + PAGE - 1) / PAGE;
}

static void look(void)
{
	size_t mapped, frames, now = break_now(), bytes = now - start_break;
	long other;

	statm(&mapped, &frames);
	other = (long)(mapped - first_mapped) - (long)(pages(now) - pages(first_break));
	if (heap_bytes && heap_bytes())
		bytes = heap_bytes();
	else if (other > 0)
		bytes += other * PAGE;
	most_used = used > most_used ? used : most_used;
	most_bytes = bytes > most_bytes ? bytes : most_bytes;
	frames = frames > first_frames ? frames - first_frames : 0;
	most_frames = frames > most_frames ? frames : most_frames;
}

static void expect_bytes(unsigned int id, size_t n, unsigned int op)
{
	const unsigned char *p = blocks[id];
	unsigned char byte = id * 7 + 1;
	const unsigned int four = byte * 0x01010101u;
	size_t k = 0;

	for (; k + 4 <= n; k += 4)
		if (*(const unsigned int *)(p + k) != four)
			fail("bytes have changed", op);
	for (; k < n; k++)
		if (p[k] != byte)
			fail("bytes have changed", op);
}

static void one_op(const struct op *o, unsigned int i)
{
	size_t was = sizes[o->id];

	if (o->kind == 'f') {
		expect_bytes(o->id, was, i);
		free(blocks[o->id]);
		blocks[o->id] = NULL;
	} else {
		unsigned char *p = o->kind == 'a' ? malloc(o->size) : realloc(blocks[o->id], o->size);

		if ((!p && o->size) || (uintptr_t)p % 8)
			fail("malloc failed, or not on 8 bytes", i);
		blocks[o->id] = p;
		expect_bytes(o->id, o->kind == 'r' ? was < o->size ? was : o->size : 0, i);
		memset(p, o->id * 7 + 1, o->size);
	}
	sizes[o->id] = o->size;
	used += o->size - was;
}

static int check_all(void)
{
	bool checked = getenv("HEAP_CHECK");
	const char *bad;

	if (checked && !heap_check)
		fail("this heap cannot be checked", 0);
	memset(blocks, 0, id_count * sizeof(*blocks) + 1);
	memset(sizes, 0, id_count * sizeof(*sizes) + 1);
	statm(&first_mapped, &first_frames);
	first_break = break_now();
	for (unsigned int i = 0; i < op_count; i++) {
		one_op(&ops[i], i);
		if (i % 4 == 0 || ops[i].size >= PAGE)
			look();
		if (checked && (bad = heap_check()))
			fail(bad, i);
	}
	printf("%s %u %zu %zu %zu\n", trace_name, op_count, most_used, most_bytes, most_frames);
	fflush(stdout);
	return 0;
}

/* --- second: nothing but the calls --- */

struct calls {
	void *(*malloc)(size_t);
	void *(*realloc)(void *, size_t);
	void (*free)(void *);
};

static __attribute__((noinline)) void *no_malloc(size_t size) { (void)size; return NULL; }
static __attribute__((noinline)) void *no_realloc(void *p, size_t size) { (void)p; (void)size; return NULL; }
static __attribute__((noinline)) void no_free(void *p) { (void)p; }

static __attribute__((noinline)) void replay(const struct calls *calls)
{
	for (const struct op *o = ops; o < ops + op_count; o++)
		if (o->kind == 'a')
			blocks[o->id] = calls->malloc(o->size);
		else if (o->kind == 'r')
			blocks[o->id] = calls->realloc(blocks[o->id], o->size);
		else
			calls->free(blocks[o->id]);
}

static struct calls real = { malloc, realloc, free }, none = { no_malloc, no_realloc, no_free };

/* tools/heap/heapbench looks up their addresses. The texts differ, so that the compiler keeps two functions. */
__attribute__((noinline)) void replay_begin(void) { __asm__ volatile("# begin"); }
__attribute__((noinline)) void replay_end(void) { __asm__ volatile("# end"); }

static void counted(const struct calls *calls)
{
	memset(blocks, 0, id_count * sizeof(*blocks));
	replay_begin();
	replay(calls);
	replay_end();
}

static int replay_both(void)
{
	counted(&none);
	counted(&real);
	return 0;
}

static void in_child(int (*f)(void))
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(f());
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		fail("the replay failed", 0);
}

int main(int argc, char **argv)
{
	const char *only = getenv("HEAP_CALLS");

	start_break = break_start();
	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');

		trace_name = slash ? slash + 1 : argv[i];
		read_trace(argv[i]);
		if (!only || *only == '0')
			in_child(check_all);
		if (!only || *only == '1')
			in_child(replay_both);
		munmap(ops, op_count * sizeof(*ops) + PAGE);
	}
	return 0;
}
