/*
 * top - a monitor of memory: tasks, frames, regions, swap and the replacement policy, looked at every second.
 *
 *	top			on the terminal; h lists the keys
 *	top -b [-n COUNT]	frames as plain text, COUNT of them (1): for pipes and tests; also without a terminal
 *	    -d SECONDS		the time between two frames
 *	    -p PID		the task that is chosen at first
 *	    SCREEN		tasks, frames, regions or swap
 *
 * All it knows is in /proc. Its own pages are on the screen too: it is a task like the others.
 */
#include "top.h"
#include "terminal.h"
#include "bin/tool.h"

#include <ctype.h>
#include <fcntl.h>
#include <proc.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { PLAIN_ROWS = 100, PLAIN_COLUMNS = 80, SECONDS_MOST = 3600, NUMBER_MOST = 1000000000 };

static const char usage_text[] =
	"top [-b] [-n COUNT] [-d SECONDS] [-p PID] [tasks | frames | regions | swap]\n"
	"  tasks | frames | regions | swap   begins with this screen; the digits 1 to 4 change it\n"
	"  -p PID       chooses this task\n"
	"  -d SECONDS   between two looks; 1 if not given\n"
	"  -n COUNT     prints so many looks one below the other and ends; -b: without an end\n"
	"On the screen h shows the keys and what the figures are, q leaves.";

static const struct view {
	const char *name;
	void (*draw)(const struct area *a);
} views[] = { { "tasks", tasks_draw }, { "frames", frames_draw }, { "regions", regions_draw }, { "swap", swap_draw } };

enum { VIEWS = sizeof(views) / sizeof(views[0]) };

struct choice choice;

static int view;
static bool helping;
static int killed;			/* the task that the user is asked about; 0: none */
static char message[64];		/* in place of the list of keys, until the next key */
static unsigned long seconds = 1, count = 1;
static bool plain;

static void draw(bool keys)
{
	struct area a = { .row = HEADER_ROWS, .rows = screen_rows() - HEADER_ROWS - keys, .columns = screen_columns() };

	screen_clear();
	tasks_choose(0);
	header_draw();
	(helping ? help_draw : views[view].draw)(&a);
	if (!keys)
		return;
	screen_print(screen_rows() - 1, 0, LOOK_PLAIN, "%s", *message ? message :
		     "1 tasks 2 frames 3 regions 4 swap  arrows < > sort  p policy  h help  q quit");
	screen_highlight(screen_rows() - 1);
}

/* Swaps the chosen task out as a whole, or in if it is out. */
static void order_procswap(void)
{
	const struct task *t = sample_task(choice.pid);
	const char *order = t && t->state == 'W' ? "in" : "out";
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/procswap", choice.pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, order, strlen(order)) < 0)
		snprintf(message, sizeof(message), "%s: not swapped %s: %s", chosen_name(), order, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* Asks. The answer is for this task, even if it ends meanwhile and another one is chosen. */
static void ask(void)
{
	killed = choice.pid;
	snprintf(message, sizeof(message), "End %s with SIGTERM? y or n", chosen_name());
}

static void answer(int key)
{
	if (key == 'y' && kill(killed, SIGTERM) < 0)
		snprintf(message, sizeof(message), "Task %d: %s", killed, strerror(errno));
	killed = 0;
}

static void move(int step)
{
	if (view == 0)
		tasks_choose(step);
	else
		choice.scroll = choice.scroll + step > 0 ? choice.scroll + step : 0;
}

static void show_view(int number)
{
	view = number;
	choice.scroll = choice.zoom = 0;
}

static void change_policy(void)
{
	if (!sample_next_policy())
		snprintf(message, sizeof(message), "The policy cannot be changed: %s", strerror(errno));
	show_view(VIEWS - 1);
}

/* => false: leave */
static bool take_key(int key)
{
	bool was_helping = helping;

	message[0] = '\0';
	helping = false;
	if (killed) {
		answer(key);
		return true;
	}
	switch (key) {
	case 'q': return was_helping;
	case 'h': case '?': helping = !was_helping; break;
	case '1': case '2': case '3': case '4': show_view(key - '1'); break;
	case KEY_UP: move(-1); break;
	case KEY_DOWN: move(1); break;
	case KEY_PAGE_UP: move(-8); break;
	case KEY_PAGE_DOWN: move(8); break;
	case KEY_LEFT: tasks_choose(-1); break;
	case KEY_RIGHT: tasks_choose(1); break;
	case '<': tasks_next_column(-1); break;
	case '>': tasks_next_column(1); break;
	case '+': choice.zoom++; break;
	case '-': choice.zoom -= choice.zoom > 0; break;
	case 'p': change_policy(); break;
	case 'o': order_procswap(); break;
	case 'k': ask(); break;
	}
	return true;
}

static unsigned long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

static void fit_terminal(void)
{
	int rows, columns;

	terminal_size(&rows, &columns);
	screen_resize(rows, columns);
}

/* Keys that change what is shown draw the sample that is there; those that change the system take a new one. */
static void run(void)
{
	int key = KEY_NONE;

	terminal_begin();
	fit_terminal();
	do {
		unsigned long long due = sample.ms + seconds * 1000, now = now_ms();

		if (now >= due || key == 'p' || key == 'o' || key == ' ')
			sample_take();
		draw(true);
		screen_flush();
		now = now_ms();
		due = sample.ms + seconds * 1000;
		key = terminal_key(now < due ? due - now : 1);
		if (terminal_check_signals() || key == ' ')
			fit_terminal();
	} while (key == KEY_NONE || take_key(key));
	terminal_end();
}

static int print_frames(void)
{
	screen_resize(PLAIN_ROWS, PLAIN_COLUMNS);
	for (unsigned long i = 0; i < count; i++) {
		if (i > 0) {
			fflush(stdout);
			nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
			printf("\n");
			sample_take();
		}
		draw(false);
		screen_plain();
	}
	return finish("top", 0);
}

/* A number from 1 to MOST behind an option's letter, in the same word or the next one. */
static unsigned long number(const char *rest, char ***argv, unsigned long most)
{
	const char *text = *rest ? rest : **argv ? *(*argv)++ : rest;
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || n < 1 || n > most)
		usage(usage_text);
	return n;
}

/* The letters of one word: -bn2 is -b -n 2. */
static void take_options(const char *word, char ***argv)
{
	for (const char *p = word + 1; *p; p++) {
		if (*p == 'b') {
			plain = true;
		} else if (*p == 'n') {
			count = number(p + 1, argv, NUMBER_MOST);
			plain = true;
			return;
		} else if (*p == 'd') {
			seconds = number(p + 1, argv, SECONDS_MOST);
			return;
		} else if (*p == 'p') {
			choice.pid = number(p + 1, argv, NUMBER_MOST);
			return;
		} else {
			not_accepted(usage_text, word, strlen(word));
		}
	}
}

static void parse(char **argv)
{
	argv++;
	while (*argv && argv[0][0] == '-' && argv[0][1]) {
		const char *word = *argv++;

		take_options(word, &argv);
	}
	if (!*argv)
		return;
	while (view < VIEWS && strcmp(views[view].name, *argv) != 0)
		view++;
	if (view == VIEWS || argv[1])
		usage(usage_text);
}

int main(int argc, char **argv)
{
	(void)argc;
	parse(argv);
	sample_take();
	if (!sample.frames.total)
		die("top", "/proc/meminfo");
	if (plain || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return print_frames();
	run();
	return 0;
}
