/*
 * Canonical mode: erase, word erase, kill, end of file, echo.
 *
 * Under IUTF8 erasing takes a whole character; one of three or more bytes is taken to be two columns wide, which is
 * right for Japanese text.
 *
 * Source: POSIX, "General Terminal Interface", "Canonical Mode Input Processing".
 */
#include "kernel/base/panic.h"
#include "kernel/fs/tty/line.h"

#define TTY_DELETE 0x7F

static bool tty_line_local(const struct tty_line *l, u32 flag)
{
	return l->settings->local & flag;
}

static bool tty_line_is(const struct tty_line *l, u8 byte, u32 which)
{
	return l->settings->chars[which] && l->settings->chars[which] == byte;
}

static bool tty_line_is_control(u8 byte)
{
	return byte < ' ' || byte == TTY_DELETE;
}

void tty_line_clear(struct tty_line *l)
{
	l->length = l->taken = 0;
	l->complete = false;
}

bool tty_line_map(const struct tty_settings *s, u8 *byte)
{
	if (*byte == '\r' && (s->input & IGNCR))
		return false;
	if (*byte == '\r' && (s->input & ICRNL))
		*byte = '\n';
	else if (*byte == '\n' && (s->input & INLCR))
		*byte = '\r';
	return true;
}

void tty_line_echo(struct tty_line *l, u8 byte)
{
	char shown[2] = { '^', byte ^ 0x40 };

	if (!tty_line_local(l, ECHO)) {
		if (byte == '\n' && tty_line_local(l, ECHONL))
			l->echo("\n", 1);
		return;
	}
	if (tty_line_is_control(byte) && byte != '\n' && byte != '\t' && tty_line_local(l, ECHOCTL))
		l->echo(shown, 2);
	else
		l->echo((const char *)&byte, 1);
}

/* Erases the last character, on the screen too. */
static void tty_line_erase(struct tty_line *l)
{
	u32 bytes = 0, columns;
	u8 last;

	ASSERT_CMP(l->length, >, l->taken);
	do {
		last = l->buf[--l->length];
		bytes++;
	} while ((l->settings->input & IUTF8) && (last & 0xC0) == 0x80 && l->length > l->taken);
	columns = tty_line_is_control(last) && last != '\t' ? 2 : bytes >= 3 ? 2 : 1;
	if (tty_line_local(l, ECHO))
		while (columns--)
			l->echo("\b \b", 3);
}

static void tty_line_erase_word(struct tty_line *l)
{
	while (l->length > l->taken && l->buf[l->length - 1] == ' ')
		tty_line_erase(l);
	while (l->length > l->taken && l->buf[l->length - 1] != ' ')
		tty_line_erase(l);
}

/* => true: BYTE was an editing character and has been applied */
static bool tty_line_edit(struct tty_line *l, u8 byte)
{
	if (tty_line_is(l, byte, VERASE)) {
		if (l->length > l->taken)
			tty_line_erase(l);
		return true;
	}
	if (tty_line_is(l, byte, VWERASE) && tty_line_local(l, IEXTEN)) {
		tty_line_erase_word(l);
		return true;
	}
	if (tty_line_is(l, byte, VKILL)) {
		while (l->length > l->taken)
			tty_line_erase(l);
		return true;
	}
	return false;
}

void tty_line_add(struct tty_line *l, u8 byte)
{
	ASSERT(!l->complete);
	if (!tty_line_map(l->settings, &byte) || tty_line_edit(l, byte))
		return;
	if (tty_line_is(l, byte, VEOF)) {
		l->complete = true;
		return;
	}
	l->complete = byte == '\n' || tty_line_is(l, byte, VEOL) || tty_line_is(l, byte, VEOL2);
	/* The last place is reserved for the newline: further bytes of the line are dropped. */
	if (l->length >= TTY_LINE_MAX - 1 && !l->complete)
		return;
	tty_line_echo(l, byte);
	l->buf[l->length++] = byte;
}
