/*
 * lab-share-errors - the lab `share`, its third part: messages that cannot be sent, and queues that are removed while a task waits.
 *
 * Requests of the kernel for memory fail for children only, never for the first program.
 */
#include "lab.h"

#include <errno.h>
#include <proc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/msg.h>

enum { LARGEST = 8192, ROUNDS = 60, QUEUES = 200, MANY = 1600, OTHER = 7 };

static struct {
	long type;
	char text[LARGEST];
} message;
static int queue;

/* => 0; the error of msgsnd() */
static int send(const void *from, uint32_t size)
{
	return msgsnd(queue, from, size, IPC_NOWAIT) ? errno : 0;
}

static int send_with_type(long type)
{
	message.type = type;
	return send(&message, 1);
}

/* => 0; the error of msgrcv() */
static int receive(int flags)
{
	return msgrcv(queue, &message, LARGEST, 0, flags) < 0 ? errno : 0;
}

static char *map(int pages)
{
	char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	lab_must(p != MAP_FAILED);
	return p;
}

/* => a message of which only the type lies in memory; behind that there is nothing */
static const void *message_without_text(void)
{
	char *p = map(2);
	long *type = (long *)(p + PAGE) - 1;

	lab_must(munmap(p + PAGE, PAGE) == 0);
	*type = 1;
	return type;
}

/* => a message of which only the text does */
static const void *message_without_type(void)
{
	char *p = map(2);

	lab_must(munmap(p, PAGE) == 0);
	return (long *)(p + PAGE) - 1;
}

/* --- bad messages ----------------------------------------------------------------------------------------------- */

/* Each has one fault only. */
static void send_bad_messages(void)
{
	const void *without_text = message_without_text();
	int nowhere = send((const void *)16, 1), no_text = send(without_text, LARGEST);
	int half = send(message_without_type(), 8);
	int no_type = send_with_type(0), negative = send_with_type(-1);
	int too_long, much_too_long, overflow;

	message.type = 1;
	too_long = send(&message, LARGEST + 1);
	much_too_long = send(&message, 1u << 31);
	overflow = send(&message, ~0u);
	lab_stop(1, 9, nowhere, no_text, half, no_type, negative, too_long, much_too_long, overflow, receive(IPC_NOWAIT));
	for (int i = 0; i < ROUNDS; i++)
		send(without_text, LARGEST);
	lab_stop(2, 0);
}

/* --- queues that are removed ------------------------------------------------------------------------------------ */

static void wait_for_a_message(void)
{
	_exit(receive(0));
}

/* => the status of a child that waits at the queue when that is removed, and at once another one takes its place */
static int replace_queue(void)
{
	pid_t pid = lab_child(wait_for_a_message);

	lab_sleep(1);
	lab_must(msgctl(queue, IPC_RMID, NULL) == 0);
	queue = msgget(IPC_PRIVATE, 0600);
	lab_must(queue >= 0 && send_with_type(OTHER) == 0);
	return lab_wait(pid);
}

static void remove_queues(void)
{
	int status, error;

	lab_must(msgctl(queue, IPC_RMID, NULL) == 0); /* with what should have been refused */
	queue = msgget(IPC_PRIVATE, 0600);
	lab_must(queue >= 0);
	status = replace_queue();
	message.type = 0;
	error = receive(IPC_NOWAIT);
	lab_stop(3, 3, status, error, message.type);
	for (int i = 0; i < QUEUES; i++) {
		replace_queue();
		receive(IPC_NOWAIT);
	}
	lab_stop(4, 0);
}

/* --- no memory -------------------------------------------------------------------------------------------------- */

static void send_to_the_end(void)
{
	message.type = 1;
	_exit(send(&message, LARGEST));
}

static void send_when_memory_is_refused(void)
{
	int status;

	lab_must(proc_write("/proc/sys/vm/fail", "heap:1"));
	status = lab_in_child(send_to_the_end);
	lab_must(proc_write("/proc/sys/vm/fail", "off"));
	lab_stop(5, 2, status, receive(IPC_NOWAIT));
}

static void fill_memory(void)
{
	char *many;

	lab_must(mlockall(MCL_CURRENT) == 0);
	many = map(MANY);
	lab_sleep(20);
	for (int i = 0; i < MANY; i++)
		*(volatile int *)(many + i * PAGE) = i + 1;
}

static void send_later(void)
{
	lab_must(mlockall(MCL_CURRENT) == 0);
	lab_sleep(300);
	send_to_the_end();
}

/*
 * After the stop the grader holds a request to the swap disk until all tasks sleep, so one waits for frames, and then the other,
 * too. What else they need is locked.
 */
static void kill_a_sender(void)
{
	pid_t filling, sending;
	int status;

	lab_stop(6, 0);
	filling = lab_child(fill_memory);
	sending = lab_child(send_later);
	lab_sleep(450);
	lab_must(kill(sending, SIGKILL) == 0);
	status = lab_wait(sending);
	lab_wait(filling);
	lab_stop(7, 2, status, receive(IPC_NOWAIT));
}

int main(int argc, char **argv)
{
	lab_begin(argc, argv);
	lab_must(mlockall(MCL_CURRENT) == 0);
	queue = msgget(IPC_PRIVATE, 0600);
	lab_must(queue >= 0);
	send_bad_messages();
	remove_queues();
	send_when_memory_is_refused();
	kill_a_sender();
	return 0;
}
