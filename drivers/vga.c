/*
 * A small terminal on the text screen, with what a shell's line editor and the programs of user/ need:
 * control characters \n \r \b \t; CSI sequences C D (cursor), J (clear), K (erase line), H (home),
 * m (colours).
 *
 * A newline also returns to the first column. Unknown sequences are ignored. Characters are ASCII.
 *
 * Sources: IBM VGA "CRT Controller Registers"; ECMA-48 "Control functions".
 */
#include "drivers/vga.h"

#include "kernel/base/cpu.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "mm/layout.h"

#define SCREEN ((u16 *)paddr_to_ptr(0xB8000))

enum {
	COLUMNS = 80, ROWS = 25, TAB = 8, PARAMETERS = 4,
	CRTC_INDEX = 0x3D4, CRTC_DATA = 0x3D5, CURSOR_HIGH = 14, CURSOR_LOW = 15,
	COLOUR_NORMAL = 0x07, BRIGHT = 0x08, UTF8_CONTINUES = 0x80, UTF8_LEAD = 0xC0,
};

static u32 row, column;
static u8 colour = COLOUR_NORMAL;

/* The escape sequence that is being received. */
static enum { TEXT, ESCAPE, CSI } state;
static u32 parameters[PARAMETERS], parameter_count;

static void vga_fill(u32 from, u32 to)
{
	for (u32 i = from; i < to; i++)
		SCREEN[i] = (u16)(colour << 8 | ' ');
}

static void show_cursor(void)
{
	u32 at = row * COLUMNS + MIN(column, COLUMNS - 1u);

	cpu_out8(CRTC_INDEX, CURSOR_HIGH);
	cpu_out8(CRTC_DATA, (u8)(at >> 8));
	cpu_out8(CRTC_INDEX, CURSOR_LOW);
	cpu_out8(CRTC_DATA, (u8)at);
}

static void next_line(void)
{
	column = 0;
	if (++row < ROWS)
		return;
	memmove(SCREEN, SCREEN + COLUMNS, (ROWS - 1) * COLUMNS * sizeof(u16));
	vga_fill((ROWS - 1) * COLUMNS, ROWS * COLUMNS);
	row = ROWS - 1;
}

static void put_character(u8 c)
{
	if (column >= COLUMNS)
		next_line();
	SCREEN[row * COLUMNS + column++] = (u16)(colour << 8 | c);
}

/*
 * A byte of UTF-8. The character generator has only ASCII: reports that once, and draws a question mark per character.
 */
static void put_foreign(u8 c)
{
	static const char message[] = "[This screen shows ASCII only, ? for the rest; a serial terminal shows all.]";
	static bool shown;

	for (const char *p = message; !shown && *p; p++)
		put_character((u8)*p);
	if (!shown)
		next_line();
	shown = true;
	if (c >= UTF8_LEAD)
		put_character('?');
}

static void put_text(u8 c)
{
	if (c == '\n') {
		next_line();
	} else if (c == '\r') {
		column = 0;
	} else if (c == '\b') {
		column -= column > 0;
	} else if (c == '\t') {
		column = MIN(ALIGN_UP(column + 1, TAB), COLUMNS - 1u);
	} else if (c >= UTF8_CONTINUES) {
		put_foreign(c);
	} else if (c >= ' ') {
		put_character(c);
	}
}

/* ANSI counts red, green, blue from bit 0, the VGA blue, green, red. */
static u8 vga_colour(u32 ansi)
{
	return (u8)((ansi & 1) << 2 | (ansi & 2) | (ansi & 4) >> 2);
}

static void set_colour(u32 code)
{
	if (code == 0)
		colour = COLOUR_NORMAL;
	else if (code == 1)
		colour |= BRIGHT;
	else if (code == 7)
		colour = (u8)((colour & 0x88) | (colour & 7) << 4 | (colour >> 4 & 7));
	else if (code >= 30 && code <= 37)
		colour = (u8)((colour & ~7) | vga_colour(code - 30));
	else if (code == 39)
		colour = (u8)((colour & ~15) | COLOUR_NORMAL);
	else if (code >= 40 && code <= 47)
		colour = (u8)((colour & ~0x70) | vga_colour(code - 40) << 4);
	else if (code == 49)
		colour &= 0x8F;
	else if (code >= 90 && code <= 97)
		colour = (u8)((colour & ~15) | BRIGHT | vga_colour(code - 90));
}

static void erase_screen(u32 how)
{
	u32 at = row * COLUMNS + column;

	if (how == 0)
		vga_fill(at, ROWS * COLUMNS);
	else if (how == 1)
		vga_fill(0, at);
	else
		vga_fill(0, ROWS * COLUMNS);
}

static void erase_line(u32 how)
{
	u32 begin = row * COLUMNS;

	vga_fill(how == 0 ? begin + column : begin, how == 1 ? begin + column : begin + COLUMNS);
}

static void finish_sequence(u8 final)
{
	u32 count = MAX(parameters[0], 1u);

	if (final == 'C')
		column = MIN(column + count, COLUMNS - 1u);
	else if (final == 'D')
		column -= MIN(column, count);
	else if (final == 'J')
		erase_screen(parameters[0]);
	else if (final == 'K')
		erase_line(parameters[0]);
	else if (final == 'H') {
		row = MIN(count, (u32)ROWS) - 1;
		column = MIN(MAX(parameters[1], 1u), (u32)COLUMNS) - 1;
	} else if (final == 'm') {
		for (u32 i = 0; i <= parameter_count; i++)
			set_colour(parameters[i]);
	}
}

static void put_csi(u8 c)
{
	if (c >= '0' && c <= '9') {
		u32 *p = &parameters[parameter_count];

		*p = (*p * 10 + (c - '0')) & 0xFFFF;
	} else if (c == ';') {
		parameter_count = MIN(parameter_count + 1, PARAMETERS - 1u);
		parameters[parameter_count] = 0;
	} else if (c >= '@' && c <= '~') {
		finish_sequence(c);
		state = TEXT;
	}
}

static void vga_put(u8 c)
{
	if (state == CSI) {
		put_csi(c);
	} else if (state == ESCAPE) {
		state = c == '[' ? CSI : TEXT;
		parameter_count = 0;
		memset(parameters, 0, sizeof(parameters));
	} else if (c == '\033') {
		state = ESCAPE;
	} else {
		put_text(c);
	}
}

static void vga_write(const char *bytes, u32 n)
{
	for (u32 i = 0; i < n; i++)
		vga_put((u8)bytes[i]);
	show_cursor();
}

static struct console vga_console = { .write = vga_write };

void vga_init(void)
{
	vga_fill(0, ROWS * COLUMNS);
	printk_add_console(&vga_console);
}
