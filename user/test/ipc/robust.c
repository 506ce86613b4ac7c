/*
 * robust - a task ends while it holds locks that are on its robust list: the next task can take them, whatever state the list
 * is in.
 */
#include "task.h"

#include <stddef.h>
#include <sys/syscall.h>

enum { FUTEX = 240, WAIT = 0, WAKE = 1, SET_LIST = 311, GET_LIST = 312 };
enum { LOCKS = 6000, LINKS_FOLLOWED = 2048 };
#define DIED 0x40000000u
#define WAITED 0x80000000u

struct lock {
	struct lock *next; /* the list's address at its end */
	unsigned int word;
};

struct head {
	struct lock *first;
	long offset;
	struct lock *pending;
};

static struct shared {
	struct lock lock[LOCKS];
	volatile int ready[3], woken;
} *s;

static struct head head = { NULL, offsetof(struct lock, word), NULL };

/* The first N locks belong to this task, and form a list. */
static void take(int n)
{
	struct lock **last = &head.first;

	for (int i = 0; i < n; i++) {
		s->lock[i].word = getpid();
		*last = &s->lock[i];
		last = &s->lock[i].next;
	}
	*last = (struct lock *)&head;
	CHECK_EQ(syscall(SET_LIST, &head, sizeof(head)), 0);
}

static void list_of_three(void *unused)
{
	(void)unused;
	take(3);
	s->lock[1].word = 12345678; /* another task's */
}

static void list_of_all(void *unused)
{
	(void)unused;
	take(LOCKS);
}

static void circular(void *unused)
{
	(void)unused;
	take(3);
	s->lock[2].next = &s->lock[1];
}

static void torn(void *unused)
{
	(void)unused;
	take(3);
	s->lock[1].next = (struct lock *)8;
}

static void link_in_nothing(void *unused)
{
	(void)unused;
	take(3);
	s->lock[0].next = (struct lock *)0xC0001000;
}

static void crooked(void *unused)
{
	(void)unused;
	take(2);
	head.offset++;
}

static void unmapped_head(void *unused)
{
	(void)unused;
	take(1);
	CHECK_EQ(syscall(SET_LIST, 8, sizeof(head)), 0);
}

static void read_only(void *unused)
{
	(void)unused;
	take(2);
	CHECK_EQ(mprotect(s, PAGE, PROT_READ), 0);
}

/* A pending lock, not in the list yet; one that is in the list too is not processed twice. */
static void pending(void *unused)
{
	(void)unused;
	take(2);
	s->lock[4].word = getpid();
	head.pending = &s->lock[4];
}

/* With priority inheritance: the word changes, no task is woken. */
static void inheriting(void *unused)
{
	(void)unused;
	take(1);
	s->lock[0].word |= WAITED;
	head.first = (struct lock *)((char *)head.first + 1);
}

static void by_exec(void *unused)
{
	char *const argv[] = { (char *)"robust", (char *)"nothing", NULL };

	(void)unused;
	take(2);
	execve("/proc/self/exe", argv, argv + 2);
	_exit(1);
}

/* A child runs F and ends. => bit I: lock I is marked as having lost its owner */
static int after(void (*f)(void *))
{
	int lost = 0;

	memset(s->lock, 0, 8 * sizeof(s->lock[0]));
	CHECK_EQ(check_in_child(f, NULL), 0);
	for (int i = 0; i < 8; i++)
		lost |= (s->lock[i].word & ~WAITED) == DIED ? 1 << i : 0;
	return lost;
}

static void test_lists(void)
{
	CHECK_EQ(after(list_of_three), 5);
	CHECK_EQ(after(circular), 7);
	CHECK_EQ(after(torn), 3);
	CHECK_EQ(after(link_in_nothing), 1);
	CHECK_EQ(after(crooked), 0);
	CHECK_EQ(after(unmapped_head), 0);
	CHECK_EQ(after(read_only), 0);
	CHECK_EQ(after(pending), 0x13);
	CHECK_EQ(after(inheriting), 1);
	CHECK_EQ(after(by_exec), 3);
}

static void test_bound(void)
{
	CHECK_EQ(check_in_child(list_of_all, NULL), 0);
	CHECK_EQ(s->lock[LINKS_FOLLOWED - 1].word, DIED);
	CHECK(s->lock[LINKS_FOLLOWED].word != DIED);
}

/* Task N of the test sleeps at lock I. => 0: it was woken */
static int wait_at(int i, int n)
{
	s->ready[n] = 1;
	return syscall(FUTEX, &s->lock[i].word, WAIT, s->lock[i].word, NULL);
}

static pid_t waiter_at(int i, int n)
{
	pid_t pid;

	s->ready[n] = 0;
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(wait_at(i, n), 0);
		s->woken++;
		_exit(0);
	}
	task_until_asleep(pid, &s->ready[n]);
	return pid;
}

/* The memory that holds the list is swapped out. */
static void page_out(void *p, size_t size)
{
	char *from = (char *)((uintptr_t)p & -PAGE);

	CHECK_EQ(madvise(from, ((uintptr_t)p + size - (uintptr_t)from + PAGE - 1) & -PAGE, 21 /* MADV_PAGEOUT */), 0);
}

static void hold_and_wait(void)
{
	take(1);
	s->lock[0].word |= WAITED;
	page_out(&head, sizeof(head));
	page_out(s, sizeof(*s));
	wait_at(5, 0);
	_exit(1);
}

static void end_waiters(int n)
{
	int status;

	for (int i = 0; i < n; i++) {
		CHECK(wait(&status) > 0);
		CHECK_EQ(status, 0);
	}
}

/* The holder is killed while it waits for another lock; one waiter of two is woken. */
static void test_killed(void)
{
	pid_t holder;

	s->woken = s->ready[0] = 0;
	holder = fork();
	if (holder == 0)
		hold_and_wait();
	task_until_asleep(holder, &s->ready[0]);
	waiter_at(0, 1);
	waiter_at(0, 2);
	page_out(s, sizeof(*s));
	CHECK_EQ(kill(holder, SIGKILL), 0);
	CHECK_EQ(check_wait(holder), SIGKILL);
	CHECK_EQ(s->lock[0].word, DIED | WAITED);
	end_waiters(1);
	CHECK_EQ(syscall(FUTEX, &s->lock[0].word, WAKE, 10), 1);
	end_waiters(1);
	CHECK_EQ(s->woken, 2);
}

/* The lock was free again, but its holder was killed before it could wake a waiter. */
static void test_unlocked(void)
{
	s->lock[0].word = WAITED;
	waiter_at(0, 0);
	if (fork() == 0) {
		head.first = (struct lock *)&head;
		head.pending = &s->lock[0];
		syscall(SET_LIST, &head, sizeof(head));
		_exit(0);
	}
	end_waiters(2);
	CHECK_EQ(s->lock[0].word, WAITED);
}

static void test_calls(void)
{
	unsigned int size = 0;
	struct head *list = NULL;

	CHECK_ERROR(syscall(SET_LIST, &head, 8), EINVAL);
	CHECK_EQ(syscall(GET_LIST, 0, &list, &size), 0);
	CHECK_AT(list, NULL);
	CHECK_EQ(syscall(SET_LIST, &head, sizeof(head)), 0);
	CHECK_EQ(syscall(GET_LIST, getpid(), &list, &size), 0);
	CHECK_AT(list, &head);
	CHECK_EQ(size, sizeof(head));
	CHECK_ERROR(syscall(GET_LIST, 30000, &list, &size), ESRCH);
	CHECK_ERROR(syscall(GET_LIST, 0, 8, &size), EFAULT);
	CHECK_ERROR(syscall(GET_LIST, 0, &list, 8), EFAULT);
	if (fork() == 0) { /* a child has no list */
		CHECK_EQ(syscall(GET_LIST, 0, &list, &size), 0);
		_exit(list != NULL);
	}
	CHECK(wait((int *)&size) > 0);
	CHECK_EQ(size, 0);
	CHECK_EQ(syscall(SET_LIST, NULL, sizeof(head)), 0);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0; /* the program to execute */
	s = (struct shared *)check_shared((sizeof(*s) + PAGE - 1) / PAGE);
	test_calls();
	test_lists();
	test_bound();
	test_killed();
	test_unlocked();
	return CHECK_OK();
}
