/*
 * record-lock - locks on ranges of a file: what splits, joins and releases them. tasks.c: two tasks.
 */
#include "record-lock.h"

volatile int *ready;
int fd;

/* --- what a task holds, as others see it --- */

static char *map; /* shared with the child that looks */

/* Writes to MAP what conflicts with an exclusive lock on each of the first N bytes: r, w or '.'. */
static void look(void *bytes)
{
	int other = opened(O_RDWR), n = *(int *)bytes;

	for (int i = 0; i < n; i++) {
		struct lock l = { WRITE, SEEK_SET, i, 1, 0 };

		CHECK_EQ(syscall(FCNTL, other, GET, &l), 0);
		CHECK(l.type == FREE || l.pid == getppid());
		map[i] = "rw."[l.type];
	}
	map[n] = 0;
}

void check_locks(const char *wanted, int line)
{
	int n = strlen(wanted);

	CHECK_EQ(check_in_child(look, &n), 0);
	if (strcmp(map, wanted) != 0) {
		printf("line %d: %s, wanted %s\n", line, map, wanted);
		CHECK(!"the locks are others");
	}
}

/* F_GETLK reports the whole range of the lock that another task meets. */
static void told(void *l)
{
	struct lock *seen = l;

	CHECK_EQ(syscall(FCNTL, opened(O_RDWR), GET, seen), 0);
}

static void check_range(long long at, int type, long long start, long long length)
{
	struct lock *l = (struct lock *)(map + 128);

	*l = (struct lock){ WRITE, SEEK_SET, at, 1, 0 };
	CHECK_EQ(check_in_child(told, l), 0);
	CHECK_EQ(l->type, type);
	CHECK_EQ(l->start, start);
	CHECK_EQ(l->length, length);
	CHECK_EQ(l->whence, SEEK_SET);
	CHECK_EQ(l->pid, getpid());
}

static void test_ranges(void)
{
	LOCK(READ, 2, 6);
	CHECK_LOCKS("..rrrrrr..");
	LOCK(WRITE, 4, 2);
	CHECK_LOCKS("..rrwwrr..");
	check_range(2, READ, 2, 2);
	LOCK(READ, 4, 2);
	check_range(5, READ, 2, 6); /* one lock again */
	LOCK(FREE, 4, 2);
	CHECK_LOCKS("..rr..rr..");
	LOCK(READ, 4, 2);
	check_range(7, READ, 2, 6);
	LOCK(WRITE, 0, 4);
	LOCK(WRITE, 7, 3);
	CHECK_LOCKS("wwwwrrrwww.");
	LOCK(WRITE, 4, 3);
	check_range(0, WRITE, 0, 10);
	LOCK(READ, 1, 1);
	LOCK(READ, 3, 1);
	LOCK(READ, 5, 1);
	CHECK_LOCKS("wrwrwrwwww.");
	LOCK(READ, 0, 9);
	CHECK_LOCKS("rrrrrrrrrw.");
	check_range(3, READ, 0, 9);
	LOCK(FREE, 3, 0); /* to the largest possible offset */
	CHECK_LOCKS("rrr.......");
	LOCK(WRITE, 5, 0);
	check_range(0x7fffffffffffffff, WRITE, 5, 0);
	check_range(4096, WRITE, 5, 0);
	LOCK(FREE, 1000, 1);
	check_range(5, WRITE, 5, 995);
	check_range(1001, WRITE, 1001, 0);
	LOCK(FREE, 0, 0);
	CHECK_LOCKS("..........");
}

/* Relative to the position and to the end, and backwards. */
static void test_whence(void)
{
	struct lock l = { WRITE, SEEK_CUR, -2, 1, 0 };

	CHECK_EQ(ftruncate(fd, 8), 0);
	CHECK_EQ(lseek(fd, 4, SEEK_SET), 4);
	CHECK_EQ(syscall(FCNTL, fd, SET, &l), 0);
	CHECK_LOCKS("..w.......");
	l = (struct lock){ WRITE, SEEK_END, 0, -3, 0 };
	CHECK_EQ(syscall(FCNTL, fd, SET, &l), 0);
	CHECK_LOCKS("..w..www..");
	l = (struct lock){ READ, SEEK_END, -1, 0, 0 };
	CHECK_EQ(syscall(FCNTL, fd, SET, &l), 0);
	CHECK_LOCKS("..w..wwrrr");
	LOCK(FREE, 0, 0);
}

static void test_old_form(void)
{
	struct old_lock l = { WRITE, SEEK_SET, 3, 2, 0 };

	CHECK_EQ(syscall(FCNTL, fd, OLD_SET, &l), 0);
	CHECK_LOCKS("...ww.");
	LOCK(FREE, 0, 0);
	CHECK_EQ(ask(fd, FILE_SET, WRITE, 0x80000000ll, 1), 0);
	l = (struct old_lock){ WRITE, SEEK_SET, 5, 0, 0 };
	CHECK_ERROR(syscall(FCNTL, fd, OLD_GET, &l), EOVERFLOW);
	CHECK_EQ(ask(fd, FILE_SET, FREE, 0, 0), 0);
	CHECK_EQ(syscall(FCNTL, fd, OLD_GET, &l), 0);
	CHECK_EQ(l.type, FREE);
	CHECK_EQ(l.start, 5);
}

static void test_errors(void)
{
	struct lock l = { READ, 3, 0, 1, 0 };
	int reader = opened(O_RDONLY), writer = opened(O_WRONLY);

	CHECK_ERROR(syscall(FCNTL, fd, SET, &l), EINVAL);
	CHECK_ERROR(ask(fd, SET, 3, 0, 1), EINVAL);
	CHECK_ERROR(ask(fd, SET, -1, 0, 1), EINVAL);
	CHECK_ERROR(ask(fd, GET, FREE, 0, 1), EINVAL);
	CHECK_ERROR(ask(fd, SET, READ, -1, 1), EINVAL);
	CHECK_ERROR(ask(fd, SET, READ, 5, -6), EINVAL);
	CHECK_ERROR(ask(fd, SET, READ, 5, 0x7fffffffffffffff), EOVERFLOW);
	CHECK_ERROR(ask(NOT_OPEN, SET, READ, 0, 1), EBADF);
	CHECK_ERROR(syscall(FCNTL, fd, SET, 8), EFAULT);
	CHECK_ERROR(ask(reader, SET, WRITE, 0, 1), EBADF);
	CHECK_ERROR(ask(writer, SET, READ, 0, 1), EBADF);
	CHECK_EQ(ask(reader, SET, READ, 0, 1), 0);
	CHECK_EQ(ask(writer, SET, WRITE, 1, 1), 0);
	CHECK_EQ(ask(reader, GET, WRITE, 0, 1), 0);
	CHECK_EQ(ask(reader, SET, FREE, 0, 0), 0);
	l = (struct lock){ READ, SEEK_SET, 0, 1, 5 };
	CHECK_ERROR(syscall(FCNTL, fd, FILE_SET, &l), EINVAL);
	close(reader);
	close(writer);
}

/* Locks of open file descriptions: two in one task conflict; a duplicate of the descriptor keeps them. */
static void test_opened_files(void)
{
	struct lock l = { WRITE, SEEK_SET, 0, 0, 0 };
	int a = opened(O_RDWR), b = opened(O_RDWR), copy;

	CHECK_EQ(ask(a, FILE_SET, WRITE, 0, 2), 0);
	CHECK_ERROR(ask(b, FILE_SET, READ, 1, 1), EAGAIN);
	CHECK_ERROR(ask(fd, SET, WRITE, 1, 1), EAGAIN);
	CHECK_EQ(ask(b, FILE_SET, WRITE, 2, 2), 0);
	CHECK_EQ(syscall(FCNTL, fd, GET, &l), 0);
	CHECK_EQ(l.pid, -1);
	CHECK_EQ(l.length, 2);
	copy = dup(a);
	close(a);
	CHECK_ERROR(ask(b, FILE_SET, WRITE, 1, 1), EAGAIN);
	close(copy);
	CHECK_EQ(ask(b, FILE_SET_WAIT, WRITE, 1, 1), 0);
	close(b);
	CHECK_EQ(ask(fd, SET, WRITE, 0, 0), 0);
	LOCK(FREE, 0, 0);
}

/* Kernel memory is bounded: the number of locks has a limit, and all are freed. Linux has no such limit. */
static void test_bound(void)
{
	int n = 0;

	while (n < 3000 && ask(fd, SET, READ, 2 * n, 1) == 0)
		n++;
	CHECK(n == 3000 || errno == NO_LOCKS);
	CHECK(n >= 500);
	CHECK_EQ(ask(fd, SET, FREE, 0, 0), 0);
	LOCK(READ, 0, 1);
	LOCK(FREE, 0, 1);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		write(STDOUT_FILENO, ".", 1);
		pause();
	}
	map = check_shared(1);
	ready = (volatile int *)(map + 512);
	fd = opened(O_RDWR);
	test_ranges();
	test_whence();
	test_old_form();
	test_errors();
	test_ends(argv[0]);
	test_order();
	test_deadlock();
	test_signals();
	test_opened_files();
	test_bound();
	CHECK_EQ(unlink("record.tmp"), 0);
	return CHECK_OK();
}
