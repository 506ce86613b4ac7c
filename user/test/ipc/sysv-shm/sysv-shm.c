/*
 * sysv-shm - System V shared memory: keys and identifiers, attaching, and the end of a segment, in memory or swapped out.
 * tasks.c: what fork, exec and exit do to it.
 *
 * `sysv-shm many N` only fills a segment of N pages from a child, for machines that have fewer frames.
 */
#include "sysv-shm.h"

#include "file.h"
#include "tasks.h"

enum { IPC = 117, KEY = 0x5EC };
enum { IPC_SHMAT = 21, IPC_SHMDT, IPC_SHMGET, IPC_SHMCTL, IPC_64 = 0x100 };

/* --- refused ------------------------------------------------------------------------------------------------------- */

static void test_refused(void)
{
	char *mine = check_private(4);
	struct shmid_ds s;
	int id = make(2);

	CHECK_ERROR(shmget(IPC_PRIVATE, 0, IPC_CREAT), EINVAL);
	CHECK_ERROR(shmget(KEY, PAGE, 0), ENOENT);
	CHECK_ERROR(shmget(KEY, 0, IPC_CREAT), EINVAL);
	CHECK_ERROR(shmat(id, mine, 0), EINVAL);
	CHECK_ERROR(shmat(id, mine + 1, SHM_REMAP), EINVAL);
	CHECK_ERROR(shmat(id, NULL, SHM_REMAP), EINVAL);
	CHECK_ERROR(shmat(id, (void *)0xFFFFD000, 0), ENOMEM);
	CHECK_ERROR(shmat(-1, NULL, 0), EINVAL);
	CHECK_ERROR(shmat(id + 12345, NULL, 0), EINVAL);
	CHECK_ERROR(shmdt(mine), EINVAL);
	CHECK_ERROR(shmdt(NULL), EINVAL);
	CHECK_ERROR(shmctl(id, 99, &s), EINVAL);
	CHECK_ERROR(shmctl(id, IPC_STAT, (void *)8), EFAULT);
	CHECK_ERROR(shmctl(id, IPC_SET, (void *)8), EFAULT);
	CHECK_ERROR(shmctl(-1, IPC_STAT, &s), EINVAL);
	CHECK_ERROR(shmctl(-1, IPC_RMID, NULL), EINVAL);
	CHECK_EQ(stat_of(id).nattch, 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_ERROR(shmctl(id, IPC_RMID, NULL), EINVAL);
	CHECK_ERROR(shmat(id, NULL, 0), EINVAL);
	munmap(mine, 4 * PAGE);
}

/* --- keys ---------------------------------------------------------------------------------------------------------- */

static void test_key(void)
{
	int id = shmget(KEY, 2 * PAGE + 5, IPC_CREAT | 0640), other;
	struct shmid_ds s;

	CHECK(id >= 0);
	s = stat_of(id);
	CHECK_EQ(s.key, KEY);
	CHECK_EQ(s.segsz, 2 * PAGE + 5);
	CHECK_EQ(s.mode, 0640);
	CHECK_EQ(s.cpid, getpid());
	CHECK_EQ(s.lpid, 0);
	CHECK_EQ(s.atime, 0);
	CHECK(s.ctime != 0);
	CHECK_EQ(shmget(KEY, 0, 0), id);
	CHECK_EQ(shmget(KEY, PAGE, IPC_CREAT), id);
	CHECK_ERROR(shmget(KEY, PAGE, IPC_CREAT | IPC_EXCL), EEXIST);
	CHECK_ERROR(shmget(KEY, 4 * PAGE, 0), EINVAL);
	s.mode = 0444;
	CHECK_EQ(shmctl(id, IPC_SET, &s), 0);
	CHECK_EQ(stat_of(id).mode, 0444);
	other = make(1);
	CHECK(other != id);
	CHECK_EQ(shmctl(other, IPC_RMID, NULL), 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_ERROR(shmget(KEY, 0, 0), ENOENT);
}

/* --- attached ------------------------------------------------------------------------------------------------------ */

/* Attached twice, the same pages; the identifier of a removed segment is valid until both are detached. */
static void test_last_detach(void)
{
	int id = shmget(KEY, 3 * PAGE, IPC_CREAT | 0600);
	int *a = attach(id), *b = attach(id);
	struct shmid_ds s = stat_of(id);

	CHECK(a != b && a[0] == 0 && b[3 * PAGE / 4 - 1] == 0);
	a[700] = 7;
	CHECK_EQ(b[700], 7);
	CHECK_EQ(s.nattch, 2);
	CHECK_EQ(s.lpid, getpid());
	CHECK(s.atime != 0 && s.dtime == 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_ERROR(shmget(KEY, 0, 0), ENOENT);
	CHECK_EQ(stat_of(id).mode, 0600 | SHM_DEST);
	CHECK_EQ(stat_of(id).key, 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_EQ(shmdt(a), 0);
	CHECK(stat_of(id).dtime != 0);
	CHECK_ERROR(shmdt(a), EINVAL);
	a = attach(id);
	CHECK_EQ(a[700], 7);
	CHECK_EQ(shmdt(a), 0);
	CHECK_EQ(munmap(b, 3 * PAGE), 0);
	CHECK_ERROR(shmctl(id, IPC_STAT, &s), EINVAL);
	CHECK_SIGNAL(check_load, b, SIGSEGV);
}

static void test_place(void)
{
	int id = make(2);
	char *room = check_private(8);
	int *p;

	CHECK_EQ(munmap(room, 8 * PAGE), 0);
	p = shmat(id, room + PAGE + 123, SHM_RND);
	CHECK_AT(p, room + PAGE);
	CHECK_ERROR(shmat(id, room + 2 * PAGE, 0), EINVAL);
	p[0] = 5;
	/* Over itself: the segment, which is removed already, loses its only attachment and gets it again. */
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_AT(shmat(id, p, SHM_REMAP), p);
	CHECK_EQ(p[0], 5);
	CHECK_EQ(stat_of(id).nattch, 1);
	CHECK_ERROR(shmdt((char *)p + PAGE), EINVAL);
	CHECK_EQ(shmdt(p), 0);
}

/* shmdt() unmaps what munmap() and mprotect() have left of it, and nothing else. */
static void test_pieces(void)
{
	int id = make(6);
	char *p = (char *)attach(id), *between;

	CHECK_EQ(munmap(p + PAGE, 2 * PAGE), 0);
	between = mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK_AT(between, p + PAGE);
	*between = 3;
	CHECK_EQ(mprotect(p + 4 * PAGE, PAGE, PROT_READ), 0);
	CHECK_EQ(stat_of(id).nattch, 4);
	CHECK_EQ(shmdt(p), 0);
	CHECK_EQ(stat_of(id).nattch, 0);
	CHECK_EQ(*between, 3);
	CHECK_SIGNAL(check_load, p + 3 * PAGE, SIGSEGV);
	CHECK_SIGNAL(check_load, p + 5 * PAGE, SIGSEGV);
	CHECK_EQ(munmap(between, PAGE), 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

static void test_read_only(void)
{
	int id = make(1);
	int *p = shmat(id, NULL, SHM_RDONLY), *q = attach(id);

	CHECK(p != MAP_FAILED);
	*q = 9;
	CHECK_EQ(*p, 9);
	CHECK_SIGNAL(check_store, p, SIGSEGV);
	CHECK_ERROR(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
	CHECK_EQ(shmdt(p), 0);
	CHECK_EQ(shmdt(q), 0);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
}

/* --- the old way in ------------------------------------------------------------------------------------------------- */

static void test_ipc(void)
{
	int id = syscall(IPC, IPC_SHMGET, IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	struct shmid_ds s;
	uint32_t at = 0;

	CHECK(id >= 0);
	CHECK_EQ(syscall(IPC, IPC_SHMAT, id, 0, &at, 0), 0);
	*(int *)at = 4;
	CHECK_EQ(syscall(IPC, IPC_SHMCTL, id, IPC_STAT | IPC_64, 0, &s), 0);
	CHECK_EQ(s.nattch, 1);
	CHECK_ERROR(syscall(IPC, IPC_SHMAT, id, 0, 8, 0), EFAULT);
	CHECK_ERROR(syscall(IPC, IPC_SHMAT | 1 << 16, id, 0, &at, 0), EINVAL);
	CHECK_EQ(syscall(IPC, IPC_SHMDT, 0, 0, 0, at), 0);
	CHECK_EQ(syscall(IPC, IPC_SHMCTL, id, IPC_RMID | IPC_64, 0, 0), 0);
}

/* --- much ---------------------------------------------------------------------------------------------------------- */

static void fill(void *argument)
{
	int *p = attach(*(int *)argument);
	unsigned pages = stat_of(*(int *)argument).segsz / PAGE;

	for (unsigned i = 0; i < pages; i++)
		p[i * PAGE / 4 + i % 1000] = i + 1;
}

/* While no task has it attached, it stays in memory or in swap; removed, it is in neither. */
static void test_many(unsigned pages)
{
	long long free_swap = proc_number("/proc/meminfo", "SwapFree");
	int id = make(pages);
	int *p;

	CHECK_EQ(check_in_child(fill, &id), 0);
	CHECK_EQ(stat_of(id).nattch, 0);
	p = attach(id);
	for (unsigned i = 0; i < pages; i++)
		CHECK_EQ(p[i * PAGE / 4 + i % 1000], i + 1);
	CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
	CHECK_EQ(shmdt(p), 0);
	CHECK(proc_number("/proc/meminfo", "SwapFree") > free_swap - (int)pages * 4 / 10);
}

/* => how many lines of PATH have ID as their second word */
static int lines_of(const char *path, int id)
{
	int n = 0;

	for (const char *line = strchr(file_text(path), '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
		char *end;

		strtol(line + 1, &end, 10);
		n += strtol(end, NULL, 10) == id;
	}
	return n;
}

/* Information about all segments, and about one by its index in the table. */
static void test_told(void)
{
	enum { INFO = 3, SHM_STAT = 13 };
	unsigned limits[9], usage[6];
	int one = make(3), two = make(2), last, found = 0;
	struct shmid_ds s;
	int *p = shmat(one, NULL, 0);

	p[0] = p[PAGE / sizeof(*p)] = 1;
	last = shmctl(0, SHM_INFO, (struct shmid_ds *)usage);
	CHECK(last >= 1);
	CHECK_EQ(usage[0], 2);
	CHECK_EQ(usage[1], 5);
	CHECK_EQ(usage[2] + usage[3], 2);
	CHECK_EQ(shmctl(one, INFO, (struct shmid_ds *)limits), last);
	CHECK(limits[0] >= 3 * PAGE);
	CHECK_EQ(limits[1], 1);
	CHECK(limits[2] >= 256);
	CHECK(limits[4] >= 5);
	for (int i = 0; i <= last; i++) {
		int id = shmctl(i, SHM_STAT, &s);

		found += id == one && s.segsz == 3 * PAGE && s.nattch == 1;
		found += id == two && s.segsz == 2 * PAGE && s.nattch == 0;
	}
	CHECK_EQ(found, 2);
	CHECK_EQ(lines_of("/proc/sysvipc/shm", one), 1);
	CHECK_EQ(lines_of("/proc/sysvipc/shm", last + 1000000), 0);
	CHECK_EQ(strtoul(file_text("/proc/sys/kernel/shmmax"), NULL, 10), limits[0]); /* may exceed a long */
	CHECK_EQ(file_number("/proc/sys/kernel/shmmni"), limits[2]);
	CHECK_ERROR(shmctl(last + 1, SHM_STAT, &s), EINVAL);
	CHECK_ERROR(shmctl(-1, SHM_INFO, &s), EINVAL);
	CHECK_ERROR(shmctl(0, SHM_INFO, (struct shmid_ds *)8), EFAULT);
	CHECK_EQ(shmdt(p), 0);
	CHECK_EQ(shmctl(one, IPC_RMID, NULL), 0);
	CHECK_EQ(shmctl(two, IPC_RMID, NULL), 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "wait") == 0)
		return wait_here();
	if (argc == 3 && strcmp(argv[1], "many") == 0) {
		test_many(strtol(argv[2], NULL, 0));
		test_told();
		return CHECK_OK();
	}
	test_refused();
	test_key();
	test_last_detach();
	test_place();
	test_pieces();
	test_read_only();
	test_tasks(argv[0]);
	test_last_task();
	test_killed();
	test_ipc();
	return CHECK_OK();
}
