/*
 * bad-pointers - every system call that takes an address is called with each kind of address: it gives an error or a
 * partial result as on Linux, never a signal, writes nothing outside its buffer, and leaves nothing behind.
 *
 *	bad-pointers [tell [WORD]]
 *
 * With `tell` it prints a line for each case, for comparison with the output on Linux; with a WORD only for calls whose
 * name contains it. It checks itself whatever can be checked without Linux.
 */
#include "bad-pointers.h"
#include "error-name.h"

#include <sys/syscall.h>

bool failed;
static bool telling;
static const char *word = "";
static char text[5001]; /* a path */

void complain(const char *name, const char *kind, const char *what)
{
	failed = true;
	dprintf(STDOUT_FILENO, "bad-pointers: FAILED %s %s: %s\n", name, kind, what);
}

static void tell(const char *name, const char *kind, const char *result)
{
	if (telling)
		dprintf(STDOUT_FILENO, "%s | %s | %s\n", name, kind, result);
}

static const char *name_of(int error)
{
	static char number[16];
	const char *name = error_name(error);

	if (name)
		return name;
	snprintf(number, sizeof(number), "error %d", error);
	return number;
}

/* --- one case --------------------------------------------------------------------------------------------------- */

static bool in_buffer(const struct row *r, const struct place *at, const char *c)
{
	return c >= at->p && c < at->p + r->size;
}

/* The byte at C when the call begins. */
static unsigned char expected(const struct row *r, const struct kind *k, const struct place *at, const char *c)
{
	if (k->blank)
		return 0;
	if (r->contents && in_buffer(r, at, c))
		return ((const unsigned char *)r->contents)[c - at->p];
	return place_pattern(c);
}

static void put_contents(const struct row *r, const struct place *at)
{
	for (char *c = at->p; r->contents && c < at->end && in_buffer(r, at, c); c++)
		*c = ((const char *)r->contents)[c - at->p];
}

/* Outside what the kernel had to write, or everywhere if KEPT, nothing has changed. */
static void check_rest(const struct row *r, const struct kind *k, const struct place *at, bool kept)
{
	bool reads = kept || r->way == IN || r->way == TEXT;

	for (const char *c = at->from; c < at->end; c++)
		if ((reads || !in_buffer(r, at, c)) && (unsigned char)*c != expected(r, k, at, c)) {
			complain(r->name, k->name, kept ? "another task's page has changed" :
						   "what was not to be written has changed");
			return;
		}
}

/* => is WORD an address of a 32-bit kernel (small negative numbers are none), or Shisho's poison of free memory? */
static bool of_the_kernel(uint32_t word)
{
	return (word >= KERNEL && word < 0xffff0000) || word == 0xa5a5a5a5 || word == 0x5a5a5a5a;
}

/* => the word at C if the call has written all its bytes; else 0 */
static uint32_t written_word(const struct row *r, const struct kind *k, const struct place *at, const char *c)
{
	uint32_t word;

	for (size_t i = 0; i < sizeof(word); i++)
		if (c + i >= at->end || !in_buffer(r, at, c + i) || (unsigned char)c[i] == expected(r, k, at, c + i))
			return 0;
	memcpy(&word, c, sizeof(word));
	return word;
}

/* Output that is compared with Linux need not be searched. On a 64-bit kernel programs have addresses there. */
static void check_secrets(const struct row *r, const struct kind *k, const struct place *at)
{
	if ((uintptr_t)at < KERNEL && (r->flags & (VARIES | ANYTHING)) == VARIES)
		for (const char *c = at->p; at->end && c < at->p + r->size; c += sizeof(uint32_t))
			if (of_the_kernel(written_word(r, k, at, c)))
				complain(r->name, k->name, "the kernel's own memory is told");
}

/* Hash of the bytes that the call wrote: FNV-1a (Fowler, Noll, Vo). */
static unsigned int sum(const struct row *r, const struct place *at)
{
	unsigned int hash = 2166136261u;

	for (const char *c = at->p; c < at->end && in_buffer(r, at, c); c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return hash;
}

static void describe(char *to, size_t size, const struct row *r, const struct place *at, long result, long after)
{
	int n;

	if (result == -1)
		n = snprintf(to, size, "%s", name_of(errno));
	else if (r->flags & ANY_RESULT)
		n = snprintf(to, size, "done");
	else
		n = snprintf(to, size, "%ld", result);
	if (result != -1 && at->end && (r->way == OUT || r->way == INOUT) && !(r->flags & VARIES))
		n += snprintf(to + n, size - n, " sum %08x", sum(r, at));
	if (r->after)
		snprintf(to + n, size - n, " then %ld", after);
}

static long argument(long value, const struct place *at)
{
	switch (value) {
	case P:
		return (long)at->p;
	case QUEUE:
		return queue;
	case SEGMENT:
		return shared_segment;
	case SELF:
		return getpid();
	default:
		return value;
	}
}

static long call(const struct row *r, const struct place *at)
{
	long a[6];

	for (int i = 0; i < 6; i++)
		a[i] = argument(r->args[i], at);
	if (r->cell)
		*r->cell = (long)at->p;
	errno = 0;
	return syscall(r->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static int lowest_descriptor(void)
{
	int fd = dup(HOME);

	close(fd);
	return fd;
}

static void make_case(const struct row *r, const struct kind *k, const char *kind, const struct place *at)
{
	int fd = lowest_descriptor(), error;
	long result, after = 0;
	char line[80];

	if (k->last)
		k->last(at);
	result = call(r, at);
	error = errno;
	if (r->after)
		after = r->after(result);
	errno = error;
	describe(line, sizeof(line), r, at, result, after);
	check_rest(r, k, at, false);
	check_secrets(r, k, at);
	if (lowest_descriptor() != fd)
		complain(r->name, kind, "a descriptor is left");
	tell(r->name, kind, line);
}

/* A child makes the call; the state of this task must not change. */
static void make_shared_case(const struct row *r, const struct kind *k, const struct place *at)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		failed = false;
		if (r->before)
			r->before();
		make_case(r, k, k->name, at);
		_exit(failed);
	}
	while (waitpid(pid, &status, 0) < 0)
		CHECK_EQ(errno, EINTR); /* the signal that wakes the call wakes us */
	if (status)
		complain(r->name, k->name, "the child has failed");
	check_rest(r, k, at, true);
}

/* KIND: its name in the output. */
static void try_kind(const struct row *r, const struct kind *k, const char *kind)
{
	struct place at;

	if (k->blank && (r->flags & NO_ZEROS))
		return;
	if (!k->make(r->size, k->n, &at))
		return;
	if (r->before)
		r->before();
	put_contents(r, &at);
	if (k->shared)
		make_shared_case(r, k, &at);
	else
		make_case(r, k, kind, &at);
}

/* --- texts of every length -------------------------------------------------------------------------------------- */

static const struct kind *kind_named(const char *name)
{
	const struct kind *k = kinds;

	while (strcmp(k->name, name) != 0)
		k++;
	return k;
}

/* A path of LENGTH bytes, PIECE repeated; the memory after its null byte, or after its last byte, is not mapped. */
static void try_text(const struct row *r, const char *kind, const char *piece, size_t length, bool ended)
{
	struct row other = *r;

	for (size_t i = 0; i < length; i++)
		text[i] = piece[i % strlen(piece)];
	text[length] = 0;
	other.contents = text;
	other.size = length + ended;
	try_kind(&other, kind_named("all-to-hole"), kind);
}

static void try_texts(const struct row *r)
{
	try_text(r, "path-of-4095", "./", 4095, true);
	try_text(r, "path-of-4096", "./", 4096, true);
	try_text(r, "path-of-5000", "./", 5000, true);
	try_text(r, "4095-without-end", "./", 4095, false);
	try_text(r, "4096-without-end", "./", 4096, false);
	try_text(r, "name-of-256", "n", 256, true);
	try_text(r, "name-of-255", "n", 255, true);
	unlink(text);
	rmdir(text);
}

/* --- all of them ------------------------------------------------------------------------------------------------ */

static void try_row(const struct row *r)
{
	for (const struct kind *k = kinds; k->name; k++)
		try_kind(r, k, k->name);
	if (r->way == TEXT)
		try_texts(r);
}

/* Root in a container lacks some privileges: tries the one that needs most. */
static bool may_everything(void)
{
	return syscall(SYS_swapoff, NULL) < 0 && errno == EFAULT;
}

static bool wanted(const struct row *r)
{
	return strstr(r->name, word) && (!(r->flags & ROOT) || may_everything());
}

/* Each row has a task of its own: its changes to the task do not last. */
static void try_rows(const struct row *r)
{
	for (; r->number; r++) {
		int status = -1;
		pid_t pid;

		if (!wanted(r))
			continue;
		pid = fork();
		if (pid == 0) {
			failed = false;
			try_row(r);
			_exit(failed);
		}
		CHECK(pid > 0);
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		if (status)
			complain(r->name, "", WIFSIGNALED(status) ? "a signal has ended it" : "see above");
	}
}

/* System calls that do not exist, and impossible lengths. */
static void absurd_numbers(void)
{
	static const int numbers[] = { -1, 5000, 100000, 0x7fffffff, (int)0x80000000 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		CHECK_ERROR(syscall(numbers[i], -1, -1, -1, -1, -1, -1), ENOSYS);
	CHECK_ERROR(write(WRITER, (char *)0xbffff000, 0xffffffff), EFAULT);
	CHECK_EQ(write(WRITER, text, 0), 0);
	CHECK_EQ(read(READER, NULL, 0), 0);
}

static void everything(void *argument)
{
	(void)argument;
	make_world();
	absurd_numbers();
	try_rows(file_rows);
	try_rows(name_rows);
	try_rows(task_rows);
	try_rows(memory_rows);
	try_rows(wait_rows);
	if (!*word)
		frame_cases(tell);
	end_world();
	_exit(failed);
}

/* Executed again, with an argument so long that the stack's last page holds nothing else; see places.c. */
static void start_again(char **argv, const char *mode)
{
	static char padding[2 * PAGE + 1];
	char *const no_environment[] = { NULL };
	char *const arguments[] = { argv[0], (char *)mode, (char *)word, padding, NULL };

	memset(padding, 'x', sizeof(padding) - 1);
	execve(argv[0], arguments, no_environment);
	CHECK(!"execve");
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	word = argc > 2 ? argv[2] : "";
	if (argc < 4)
		start_again(argv, mode);
	telling = strcmp(mode, "tell") == 0;
	CHECK_EQ(check_in_child(everything, NULL), 0);
	return CHECK_OK();
}
