/*
 * One line being edited: what canonical mode does to bytes before a program sees them. Knows no device and no task.
 */
#pragma once

#include "kernel/fs/tty/settings.h"

#define TTY_LINE_MAX 4096 /* Linux's limit for a line, newline included */

struct tty_line {
	const struct tty_settings *settings;
	void (*echo)(const char *bytes, u32 n);
	u32 length;             /* bytes in buf */
	u32 taken;              /* ... of which a reader has had these */
	bool complete;          /* ends in newline or end-of-file: ready to be read */
	char buf[TTY_LINE_MAX];
};

/* One byte as it came from the device. Must not be called while the line is complete. */
void tty_line_add(struct tty_line *l, u8 byte);

/* What ICRNL, INLCR and IGNCR make of a byte. => false: nothing */
bool tty_line_map(const struct tty_settings *s, u8 *byte);

/* Shows BYTE as ECHO and ECHOCTL want it. */
void tty_line_echo(struct tty_line *l, u8 byte);

void tty_line_clear(struct tty_line *l);
