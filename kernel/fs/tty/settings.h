/*
 * What a program may set of its terminal: Linux's `struct termios` of i386 and the constants in it.
 *
 * Source: Linux's include/uapi/asm-generic/termbits.h and ioctls.h.
 */
#pragma once

#include "kernel/base/types.h"

#define TTY_CHARS 19

struct tty_settings {
	u32 input, output, control, local;
	u8 line;
	u8 chars[TTY_CHARS];
};
STATIC_ASSERT(sizeof(struct tty_settings) == 36, "Linux's termios on i386");

struct tty_window {
	u16 rows, columns, x_pixels, y_pixels;
};

/* Indices into chars. */
enum {
	VINTR = 0, VQUIT = 1, VERASE = 2, VKILL = 3, VEOF = 4, VTIME = 5, VMIN = 6, VSUSP = 10, VEOL = 11,
	VWERASE = 14, VEOL2 = 16,
};

enum {
	INLCR = 0100, IGNCR = 0200, ICRNL = 0400, IXON = 02000, IUTF8 = 040000, /* input */
	OPOST = 01, ONLCR = 04,                                                 /* output */
	CS8 = 060, CREAD = 0200, B38400 = 017,                                  /* control */
	ISIG = 01, ICANON = 02, ECHO = 010, ECHOE = 020, ECHOK = 040, ECHONL = 0100, NOFLSH = 0200,
	TOSTOP = 0400, ECHOCTL = 01000, ECHOKE = 04000, IEXTEN = 0100000,       /* local */
};

enum {
	TCGETS = 0x5401, TCSETS = 0x5402, TCSETSW = 0x5403, TCSETSF = 0x5404, TCFLSH = 0x540B,
	TIOCSCTTY = 0x540E, TIOCGPGRP = 0x540F, TIOCSPGRP = 0x5410, TIOCGWINSZ = 0x5413,
	TIOCSWINSZ = 0x5414, TCOFLUSH = 1, TCIOFLUSH = 2,
};
