/*
 * sysv-limits - System V shared memory and message queues: locked segments, identifiers that a program requests, and the
 * limits of /proc/sys/kernel.
 */
#include "file.h"
#include "sysv-shm.h"

#include <time.h>

#define SETTING(name) "/proc/sys/kernel/" name

enum { WANTED = 123456 };

/* --- locked segments ----------------------------------------------------------------------------------------------- */

/* => the pages of all segments that are in memory, or in swap */
static unsigned pages_of_all(bool swapped)
{
	unsigned usage[6];

	CHECK(shmctl(0, SHM_INFO, (struct shmid_ds *)usage) >= 0);
	return usage[swapped ? 3 : 2];
}

/* Linux writes no page out where there is no swap. */
static bool writes_pages(void)
{
	return proc_number("/proc/meminfo", "SwapTotal") > 0;
}

/* madvise starts the writing but does not wait for it. */
static void write_out(int *p, unsigned pages, unsigned wanted)
{
	struct timespec pause = { 0, 10 * 1000 * 1000 };

	CHECK_EQ(madvise(p, pages * PAGE, MADV_PAGEOUT), 0);
	for (int tries = 0; tries < 3 || (pages_of_all(true) != wanted && tries < 500); tries++)
		nanosleep(&pause, NULL);
	CHECK_EQ(pages_of_all(true), wanted);
}

/* Existing pages are locked at once, the others when they come in: as zeros, or from swap. Unlocked, they can be swapped out. */
static void test_locked(void)
{
	int id = make(4);
	int *p = attach(id);
	struct shmid_ds s;

	p[0] = 1;
	CHECK_EQ(shmctl(id, SHM_UNLOCK, NULL), 0);
	write_out(p, 1, writes_pages() ? 1 : 0);
	CHECK_EQ(shmctl(id, SHM_LOCK, NULL), 0);
	CHECK_EQ(shmctl(id, SHM_LOCK, NULL), 0);
	s = stat_of(id);
	CHECK_EQ(s.mode, 0600 | SHM_LOCKED);
	s.mode = 0640;
	CHECK_EQ(shmctl(id, IPC_SET, &s), 0);
	CHECK_EQ(stat_of(id).mode, 0640 | SHM_LOCKED);
	CHECK_EQ(p[0], 1);
	p[PAGE / sizeof(*p)] = 2;
	write_out(p, 4, 0);
	CHECK_EQ(pages_of_all(false), 2);
	CHECK_EQ(shmctl(id, SHM_UNLOCK, NULL), 0);
	CHECK_EQ(stat_of(id).mode, 0640);
	write_out(p, 4, writes_pages() ? 2 : 0);
	CHECK_EQ(p[0] + p[PAGE / sizeof(*p)], 3);
	CHECK_EQ(shmctl(id, SHM_LOCK, NULL), 0);
	write_out(p, 4, 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_EQ(stat_of(id).mode, 0640 | SHM_LOCKED | SHM_DEST);
	CHECK_EQ(shmdt(p), 0);
	CHECK_ERROR(shmctl(id, SHM_LOCK, NULL), EINVAL);
	CHECK_ERROR(shmctl(id, SHM_UNLOCK, NULL), EINVAL);
}

/* On Shisho locked segments and locked regions together may have half of memory; a segment's share is freed with it. */
static void test_half_of_memory(void)
{
	long long half = proc_number("/proc/meminfo", "FramesTotal") / 2;
	int id, other;
	char *mine;

	if (half <= 0)
		return;
	id = make(half - 10);
	other = make(11);
	CHECK_EQ(shmctl(id, SHM_LOCK, NULL), 0);
	CHECK_ERROR(shmctl(other, SHM_LOCK, NULL), ENOMEM);
	CHECK_EQ(stat_of(other).mode, 0600);
	mine = check_private(11);
	CHECK_ERROR(mlock(mine, 11 * PAGE), ENOMEM);
	CHECK_EQ(mlock(mine, 10 * PAGE), 0);
	CHECK_EQ(munlock(mine, 10 * PAGE), 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_EQ(shmctl(other, SHM_LOCK, NULL), 0);
	CHECK_EQ(shmctl(other, IPC_RMID, NULL), 0);
	CHECK_EQ(munmap(mine, 11 * PAGE), 0);
}

/* --- settings ------------------------------------------------------------------------------------------------------ */

static char before[40];

/* For one check; restore() must follow. */
static void change(const char *path, const char *value)
{
	strcpy(before, file_text(path));
	CHECK_EQ(file_set(path, value), 0);
	CHECK(file_holds(path, value));
}

static void restore(const char *path)
{
	CHECK_EQ(file_set(path, before), 0);
	CHECK(file_holds(path, before));
}

/* The identifier is used once; if it is taken the next free one is used. */
static void test_wanted_ids(void)
{
	int segment, queue, other;

	CHECK(file_holds(SETTING("shm_next_id"), "-1\n"));
	CHECK(file_holds(SETTING("msg_next_id"), "-1\n"));
	CHECK_ERROR(file_set(SETTING("shm_next_id"), "-1\n"), EINVAL);
	CHECK_ERROR(file_set(SETTING("shm_next_id"), "x"), EINVAL);
	CHECK_EQ(file_set(SETTING("shm_next_id"), "123456\n"), 0);
	CHECK(file_holds(SETTING("shm_next_id"), "123456\n"));
	CHECK(file_holds(SETTING("msg_next_id"), "-1\n"));
	CHECK_EQ(file_set(SETTING("msg_next_id"), "123456"), 0);
	segment = make(1);
	queue = msgget(IPC_PRIVATE, 0600);
	CHECK_EQ(segment, WANTED);
	CHECK_EQ(queue, WANTED);
	CHECK(file_holds(SETTING("shm_next_id"), "-1\n"));
	CHECK(file_holds(SETTING("msg_next_id"), "-1\n"));
	CHECK_EQ(file_set(SETTING("shm_next_id"), "123456"), 0);
	other = make(1);
	CHECK_EQ(other, WANTED + 1);
	CHECK_EQ(shmctl(other, IPC_RMID, NULL), 0);
	other = make(1);
	CHECK(other != WANTED && other != WANTED + 1);
	CHECK_EQ(stat_of(segment).nattch, 0);
	CHECK_EQ(shmctl(other, IPC_RMID, NULL), 0);
	CHECK_EQ(shmctl(segment, IPC_RMID, NULL), 0);
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
}

static void test_limits_of_segments(void)
{
	int id = make(2);

	CHECK_ERROR(shmget(IPC_PRIVATE, -1, IPC_CREAT), EINVAL);
	CHECK_ERROR(shmget(IPC_PRIVATE, 4 << 20, IPC_CREAT | SHM_HUGETLB), ENOMEM); /* there are no huge pages */
	change(SETTING("shmmax"), "8192\n");
	CHECK_ERROR(shmget(IPC_PRIVATE, 2 * PAGE + 1, IPC_CREAT), EINVAL);
	CHECK_EQ(shmctl(make(2), IPC_RMID, NULL), 0);
	restore(SETTING("shmmax"));
	change(SETTING("shmall"), "3\n");
	CHECK_ERROR(shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT), ENOSPC);
	CHECK_EQ(shmctl(make(1), IPC_RMID, NULL), 0);
	restore(SETTING("shmall"));
	change(SETTING("shmmni"), "1\n");
	CHECK_ERROR(shmget(IPC_PRIVATE, PAGE, IPC_CREAT), ENOSPC);
	CHECK_ERROR(file_set(SETTING("shmmni"), "40000"), EINVAL);
	CHECK_ERROR(file_set(SETTING("shmmni"), "-1"), EINVAL);
	restore(SETTING("shmmni"));
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

static void test_limits_of_queues(void)
{
	struct {
		long type;
		char text[200];
	} message = { 1, "" };
	int queue = msgget(IPC_PRIVATE, 0600), other;
	struct msqid_ds status;

	change(SETTING("msgmax"), "100\n");
	CHECK_ERROR(msgsnd(queue, &message, 101, IPC_NOWAIT), EINVAL);
	CHECK_EQ(msgsnd(queue, &message, 100, IPC_NOWAIT), 0);
	restore(SETTING("msgmax"));
	change(SETTING("msgmnb"), "150\n");
	other = msgget(IPC_PRIVATE, 0600);
	CHECK_EQ(msgctl(other, IPC_STAT, &status), 0);
	CHECK_EQ(status.msg_qbytes, 150);
	CHECK_EQ(msgsnd(other, &message, 100, IPC_NOWAIT), 0);
	CHECK_ERROR(msgsnd(other, &message, 100, IPC_NOWAIT), EAGAIN);
	CHECK_EQ(msgsnd(queue, &message, 100, IPC_NOWAIT), 0);
	restore(SETTING("msgmnb"));
	change(SETTING("msgmni"), "2\n");
	CHECK_ERROR(msgget(IPC_PRIVATE, 0600), ENOSPC);
	CHECK_ERROR(file_set(SETTING("msgmni"), "40000"), EINVAL);
	restore(SETTING("msgmni"));
	CHECK_EQ(msgctl(other, IPC_RMID, NULL), 0);
	CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
}

int main(void)
{
	test_locked();
	test_half_of_memory();
	test_wanted_ids();
	test_limits_of_segments();
	test_limits_of_queues();
	return CHECK_OK();
}
