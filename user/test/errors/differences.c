/*
 * differences - differences between Shisho and Linux: each row of docs/differences.md that a program can observe.
 *
 * Prints "NAME: what happened". The test compares with both columns of that table.
 */
#include "check.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { SYS_CLONE = 120, SYS_PERSONALITY = 136, SYS_SOCKET = 359, SYS_EPOLL_CREATE1 = 329 };
enum { SYS_EVENTFD2 = 328, SYS_INOTIFY_INIT = 291, SYS_SPLICE = 313, SYS_MKNOD = 14 };
enum { CLONE_FS = 0x200, PER_LINUX32 = 8, FUTEX_LOCK_PI = 6 };
enum { RLIMIT_AS = 9, RLIMIT_RTTIME = 15, SYS_UTIMENSAT = 320, AT_CWD = -100, SET_PIPE_SIZE = 1031, DIRECT = 040000 };
enum { SET_FLAGS = 4, ASYNC = 020000, UNNAMED = 020200000 };

static char answer[40];

static const char *result(long r)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ EPERM, "EPERM" },   { EAGAIN, "EAGAIN" }, { ENOMEM, "ENOMEM" }, { EINVAL, "EINVAL" },
		{ ENOSYS, "ENOSYS" }, { EISDIR, "EISDIR" }, { E2BIG, "E2BIG" },   { EMFILE, "EMFILE" },
		{ EOPNOTSUPP, "EOPNOTSUPP" },
	};

	if (r != -1)
		return "works";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == errno)
			return names[i].name;
	snprintf(answer, sizeof(answer), "errno %d", errno);
	return answer;
}

static const char *counted(long n)
{
	snprintf(answer, sizeof(answer), "%ld", n);
	return answer;
}

/* => the result of WORK in a task of its own; the signal that killed it, if one did */
static const char *in_child(const char *(*work)(void))
{
	static char text[40];
	int ends[2], status;
	ssize_t n;
	pid_t child;

	CHECK_EQ(pipe(ends), 0);
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		const char *said = work();

		_exit(write(ends[1], said, strlen(said)) < 0);
	}
	close(ends[1]);
	n = read(ends[0], text, sizeof(text) - 1);
	CHECK(n >= 0);
	text[n] = '\0';
	close(ends[0]);
	CHECK_EQ(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "signal %d", WTERMSIG(status));
	return text;
}

/* --- memory --- */

static const char *touch_more_than_allowed(void)
{
	struct rlimit limit = { 32 * PAGE, 32 * PAGE };
	unsigned char in[64];
	char *area = mmap(NULL, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int n = 0;

	CHECK(area != MAP_FAILED);
	CHECK_EQ(setrlimit(RLIMIT_RSS, &limit), 0);
	for (int i = 0; i < 64; i++)
		area[i * PAGE] = 1;
	CHECK_EQ(mincore(area, 64 * PAGE, in), 0);
	for (int i = 0; i < 64; i++)
		n += in[i] & 1;
	return n == 64 ? "all stay" : "some go";
}

static const char *resident_limit(void) { return in_child(touch_more_than_allowed); }

/* The address of a variable on the stack, of a program that was started twice. */
static const char *addresses(void)
{
	char told[2][20] = { "", "" };

	for (int i = 0; i < 2; i++) {
		char *argv[] = { "differences", "where", NULL }, *envp[] = { NULL };
		int ends[2], status;

		CHECK_EQ(pipe(ends), 0);
		if (!fork()) {
			dup2(ends[1], STDOUT_FILENO);
			execve("/proc/self/exe", argv, envp);
			_exit(1);
		}
		close(ends[1]);
		CHECK(read(ends[0], told[i], sizeof(told[i]) - 1) > 0);
		close(ends[0]);
		wait(&status);
	}
	return strcmp(told[0], told[1]) ? "differ" : "the same";
}

static const char *limit_time(void)
{
	struct rlimit limit = { 10000000, 10000000 };

	return result(setrlimit(RLIMIT_RTTIME, &limit));
}

static const char *limit_of_time(void) { return in_child(limit_time); }

static const char *become_another(void) { return result(syscall(213, 1000)); }
static const char *other_user(void) { return in_child(become_another); }

/* --- tasks --- */

static const char *threads(void)
{
	pid_t child = syscall(SYS_CLONE, CLONE_FS | SIGCHLD, 0, 0, 0, 0);

	if (!child)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
	return result(child);
}

static const char *priority_locks(void)
{
	unsigned word = 0;

	return result(syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL));
}

static const char *equal_pages(void)
{
	enum { MADV_MERGEABLE_ADVICE = 12 };
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return result(madvise(p, PAGE, MADV_MERGEABLE_ADVICE));
}

static const char *own_calls(void)
{
	int here = 0;

	return result(syscall(SYS_va2pa, &here));
}

static const char *other_machine(void)
{
	long r = syscall(SYS_PERSONALITY, PER_LINUX32);

	if (r >= 0)
		syscall(SYS_PERSONALITY, 0);
	return result(r);
}

static const char *reboot_keys(void) { return result(syscall(SYS_reboot, 0xFEE1DEAD, 672274793, 0x89ABCDEF, NULL)); }

static const char *long_arguments(void)
{
	static char text[100000];
	char *argv[] = { "quiet", text, NULL }, *envp[] = { NULL };

	memset(text, 'x', sizeof(text) - 1);
	execve("/proc/self/exe", argv, envp);
	return result(-1);
}

static const char *arguments(void)
{
	const char *said = in_child(long_arguments);

	return *said ? said : "works";
}

/* --- files --- */

static const char *many_files(void)
{
	for (int i = 0; i < 100; i++)
		if (dup(STDOUT_FILENO) < 0)
			return result(-1);
	return "works";
}

static const char *open_files(void) { return in_child(many_files); }

static const char *large_pipe(void)
{
	int ends[2];
	const char *said;

	CHECK_EQ(pipe(ends), 0);
	said = result(syscall(SYS_fcntl64, ends[0], SET_PIPE_SIZE, 2 << 20));
	close(ends[0]);
	close(ends[1]);
	return said;
}

static const char *packets(void)
{
	int ends[2];

	return result(syscall(SYS_pipe2, ends, DIRECT));
}

static const char *no_cache(void)
{
	const char *said = result(open("differences.tmp", O_RDWR | O_CREAT | DIRECT, 0600));

	unlink("differences.tmp");
	return said;
}

static const char *signal_driven(void)
{
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	return result(syscall(SYS_fcntl64, ends[0], SET_FLAGS, ASYNC));
}

static const char *unnamed(void) { return result(open(".", O_RDWR | UNNAMED, 0600)); }

static const char *named_pipe(void)
{
	const char *said = result(syscall(SYS_MKNOD, "differences.tmp", S_IFIFO | 0600, 0));

	unlink("differences.tmp");
	return said;
}

static const char *file_times(void)
{
	static const long wanted[4] = { 1000000000, 123456789, 1000000000, 123456789 };
	int fd = open("differences.tmp", O_RDWR | O_CREAT, 0600);
	struct stat st;

	CHECK_EQ(syscall(SYS_UTIMENSAT, AT_CWD, "differences.tmp", wanted, 0), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	close(fd);
	unlink("differences.tmp");
	return counted(st.st_mtime_nsec);
}

/* --- calls that are not there --- */

static const char *sockets(void) { return result(syscall(SYS_SOCKET, 1, 1, 0)); }
static const char *event_queues(void) { return result(syscall(SYS_EPOLL_CREATE1, 0)); }
static const char *event_counters(void) { return result(syscall(SYS_EVENTFD2, 0, 0)); }
static const char *watching_files(void) { return result(syscall(SYS_INOTIFY_INIT)); }
static const char *splicing(void) { return result(syscall(SYS_SPLICE, 0, 0, 0, 0, 0, 0)); }

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		const char *(*ask)(void);
	} rows[] = {
		{ "resident-limit", resident_limit }, { "addresses", addresses }, { "equal-pages", equal_pages },
		{ "own-calls", own_calls },
		{ "threads", threads },
		{ "limit-of-time", limit_of_time }, { "other-user", other_user }, { "priority-locks", priority_locks },
		{ "other-machine", other_machine }, { "arguments", arguments },
		{ "reboot-keys", reboot_keys },
		{ "open-files", open_files }, { "large-pipe", large_pipe }, { "packets", packets },
		{ "no-cache", no_cache }, { "signal-driven", signal_driven }, { "unnamed", unnamed }, { "named-pipe", named_pipe },
		{ "file-times", file_times }, { "sockets", sockets }, { "event-queues", event_queues },
		{ "event-counters", event_counters }, { "watching-files", watching_files }, { "splicing", splicing },
	};

	if (argc > 1) {
		if (strcmp(argv[1], "where") == 0)
			dprintf(STDOUT_FILENO, "%p", (void *)&argc);
		return 0;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		dprintf(STDOUT_FILENO, "%s: %s\n", rows[i].name, rows[i].ask());
	return CHECK_OK();
}
