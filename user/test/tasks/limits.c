/*
 * limits - what setrlimit sets is reported, inherited and enforced: sizes of files, memory, descriptors, queued signals.
 */
#include "check.h"

#include <sys/resource.h>
#include <sys/syscall.h>

enum { FSIZE = 1, DATA, CORE = 4, NPROC = 6, NOFILE, MEMLOCK, AS, SIGPENDING = 11, NICE = 13, RTPRIO, LIMITS = 16 };
enum { EXCEEDED = 25 }; /* SIGXFSZ */

#define NONE RLIM_INFINITY

static void set(int which, unsigned long soft)
{
	struct rlimit limit;

	CHECK_EQ(getrlimit(which, &limit), 0);
	limit.rlim_cur = soft;
	CHECK_EQ(setrlimit(which, &limit), 0);
}

static unsigned long soft_of(int which)
{
	struct rlimit limit;

	CHECK_EQ(getrlimit(which, &limit), 0);
	return limit.rlim_cur;
}

static void tell_inherited(void *unused)
{
	(void)unused;
	CHECK_EQ(soft_of(CORE), 4096);
	CHECK_EQ(soft_of(NPROC), 1);
}

/* These limits do not bind root, but they are stored. */
static void kept(void *unused)
{
	static const int kinds[] = { CORE, NPROC, MEMLOCK, NICE, RTPRIO };

	(void)unused;
	for (int i = 0; i < 5; i++) {
		struct rlimit limit = { 1, 4096 };

		CHECK_EQ(setrlimit(kinds[i], &limit), 0);
		CHECK_EQ(soft_of(kinds[i]), 1);
	}
	set(CORE, 4096);
	CHECK_EQ(check_in_child(tell_inherited, NULL), 0);
}

static volatile int signals;

static void count(int signal)
{
	signals += signal == EXCEEDED;
}

static void write_beyond(void *unused)
{
	int fd = open("limits.tmp", O_RDWR);

	(void)unused;
	set(FSIZE, 100);
	pwrite(fd, "x", 1, 100);
}

static void file_size(void *unused)
{
	struct sigaction action = { .sa_handler = count };
	char block[64] = { 0 };
	int fd = open("limits.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600);

	(void)unused;
	CHECK_SIGNAL(write_beyond, NULL, EXCEEDED);
	CHECK_EQ(sigaction(EXCEEDED, &action, NULL), 0);
	set(FSIZE, 100);
	CHECK_EQ(write(fd, block, 64), 64);
	CHECK_EQ(write(fd, block, 64), 36);
	CHECK_EQ(signals, 0);
	CHECK_ERROR(write(fd, block, 1), EFBIG);
	CHECK_EQ(signals, 1);
	CHECK_EQ(pwrite(fd, block, 10, 50), 10);
	CHECK_ERROR(ftruncate(fd, 101), EFBIG);
	CHECK_EQ(signals, 2);
	CHECK_EQ(ftruncate(fd, 10), 0);
	CHECK_EQ(ftruncate(fd, 100), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 100);
	set(FSIZE, NONE);
	CHECK_EQ(pwrite(fd, block, 1, 200), 1);
	CHECK_EQ(unlink("limits.tmp"), 0);
}

static void memory(void *unused)
{
	char *p = check_private(100);

	(void)unused;
	set(AS, 64 << 20);
	CHECK_ERROR(mmap(NULL, 128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK_EQ(munmap(check_private(100), 100 * PAGE), 0);
	CHECK_ERROR(mremap(p, 100 * PAGE, 128 << 20, MREMAP_MAYMOVE), ENOMEM);
	set(AS, 0);
	CHECK_ERROR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK_AT(sbrk(64 * PAGE), -1);
	set(AS, NONE);
	set(DATA, PAGE);
	CHECK_AT(sbrk(64 * PAGE), -1);
	CHECK_ERROR(mmap(NULL, PAGE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	CHECK(mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	set(DATA, NONE);
	CHECK(sbrk(64 * PAGE) != (void *)-1);
}

static void descriptors(void *unused)
{
	int first = dup(0);

	(void)unused;
	CHECK(first >= 0);
	set(NOFILE, first + 2);
	CHECK_EQ(dup(0), first + 1);
	CHECK_ERROR(dup(0), EMFILE);
	CHECK_ERROR(dup2(0, first + 2), EBADF);
	CHECK_ERROR(open("/dev/null", O_RDONLY), EMFILE);
	set(NOFILE, first + 3);
	CHECK_EQ(dup2(0, first + 2), first + 2);
}

static void queued_signals(void *unused)
{
	enum { SIGNAL = 40, SIGQUEUEINFO = 178 };
	int info[32] = { SIGNAL, 0, -1 };
	unsigned set_of[2] = { 0, 1u << (SIGNAL - 33) };

	(void)unused;
	CHECK_EQ(syscall(SYS_rt_sigprocmask, 0, set_of, NULL, 8), 0);
	set(SIGPENDING, 0);
	CHECK_ERROR(syscall(SIGQUEUEINFO, getpid(), SIGNAL, info), EAGAIN);
	set(SIGPENDING, 1000);
	CHECK_EQ(syscall(SIGQUEUEINFO, getpid(), SIGNAL, info), 0);
}

int main(void)
{
	CHECK_EQ(check_in_child(kept, NULL), 0);
	CHECK_EQ(check_in_child(file_size, NULL), 0);
	CHECK_EQ(check_in_child(memory, NULL), 0);
	CHECK_EQ(check_in_child(descriptors, NULL), 0);
	CHECK_EQ(check_in_child(queued_signals, NULL), 0);
	return CHECK_OK();
}
