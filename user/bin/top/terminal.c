/*
 * terminal.c - raw mode with signals: Ctrl-C and Ctrl-Z stay what they are.
 *
 * A signal that ends the program restores the terminal in its handler, which then raises it again with the default
 * action, so that the parent sees the true reason. SIGTSTP only sets a flag, because the program goes on after it: the
 * main loop restores the terminal, stops, and sets it up again. If another task stops the program without asking
 * (SIGSTOP), the shell has restored the mode, and SIGCONT sets it up again.
 *
 * In the background all this is left alone: the terminal belongs to another group, and its mode is another program's.
 *
 * Sources: POSIX, "General Terminal Interface"; xterm "Control Sequences", "DEC Private Mode Set" 25 and 1049.
 */
#include "terminal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { MS_PER_TENTH = 100, TENTHS_MAX = 255 };

static const int endings[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE, SIGTERM,
};

static struct termios found, raw;
static volatile bool begun, stop_wanted, changed;

static void say(const char *text)
{
	write(STDOUT_FILENO, text, strlen(text));
}

static bool in_background(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group > 0 && group != getpgrp();
}

void terminal_end(void)
{
	if (!begun || in_background())
		return;
	begun = false;
	/* A terminal without an alternate screen keeps the picture: the prompt comes below it. */
	say("\033[0m\033[999;1H\033[?25h\033[?1049l");
	tcsetattr(STDIN_FILENO, TCSANOW, &found);
}

static void set_up(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);	/* in the background this stops the program until it has the terminal */
	if (!begun)
		say("\033[?1049h");	/* which also saves the cursor's place, so only once */
	say("\033[?25l\033[0m\033[2J");
	begun = true;
}

static void on_ending(int number)
{
	terminal_end();
	signal(number, SIG_DFL);
	raise(number);
}

static void on_change(int number)
{
	stop_wanted |= number == SIGTSTP;
	changed = true;
}

/* Not restarted: terminal_key() returns when a signal comes. */
static void handle(int number, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler };

	sigaction(number, &action, NULL);
}

void terminal_begin(void)
{
	/* Stops a program in the background until it has the terminal; otherwise it changes nothing. */
	tcsetpgrp(STDIN_FILENO, getpgrp());
	tcgetattr(STDIN_FILENO, &found);
	raw = found;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		handle(endings[i], on_ending);
	handle(SIGTSTP, on_change);
	handle(SIGCONT, on_change);
	handle(SIGWINCH, on_change);
	set_up();
}

void terminal_size(int *rows, int *columns)
{
	struct winsize size;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col;

	*rows = known ? size.ws_row : 25;
	*columns = known ? size.ws_col : 80;
}

/* => a byte; KEY_NONE: none came within MS */
static int read_byte(unsigned long ms)
{
	unsigned long tenths = (ms + MS_PER_TENTH - 1) / MS_PER_TENTH;
	unsigned char c;

	tenths = tenths < 1 ? 1 : tenths > TENTHS_MAX ? TENTHS_MAX : tenths;
	if (raw.c_cc[VTIME] != tenths) {
		raw.c_cc[VTIME] = tenths;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	return read(STDIN_FILENO, &c, 1) == 1 ? c : KEY_NONE;
}

static int read_soon(void)
{
	return read_byte(1);
}

/* A key without a character sends its bytes at once, so an escape character alone is the key Escape. */
static int read_behind_escape(void)
{
	int c = read_soon();

	return c == KEY_NONE ? KEY_ESCAPE : key_behind_escape(c, read_soon);
}

int terminal_key(unsigned long ms)
{
	int c = changed ? KEY_NONE : read_byte(ms);

	return c == KEY_ESCAPE ? read_behind_escape() : c;
}

bool terminal_check_signals(void)
{
	if (!changed)
		return false;
	if (stop_wanted) {
		stop_wanted = false;
		terminal_end();
		handle(SIGTSTP, SIG_DFL);
		raise(SIGTSTP);
		handle(SIGTSTP, on_change);
	}
	changed = false;
	set_up();
	return true;
}
