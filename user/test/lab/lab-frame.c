/*
 * lab-frame - the lab `frame`: memory is taken in blocks, used up, given back, and taken again as one block.
 *
 * Pages need single frames. A message in a queue needs a block of one, two or four, which lie side by side. The table of the slots
 * of the swap area needs 64.
 */
#include "lab.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

enum { FIRST = 0x10000000, MOST = 0x4000000, KEPT = 56, MESSAGES = 8, IN_A_QUEUE = 2, LONGEST = 8192, A_FEW = 200, ROUNDS = 3 };

static const uint32_t sizes[] = { 3000, 6000, LONGEST };
static int queues[MESSAGES / IN_A_QUEUE];
static struct {
	long type;
	uint32_t text[LONGEST / sizeof(uint32_t)];
} message;

static uint32_t size_of(int i)
{
	return sizes[i % 3];
}

/* Every word of all messages is another one. What is left of them in the program is removed. */
static void send_messages(void)
{
	for (int i = 0; i < MESSAGES; i++) {
		if (i % IN_A_QUEUE == 0)
			queues[i / IN_A_QUEUE] = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
		message.type = 1;
		for (uint32_t j = 0; j < size_of(i) / sizeof(uint32_t); j++)
			message.text[j] = lab_report.word + (i << 16) + j;
		lab_must(msgsnd(queues[i / IN_A_QUEUE], &message, size_of(i), 0) == 0);
	}
	memset(&message, 0, sizeof(message));
}

static void remove_messages(void)
{
	for (int i = 0; i < MESSAGES / IN_A_QUEUE; i++)
		lab_must(msgctl(queues[i], IPC_RMID, NULL) == 0);
}

static void map(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;

	lab_must(mmap((void *)FIRST, MOST, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED);
}

static uint32_t free_frames(void)
{
	struct sysinfo info;

	lab_must(sysinfo(&info) == 0);
	return info.freeram * info.mem_unit / PAGE;
}

/*
 * Every page with another word, until few frames are free: too few for a block of 64, enough for the page-out daemon to sleep.
 * => the number of pages
 */
static uint32_t fill_memory(void)
{
	uint32_t n = 0;

	for (; free_frames() > KEPT; n++)
		for (uint32_t j = 0; j < PAGE / sizeof(uint32_t); j++)
			((uint32_t *)(FIRST + n * PAGE))[j] = lab_report.word ^ (FIRST + n * PAGE);
	return n;
}

static void unmap(void)
{
	lab_must(munmap((void *)FIRST, MOST) == 0);
}

static void touch(uint32_t pages)
{
	for (uint32_t i = 0; i < pages; i++)
		*(char *)(FIRST + i * PAGE) = 1;
}

static void take_and_give_back(void)
{
	map();
	touch(A_FEW);
	unmap();
}

/* A child has all pages in common with its parent, and stores to some of them. */
static void share_memory(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		touch(A_FEW);
		_exit(0);
	}
	lab_must(pid > 0 && waitpid(pid, NULL, 0) == pid);
}

static void do_everything(void)
{
	map();
	touch(A_FEW);
	send_messages();
	share_memory();
	fill_memory();
	remove_messages();
	unmap();
}

/* The kernel joins single frames when blocks are counted. */
static void count_blocks(void)
{
	char line[200];
	int fd = open("/proc/buddyinfo", O_RDONLY);

	lab_must(fd >= 0 && read(fd, line, sizeof(line)) > 0);
	close(fd);
}

/* => the path of the swap area's disk; "": there is none, perhaps since there was no block for its table */
static const char *swap_disk(void)
{
	static char text[300];
	int fd = open("/proc/swaps", O_RDONLY), n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	char *path = n > 0 ? strchr(text, '\n') : NULL;

	close(fd);
	if (!path || !path[1])
		return "";
	path[1 + strcspn(path + 1, " \t")] = '\0';
	return path + 1;
}

int main(int argc, char **argv)
{
	const char *swap = swap_disk();
	int result;

	lab_begin(argc, argv);
	lab_stop(1, 0);
	take_and_give_back();
	count_blocks();
	lab_stop(2, 0);
	take_and_give_back();
	map();
	touch(A_FEW / 2);
	lab_stop(3, 0);
	unmap();
	swapoff(swap);
	send_messages();
	map();
	lab_stop(4, 2, FIRST, fill_memory());
	remove_messages();
	unmap();
	result = swapon(swap, 0);
	lab_stop(5, 1, result);
	lab_must(result || swapoff(swap) == 0);
	for (int i = 0; i < ROUNDS; i++)
		do_everything();
	count_blocks();
	lab_stop(6, 0);
	return 0;
}
