/*
 * job-storm - pairs of tasks pass bytes through a pipe and work on memory, while they are stopped, continued, swapped out as a
 * whole, brought back and sent numbers by signals, at any moment: no byte, page or number is lost, duplicated or out of
 * order. job-storm [ROUNDS [PAIRS [PAGES]]]
 */
#include "job.h"
#include "procswap.h"

enum { MOST = 8, NUMBER = 40, WAITING = 20 };

static size_t pages = 60;

static struct {
	volatile int stop, ready;
	volatile uint32_t numbers[MOST], bytes[MOST];
} *shared;

static int task;		/* which one I am */
static uint32_t *memory, *wanted, seed;

static void next_number(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)context;
	CHECK_EQ(info->si_int, shared->numbers[task]);
	shared->numbers[task]++;
}

static void visit(void)
{
	for (int i = 0; i < 20; i++) {
		size_t page = check_random(&seed) % pages;
		uint32_t *word = memory + page * (PAGE / 4) + page % 1000;

		CHECK_EQ(*word, wanted[page]);
		if (check_random(&seed) % 2)
			*word = wanted[page] = check_random(&seed);
	}
}

static void begin(int number)
{
	struct sigaction action = { .sa_sigaction = next_number, .sa_flags = SA_SIGINFO | SA_RESTART };

	task = number;
	seed = number + 1;
	memory = (uint32_t *)check_private(pages);
	wanted = calloc(pages, sizeof(*wanted));
	CHECK(wanted);
	CHECK_EQ(sigaction(NUMBER, &action, NULL), 0);
	__sync_fetch_and_add(&shared->ready, 1);
}

static void produce(int fd)
{
	unsigned char bytes[3000];
	uint32_t next = 0;

	while (!shared->stop) {
		ssize_t n;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (next + i) * 31;
		n = write(fd, bytes, sizeof(bytes));
		CHECK(n > 0);
		next += n;
		shared->bytes[task] = next;
		visit();
	}
}

static void consume(int fd)
{
	unsigned char bytes[1000];
	uint32_t next = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			CHECK_EQ(bytes[i], (unsigned char)((next + i) * 31));
		next += n;
		shared->bytes[task] = next;
		visit();
		if (check_random(&seed) % 16 == 0)
			nanosleep(&(struct timespec){ 0, 100000 }, NULL);
	}
	CHECK_EQ(n, 0);
}

static pid_t start(int number, int fd[2])
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		setpgid(0, 0);
		begin(number);
		close(fd[number % 2 == 0]);
		if (number % 2 == 0)
			consume(fd[0]);
		else
			produce(fd[1]);
		_exit(0);
	}
	setpgid(pid, pid);
	return pid;
}

/* => could it be sent? Only so many may be pending */
static bool send_number(pid_t pid, uint32_t number, uint32_t taken)
{
	siginfo_t info = { .si_code = SI_QUEUE, .si_pid = getpid(), .si_int = number };

	return number - taken < WAITING && syscall(SYS_rt_sigqueueinfo, pid, NUMBER, &info) == 0;
}

static void disturb(pid_t pid, uint32_t *sent, uint32_t taken, uint32_t *random)
{
	static const int signals[] = { SIGSTOP, SIGCONT, SIGTSTP, SIGCONT, SIGTTIN, SIGCONT };

	switch (check_random(random) % 8) {
	case 0:
		procswap_order(pid, "out");
		break;
	case 1:
	case 2:
		procswap_order(pid, "in");
		break;
	case 3:
		*sent += send_number(pid, *sent, taken);
		break;
	default:
		CHECK_EQ(kill(pid, signals[check_random(random) % 6]), 0);
		break;
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 600, pairs = argc > 2 ? atoi(argv[2]) : 2, fd[2], status;
	uint32_t sent[MOST] = { 0 }, random = 7;
	pid_t pids[MOST];

	pages = argc > 3 ? atoi(argv[3]) : 60;
	CHECK(pairs >= 1 && 2 * pairs <= MOST);
	shared = (void *)check_shared(1);
	for (int pair = 0; pair < pairs; pair++) {
		CHECK_EQ(pipe(fd), 0);
		for (int i = 2 * pair; i < 2 * pair + 2; i++)
			pids[i] = start(i, fd);
		close(fd[0]);
		close(fd[1]);
	}
	while (shared->ready < 2 * pairs)	/* all have their handlers */
		job_nap(1);
	for (int round = 0; round < rounds; round++) {
		int i = check_random(&random) % (2 * pairs);

		disturb(pids[i], &sent[i], shared->numbers[i], &random);
		if (round % 8 == 0)
			job_nap(1);
		while (waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0)
			CHECK(WIFSTOPPED(status) || WIFCONTINUED(status));
	}
	for (int i = 0; i < 2 * pairs; i++) {
		procswap_order(pids[i], "in");
		CHECK_EQ(kill(pids[i], SIGCONT), 0);
		while (shared->numbers[i] < sent[i])
			job_nap(1);
	}
	shared->stop = 1;
	for (int i = 0; i < 2 * pairs; i++) {
		CHECK_EQ(check_wait(pids[i]), 0);
	}
	for (int i = 0; i < 2 * pairs; i += 2)
		CHECK(shared->bytes[i] == shared->bytes[i + 1] && shared->bytes[i] > 0);
	return CHECK_OK();
}
