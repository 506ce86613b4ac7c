/*
 * The terminal.
 */
#include "effects.h"

#include <sys/ioctl.h>
#include <termios.h>

enum { TCFLSH = 0x540B, TIOCSWINSZ = 0x5414, SIG_WINDOW = 28 };

static int terminal_master = -1;

/* The terminal of this session; on Linux a new one. */
static int terminal(void)
{
	enum { TIOCSPTLCK = 0x40045431, TIOCGPTN = (int)0x80045430 };
	int number = 0, zero = 0, fd;
	char name[32];

	signal(SIGTTOU, SIG_IGN);
	terminal_master = open("/dev/ptmx", O_RDWR);
	if (terminal_master < 0)
		return open("/dev/tty", O_RDWR);
	CHECK(syscall(SYS_setsid) > 0);
	CHECK_EQ(ioctl(terminal_master, TIOCSPTLCK, &zero), 0);
	CHECK_EQ(ioctl(terminal_master, TIOCGPTN, &number), 0);
	snprintf(name, sizeof(name), "/dev/pts/%d", number);
	fd = open(name, O_RDWR);
	CHECK(fd >= 0);
	return fd;
}

static void set_terminal(void)
{
	struct termios before, now, after;
	int fd = terminal();

	CHECK_EQ(ioctl(fd, TCGETS, &before), 0);
	now = before;
	now.c_lflag ^= ECHO;
	now.c_cc[VMIN] = 7;
	CALL(fd, effect->word, &now);
	CHECK_EQ(ioctl(fd, TCGETS, &after), 0);
	CHECK_EQ(ioctl(fd, TCSETS, &before), 0);
	CHECK_EQ(memcmp(&now, &after, sizeof(now)), 0);
}

static void flush_terminal(void)
{
	int fd = terminal(), waiting = -1;

	if (terminal_master >= 0)
		CHECK_EQ(write(terminal_master, "x\n", 2), 2);
	while (terminal_master >= 0 && waiting < 2)
		CHECK_EQ(ioctl(fd, FIONREAD, &waiting), 0);
	CALL(fd, TCFLSH, 0);
	CHECK_EQ(ioctl(fd, FIONREAD, &waiting), 0);
	CHECK_EQ(waiting, 0);
}

/* The foreground group gets SIGWINCH. */
static void set_window(void)
{
	int fd = terminal(), group = getpgrp(), before = -1;
	struct winsize old, now = { 33, 77, 0, 0 }, after;

	effect_catch(SIG_WINDOW);
	ioctl(fd, TIOCGPGRP, &before);
	CHECK_EQ(ioctl(fd, TIOCSPGRP, &group), 0);
	CHECK_EQ(ioctl(fd, TIOCGWINSZ, &old), 0);
	CALL(fd, TIOCSWINSZ, &now);
	CHECK_EQ(ioctl(fd, TIOCGWINSZ, &after), 0);
	CHECK_EQ(effect_signals, 1);
	syscall(SYS_ioctl, fd, TIOCSWINSZ, &old);
	ioctl(fd, TIOCSPGRP, &before);
	CHECK_EQ(memcmp(&now, &after, sizeof(now)), 0);
}

static void set_foreground(void)
{
	int fd = terminal(), before = -1, now = -1;
	pid_t own;

	CHECK_EQ(ioctl(fd, TIOCGPGRP, &before), 0);
	own = fork();
	if (!own) {
		pause();
		_exit(0);
	}
	CHECK_EQ(setpgid(own, own), 0);
	CALL(fd, TIOCSPGRP, &own);
	CHECK_EQ(ioctl(fd, TIOCGPGRP, &now), 0);
	ioctl(fd, TIOCSPGRP, &before);
	CHECK_EQ(kill(own, SIGKILL), 0);
	CHECK_EQ(now, own);
}

static void take_terminal(void)
{
	enum { TIOCSCTTY = 0x540E };
	int fd = terminal(), now = -1;

	CALL(fd, TIOCSCTTY, 0);
	CHECK_EQ(ioctl(fd, TIOCGPGRP, &now), 0);
	CHECK_EQ(now, getpgrp());
}

const struct effect terminal_effects[] = {
	{ 54, "ioctl TCSETS", set_terminal, 0x5402 },
	{ 54, "ioctl TCSETSW", set_terminal, 0x5403 },
	{ 54, "ioctl TCSETSF", set_terminal, 0x5404 },
	{ 54, "ioctl TCFLSH", flush_terminal, 0 },
	{ 54, "ioctl TIOCSWINSZ", set_window, 0 },
	{ 54, "ioctl TIOCSPGRP", set_foreground, 0 },
	{ 54, "ioctl TIOCSCTTY", take_terminal, 0 },
	{ 0 },
};
