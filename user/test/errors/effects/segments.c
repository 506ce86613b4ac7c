/*
 * Segments of System V.
 */
#include "memory.h"

#include <sys/msg.h>

enum { SHM_LOCK = 11, SHM_UNLOCK = 12, SHM_RDONLY = 010000, SHM_RND = 020000, SHM_REMAP = 040000 };
enum { SYS_SHMGET = 395, SYS_SHMCTL, SYS_SHMAT, SYS_SHMDT };

struct segment_status {
	struct ipc_perm perm;
	unsigned bytes, rest[13];
};

static int segment(void)
{
	int id = syscall(SYS_SHMGET, IPC_PRIVATE, 2 * PAGE, 0600);

	CHECK(id >= 0);
	return id;
}

static struct segment_status segment_status(int id)
{
	struct segment_status s;

	CHECK_EQ(syscall(SYS_SHMCTL, id, IPC_STAT, &s), 0);
	return s;
}

static void remove_segment(int id)
{
	CHECK_EQ(syscall(SYS_SHMCTL, id, IPC_RMID, NULL), 0);
}

static void make_segment(void)
{
	int id = CALL(IPC_PRIVATE, 2 * PAGE, 0640);
	struct segment_status s = segment_status(id);

	remove_segment(id);
	CHECK_EQ(s.bytes, 2 * PAGE);
	CHECK_EQ(s.perm.mode, 0640);
}

/* Through the multiplexed call ipc(). */
static void make_segment_by_ipc(void)
{
	int id = CALL(23, IPC_PRIVATE, 2 * PAGE, 0640, NULL);
	struct segment_status s = segment_status(id);

	remove_segment(id);
	CHECK_EQ(s.bytes, 2 * PAGE);
}

static void set_segment(void)
{
	int id = segment();
	struct segment_status s = segment_status(id);

	s.perm.mode = 0604;
	s.perm.uid = 70001;
	CALL(id, IPC_SET, &s);
	s = segment_status(id);
	remove_segment(id);
	CHECK_EQ(s.perm.mode, 0604);
	CHECK_EQ(s.perm.uid, 70001);
}

static void end_segment(void)
{
	int id = segment();
	struct segment_status s;

	CALL(id, IPC_RMID, NULL);
	CHECK_ERROR(syscall(SYS_SHMCTL, id, IPC_STAT, &s), EINVAL);
}

static void lock_segment(void)
{
	enum { LOCKED = 02000 };
	int id = segment(), mode;

	if (effect->word == SHM_UNLOCK)
		CHECK_EQ(syscall(SYS_SHMCTL, id, SHM_LOCK, NULL), 0);
	CALL(id, effect->word, NULL);
	mode = segment_status(id).perm.mode;
	remove_segment(id);
	CHECK_EQ(mode & LOCKED, effect->word == SHM_LOCK ? LOCKED : 0);
}

static void attach(void)
{
	int id = segment();
	char *other, *p = at(CALL(id, NULL, 0));

	other = at(syscall(effect->number, id, NULL, SHM_RDONLY));
	remove_segment(id);
	*p = 'x';
	CHECK_EQ(*other, 'x');
	CHECK_SIGNAL(check_store, other, SIGSEGV);
}

static void attach_over(void)
{
	int id = segment();
	char *old = check_private(2), *p;

	*old = 'x';
	p = at(CALL(id, old + 5, SHM_REMAP | SHM_RND));
	remove_segment(id);
	CHECK_AT(p, old);
	CHECK_EQ(*old, 0);
}

static void detach(void)
{
	int id = segment();
	char *p = at(syscall(SYS_SHMAT, id, NULL, 0));

	remove_segment(id);
	CALL(p);
	CHECK(!is_mapped(p));
}

const struct effect segment_effects[] = {
	{ 117, "ipc SHMGET", make_segment_by_ipc, 0 },
	{ 395, "shmget", make_segment, 0 },
	{ 396, "shmctl IPC_SET", set_segment, 0 },
	{ 396, "shmctl IPC_RMID", end_segment, 0 },
	{ 396, "shmctl SHM_LOCK", lock_segment, SHM_LOCK },
	{ 396, "shmctl SHM_UNLOCK", lock_segment, SHM_UNLOCK },
	{ 397, "shmat", attach, 0 },
	{ 397, "shmat SHM_REMAP SHM_RND", attach_over, 0 },
	{ 398, "shmdt", detach, 0 },
	{ 0 },
};
