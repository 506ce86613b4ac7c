/*
 * Messages, futexes, and the time of day.
 */
#include "effects.h"

#include <sys/msg.h>

struct message {
	long type;
	char text[8];
};

static int queue(void)
{
	int id = msgget(IPC_PRIVATE, 0600);

	CHECK(id >= 0);
	return id;
}

static struct msqid_ds status_of(int id)
{
	struct msqid_ds status;

	CHECK_EQ(msgctl(id, IPC_STAT, &status), 0);
	return status;
}

static void end(int id)
{
	CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
}

static void make_queue(void)
{
	int id = CALL(IPC_PRIVATE, 0640);
	struct msqid_ds status = status_of(id);

	end(id);
	CHECK_EQ(status.msg_perm.mode, 0640);
}

static void send(void)
{
	int id = queue();
	struct message m = { 1, "x" };

	CALL(id, &m, 1, 0);
	CHECK_EQ(status_of(id).msg_qnum, 1);
	end(id);
}

static void receive(void)
{
	int id = queue();
	struct message m = { 7, "x" }, got = { 0, "" };

	CHECK_EQ(msgsnd(id, &m, 1, 0), 0);
	CHECK_EQ(CALL(id, &got, 1, 0, 0), 1);
	CHECK_EQ(status_of(id).msg_qnum, 0);
	end(id);
	CHECK_EQ(got.type, 7);
	CHECK_EQ(got.text[0], 'x');
}

static void set_queue(void)
{
	int id = queue();
	struct msqid_ds status = status_of(id);

	status.msg_perm.mode = 0604;
	status.msg_perm.uid = 70001;
	status.msg_qbytes = 100;
	CALL(id, IPC_SET, &status);
	status = status_of(id);
	end(id);
	CHECK_EQ(status.msg_perm.mode, 0604);
	CHECK_EQ(status.msg_perm.uid, 70001);
	CHECK_EQ(status.msg_qbytes, 100);
}

static void end_queue(void)
{
	int id = queue();

	CALL(id, IPC_RMID, NULL);
	CHECK_ERROR(msgctl(id, IPC_RMID, NULL), EINVAL);
}

/* --- futexes --------------------------------------------------------------------------------------------------------- */

enum { WAIT, WAKE, REQUEUE = 3, CMP_REQUEUE, WAKE_OP, WAIT_BITSET = 9, WAKE_BITSET };

static void wait_for_time(void)
{
	static int word;
	long long before = effect_now();
	long narrow[2] = { 0, 20000000 }, wide[4] = { 0, 0, 20000000, 0 };
	long *time = effect->number == 422 ? wide : narrow;

	if (effect->word == WAIT_BITSET) /* until then */
		CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, (struct timespec *)narrow), 0);
	if (effect->word == WAIT_BITSET && (narrow[1] += 20000000) >= 1000000000) {
		narrow[0]++;
		narrow[1] -= 1000000000;
	}
	CHECK_EQ(syscall(effect->number, &word, effect->word, 0, time, NULL, -1), -1);
	if (errno != ETIMEDOUT)
		effect_done(-1);
	CHECK(effect_now() - before >= 20000000);
}

/* A child that waits for WORD[0] is woken by the call, perhaps through WORD[1]. */
static void wake(void)
{
	int *word = (int *)check_shared(1), woken;
	pid_t child = fork();
	bool moves = effect->word == REQUEUE || effect->word == CMP_REQUEUE;

	if (!child) {
		syscall(SYS_futex, word, WAIT, 0, NULL);
		_exit(9);
	}
	do {
		woken = CALL(word, effect->word, !moves, moves ? (void *)1 : NULL, word + 1, effect->word == WAKE_BITSET ? -1 : 0);
	} while (woken == 0);
	if (moves)
		CHECK_EQ(syscall(SYS_futex, word + 1, WAKE, 1), 1);
	CHECK_EQ(check_wait(child), 9 << 8);
}

static void wake_and_add(void)
{
	enum { ADD_5_COMPARE_0 = 1 << 28 | 5 << 12 };
	int *word = (int *)check_shared(1);

	CALL(word, WAKE_OP, 1, 1, word + 1, ADD_5_COMPARE_0);
	CHECK_EQ(word[1], 5);
}

/* --- the time of day -------------------------------------------------------------------------------------------------- */

enum { WANTED = 2000000000 };

static long time_of_day(void)
{
	struct timespec now;

	CHECK_EQ(clock_gettime(CLOCK_REALTIME, &now), 0);
	return now.tv_sec;
}

static void set_back(long before)
{
	struct timespec time = { before, 0 };

	CHECK_EQ(syscall(264, CLOCK_REALTIME, &time), 0);
}

static void is_set(long before)
{
	long now = time_of_day();

	set_back(before);
	CHECK(now >= WANTED && now < WANTED + 10);
}

static void set_seconds(void)
{
	long before = time_of_day(), wanted = WANTED;

	CALL(&wanted);
	is_set(before);
}

static void set_time_of_day(void)
{
	long before = time_of_day();

	CALL((long[]){ WANTED, 0 }, NULL);
	is_set(before);
}

/* The first call moves Linux's clock by its zone. */
static void set_zone(void)
{
	int zone[2] = { 0, 0 };

	CHECK_EQ(syscall(effect->number, NULL, zone), 0);
	CALL(NULL, ((int[]){ effect->word, !effect->word }));
	CHECK_EQ(syscall(78, NULL, zone), 0);
	CHECK_EQ(zone[0], effect->word);
	CHECK_EQ(zone[1], !effect->word);
	CHECK_EQ(syscall(effect->number, NULL, (int[]){ 0, 0 }), 0);
}

static void set_clock(void)
{
	long before = time_of_day();

	CALL(CLOCK_REALTIME, ((long[]){ WANTED, 0, 0, 0 }));
	is_set(before);
}

static void sleep_some(void)
{
	long long before = effect_now();

	CALL(((long[]){ 0, 20000000 }), NULL);
	CHECK(effect_now() - before >= 20000000);
}

static void sleep_by_clock(void)
{
	long long before = effect_now();

	CALL(CLOCK_MONOTONIC, 0, effect->word ? (long[]){ 0, 0, 20000000, 0 } : (long[]){ 0, 20000000, 0, 0 }, NULL);
	CHECK(effect_now() - before >= 20000000);
}

const struct effect message_effects[] = {
	{ 25, "stime", set_seconds, 0 },
	{ 79, "settimeofday", set_time_of_day, 0 },
	{ 79, "settimeofday tz_minuteswest", set_zone, 60 },
	{ 79, "settimeofday tz_dsttime", set_zone, 0 },
	{ 162, "nanosleep", sleep_some, 0 },
	{ 240, "futex FUTEX_WAIT", wait_for_time, WAIT },
	{ 240, "futex FUTEX_WAIT_BITSET", wait_for_time, WAIT_BITSET },
	{ 240, "futex FUTEX_WAKE", wake, WAKE },
	{ 240, "futex FUTEX_WAKE_BITSET", wake, WAKE_BITSET },
	{ 240, "futex FUTEX_REQUEUE", wake, REQUEUE },
	{ 240, "futex FUTEX_CMP_REQUEUE", wake, CMP_REQUEUE },
	{ 240, "futex FUTEX_WAKE_OP", wake_and_add, 0 },
	{ 264, "clock_settime", set_clock, 0 },
	{ 267, "clock_nanosleep", sleep_by_clock, 0 },
	{ 399, "msgget", make_queue, 0 },
	{ 400, "msgsnd", send, 0 },
	{ 401, "msgrcv", receive, 0 },
	{ 402, "msgctl IPC_SET", set_queue, 0 },
	{ 402, "msgctl IPC_RMID", end_queue, 0 },
	{ 404, "clock_settime64", set_clock, 0 },
	{ 407, "clock_nanosleep_time64", sleep_by_clock, 1 },
	{ 422, "futex_time64", wait_for_time, 0 },
	{ 0 },
};
