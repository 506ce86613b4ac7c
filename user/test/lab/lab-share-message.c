/*
 * lab-share-message - the lab `share`, its second part: tasks that have nothing in common but a queue.
 *
 * A message's text is the run's word and a number, several times over. What was received is in `received`, for the grader to see.
 */
#include "lab.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/msg.h>

enum { LONG = 1000, WORDS = 250, FIT = 16, MANY = 20, ROUNDS = 3000, LARGEST = 2000, TRUNCATED = 12 };

struct letter {
	long type;
	uint32_t words[LARGEST];
};

static struct letter letter;
static volatile uint32_t received[MANY] __attribute__((aligned(64)));	/* the first word of each */
static volatile uint32_t sent;
static int queue;

static void make_queue(void)
{
	queue = msgget(IPC_PRIVATE, 0600);
	lab_must(queue >= 0);
}

static bool send(long type, uint32_t number, int words)
{
	letter.type = type;
	for (int i = 0; i < words; i++)
		letter.words[i] = lab_report.word ^ (number + 1);
	return msgsnd(queue, &letter, words * sizeof(uint32_t), 0) == 0;
}

/* => words; -1: none */
static int receive(long type, int flags)
{
	int bytes;

	memset(&letter, 0, sizeof(letter));
	bytes = msgrcv(queue, &letter, sizeof(letter.words), type, flags);
	return bytes < 0 ? -1 : bytes / (int)sizeof(uint32_t);
}

static void receive_what_was_sent(void)
{
	int words = receive(0, 0);

	lab_stop(2, 2, (uint32_t)letter.words, words);
}

/* The sender changes its own memory before the message is received. */
static void send_a_copy(void)
{
	lab_must(send(1, 0, LONG));
	memset(&letter, 0, sizeof(letter));
	lab_stop(1, 1, (uint32_t)letter.words);
	waitpid(lab_child(receive_what_was_sent), NULL, 0);
}

/* Types 5, 2, 5, 1 in this order: first of type 2, of any, of the lowest type, of type 5. */
static void choose(void)
{
	static const long types[] = { 5, 2, 5, 1 }, wanted[] = { 2, 0, -9, 5 };

	for (int i = 0; i < 4; i++)
		lab_must(send(types[i], 10 + i, 1));
	for (int i = 0; i < 4; i++) {
		receive(wanted[i], IPC_NOWAIT);
		received[i] = letter.words[0];
	}
	lab_stop(3, 1, (uint32_t)received);
}

static void wait_for_a_message(void)
{
	int words = receive(0, 0);

	lab_stop(5, 2, (uint32_t)letter.words, words);
}

static void send_to_a_waiting_task(void)
{
	pid_t pid = lab_child(wait_for_a_message);

	lab_sleep(20);
	lab_stop(4, 0);
	lab_must(send(1, 20, LONG));
	waitpid(pid, NULL, 0);
}

static void send_too_many(void)
{
	lab_stop(6, 1, (uint32_t)&sent);
	for (int i = 0; i < MANY; i++) {
		lab_must(send(1, 30 + i, WORDS));
		sent = i + 1;
	}
}

static void receive_too_many(void)
{
	pid_t pid = lab_child(send_too_many);

	lab_sleep(20);
	lab_stop(7, 1, (uint32_t)&sent);
	for (int i = 0; i < MANY; i++) {
		lab_must(receive(0, 0) == WORDS);
		received[i] = letter.words[0];
	}
	waitpid(pid, NULL, 0);
	lab_stop(8, 1, (uint32_t)received);
}

/* A message that is too long for its receiver stays, or loses its end. */
static void receive_too_little(void)
{
	int refused, cut, none;

	lab_must(send(1, 60, WORDS));
	refused = msgrcv(queue, &letter, TRUNCATED, 0, 0) < 0 ? errno : 0;
	memset(&letter, 0, sizeof(letter));
	cut = msgrcv(queue, &letter, TRUNCATED, 0, MSG_NOERROR);
	none = msgrcv(queue, &letter, TRUNCATED, 0, IPC_NOWAIT) < 0 ? errno : 0;
	lab_stop(9, 4, (uint32_t)letter.words, refused, cut, none);
}

/* The memory of so many messages would be more than there is. */
static void send_for_long(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		lab_must(send(1, i, LARGEST));
		lab_must(receive(1, 0) == LARGEST);
	}
	lab_stop(10, 1, (uint32_t)letter.words);
}

/* --- several tasks wait at the queue ---------------------------------------------------------------------------- */

static long wanted;	/* by the next child: the type to receive; how many words to send */

/* Ends with the number of the message, or with the error. */
static void receive_wanted(void)
{
	int words = receive(wanted, 0);

	_exit(words < 0 ? errno : (int)(letter.words[0] ^ lab_report.word) - 1);
}

static void send_wanted(void)
{
	_exit(send(3, 90, wanted) ? 0 : errno);
}

/* => a child that runs BODY, and waits by now */
static pid_t waiting(void (*body)(void), long what)
{
	pid_t pid;

	wanted = what;
	pid = lab_child(body);
	lab_sleep(20);
	return pid;
}

/* Kills the child PID if it waits still. => its status */
static int end_of(pid_t pid)
{
	kill(pid, SIGKILL);
	return lab_wait(pid);
}

static struct msqid_ds state(void)
{
	struct msqid_ds state;

	lab_must(msgctl(queue, IPC_STAT, &state) == 0);
	return state;
}

/* The first that waits cannot go on when the first message comes, and one of the other two cannot, either. */
static void several_receive(void)
{
	pid_t other = waiting(receive_wanted, 1), one = waiting(receive_wanted, 2), two = waiting(receive_wanted, 2);
	uint32_t left;

	lab_must(send(2, 70, 1));
	lab_sleep(20);
	left = state().msg_qnum;
	lab_must(send(2, 71, 1) && send(1, 72, 1));
	lab_sleep(20);
	lab_stop(11, 4, left, end_of(other), end_of(one), end_of(two));
}

/* When one message is received, there is no room for the first that waits, and then for one of the other two only. */
static void several_send(void)
{
	struct msqid_ds before, after;
	pid_t one, two, three;

	make_queue();
	for (int i = 0; i < FIT; i++)
		lab_must(send(3, 80, WORDS));
	before = state();
	one = waiting(send_wanted, 2 * WORDS);
	two = waiting(send_wanted, WORDS);
	three = waiting(send_wanted, WORDS);
	lab_must(receive(0, 0) == WORDS);
	lab_sleep(20);
	after = state();
	lab_stop(12, 4, before.msg_qnum, before.msg_cbytes, after.msg_qnum, after.msg_cbytes);
	end_of(one);
	end_of(two);
	end_of(three);
}

/* --- waiting ends without a message ----------------------------------------------------------------------------- */

static void wait_in_vain(void)
{
	int error = receive(9, 0) < 0 ? errno : 0;

	lab_stop(14, 1, error);
}

static void remove_queue(void)
{
	pid_t pid = lab_child(wait_in_vain);

	lab_sleep(20);
	lab_stop(13, 0);
	lab_must(msgctl(queue, IPC_RMID, NULL) == 0);
	waitpid(pid, NULL, 0);
}

static void do_nothing(int signal)
{
	(void)signal;
}

static void send_a_signal(void)
{
	pid_t pid;

	lab_must(signal(SIGUSR1, do_nothing) != SIG_ERR);
	make_queue();
	pid = waiting(receive_wanted, 0);
	lab_must(kill(pid, SIGUSR1) == 0);
	lab_sleep(20);
	lab_stop(15, 1, end_of(pid));
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	make_queue();
	send_a_copy();
	choose();
	send_to_a_waiting_task();
	receive_too_many();
	receive_too_little();
	send_for_long();
	several_receive();
	several_send();
	remove_queue();
	send_a_signal();
	return 0;
}
