/*
 * Scan codes, set 1, as the 8042 controller translates them. A code with bit 7 is a release; 0xE0
 * introduces the grey keys. Arrows and the like become the escape sequences of a VT100.
 *
 * Sources: IBM PS/2 Hardware Interface Technical Reference, "Keyboard scan codes, set 1"; ECMA-48.
 */
#include "drivers/keyboard.h"

#include "drivers/input.h"
#include "drivers/irq.h"
#include "kernel/base/cpu.h"

enum {
	DATA = 0x60, STATUS = 0x64, STATUS_FULL = 1, STATUS_MOUSE = 0x20,
	KEYBOARD_IRQ = 1,
	RELEASE = 0x80, GREY = 0xE0,
	KEY_CTRL = 0x1D, KEY_SHIFT_LEFT = 0x2A, KEY_SHIFT_RIGHT = 0x36, KEY_CAPS = 0x3A,
	DRAIN = 32,
};

static const char plain[] =
	"\0\033" "1234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
	"\0\033" "!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool shift, ctrl, caps, grey;

static void keyboard_send(const char *bytes)
{
	while (*bytes)
		input_byte((u8)*bytes++);
}

static void grey_key(u8 code)
{
	switch (code) {
	case 0x48: keyboard_send("\033[A"); break;
	case 0x50: keyboard_send("\033[B"); break;
	case 0x4D: keyboard_send("\033[C"); break;
	case 0x4B: keyboard_send("\033[D"); break;
	case 0x47: keyboard_send("\033[H"); break;
	case 0x4F: keyboard_send("\033[F"); break;
	case 0x53: keyboard_send("\033[3~"); break;
	case 0x49: keyboard_send("\033[5~"); break;
	case 0x51: keyboard_send("\033[6~"); break;
	case 0x1C: keyboard_send("\r"); break;
	case 0x35: keyboard_send("/"); break;
	}
}

static void plain_key(u8 code)
{
	char c = code < sizeof(plain) ? (shift ? shifted : plain)[code] : '\0';
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (!c)
		return;
	if (letter && caps)
		c ^= 'a' ^ 'A';
	if (ctrl)
		c &= 0x1F;
	input_byte((u8)c);
}

static void take_code(u8 code)
{
	u8 key = code & (u8)~RELEASE;
	bool pressed = !(code & RELEASE);

	if (code == GREY) {
		grey = true;
		return;
	}
	if (key == KEY_CTRL)
		ctrl = pressed;
	else if (!grey && (key == KEY_SHIFT_LEFT || key == KEY_SHIFT_RIGHT))
		shift = pressed;
	else if (key == KEY_CAPS && pressed)
		caps = !caps;
	else if (pressed && grey)
		grey_key(key);
	else if (pressed)
		plain_key(key);
	grey = false;
}

static void keyboard_interrupt(UNUSED void *arg)
{
	u8 status = cpu_in8(STATUS);

	if (status & STATUS_FULL) {
		u8 code = cpu_in8(DATA);

		if (!(status & STATUS_MOUSE))
			take_code(code);
	}
}

void keyboard_init(void)
{
	if (cpu_in8(STATUS) == 0xFF)
		return; /* no controller */
	for (int i = 0; i < DRAIN && (cpu_in8(STATUS) & STATUS_FULL); i++)
		cpu_in8(DATA);
	irq_register(KEYBOARD_IRQ, keyboard_interrupt, NULL);
}
