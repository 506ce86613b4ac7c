/*
 * sysv-shm.h - the calls of System V shared memory, for the programs that test them.
 */
#ifndef USER_TEST_SYSV_SHM_H
#define USER_TEST_SYSV_SHM_H

#include "check.h"

#include <sys/msg.h>
#include <sys/syscall.h>

enum { SHMGET = 395, SHMCTL, SHMAT, SHMDT };
enum { SHM_RDONLY = 010000, SHM_RND = 020000, SHM_REMAP = 040000, SHM_DEST = 01000, SHM_HUGETLB = 04000, SHM_LOCKED = 02000,
       SHM_LOCK = 11, SHM_UNLOCK = 12, SHM_INFO = 14 };

struct shmid_ds {
	int key;
	uint32_t uid, gid, cuid, cgid;
	uint16_t mode, pad1, seq, pad2;
	uint32_t unused1, unused2;
	uint32_t segsz;
	uint32_t atime, atime_high, dtime, dtime_high, ctime, ctime_high;
	uint32_t cpid, lpid, nattch;
	uint32_t unused[2];
};

static inline int shmget(int key, size_t bytes, int flags)
{
	return syscall(SHMGET, key, bytes, flags);
}

static inline int *shmat(int id, const void *at, int flags)
{
	return (int *)syscall(SHMAT, id, at, flags);
}

static inline int shmdt(const void *at)
{
	return syscall(SHMDT, at);
}

static inline int shmctl(int id, int command, struct shmid_ds *status)
{
	return syscall(SHMCTL, id, command, status);
}

static inline struct shmid_ds stat_of(int id)
{
	struct shmid_ds s;

	CHECK_EQ(shmctl(id, IPC_STAT, &s), 0);
	return s;
}

static inline int make(unsigned pages)
{
	int id = shmget(IPC_PRIVATE, pages * PAGE, IPC_CREAT | 0600);

	CHECK(id >= 0);
	return id;
}

static inline int *attach(int id)
{
	int *p = shmat(id, NULL, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

#endif
