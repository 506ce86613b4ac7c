/*
 * A small terminal on the text screen, with what a shell's line editor and the programs of user/ need:
 * control characters \n \r \b \t; CSI sequences C D (cursor), J (clear), K (erase line), H (home),
 * m (colours); the private modes 25 (the cursor is shown) and 1049 (the alternate screen), h to set and l to reset.
 *
 * A newline also returns to the first column. Unknown sequences are ignored; an escape character inside a sequence begins
 * a new one, because a program that is stopped may have written only a part of one. Characters are ASCII.
 *
 * While the alternate screen is in use, the usual one is kept in the part of the adapter's memory that is not displayed.
 *
 * Sources: IBM VGA "CRT Controller Registers"; ECMA-48 "Control functions"; xterm "Control Sequences", "DEC Private
 * Mode Set".
 */
#include "drivers/vga.h"

#include "kernel/base/cpu.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "mm/layout.h"

#define SCREEN ((u16 *)paddr_to_ptr(0xB8000))
#define KEPT (SCREEN + 2048)

enum {
	COLUMNS = 80, ROWS = 25, TAB = 8, PARAMETERS = 4,
	CRTC_INDEX = 0x3D4, CRTC_DATA = 0x3D5, CURSOR_START = 10, CURSOR_HIGH = 14, CURSOR_LOW = 15,
	CURSOR_OFF = 1 << 5, /* in CURSOR_START */
	MODE_CURSOR = 25, MODE_ALTERNATE = 1049,
	COLOUR_NORMAL = 0x07, BRIGHT = 0x08, UTF8_CONTINUES = 0x80, UTF8_LEAD = 0xC0,
};

static u32 row, column;
static u8 colour = COLOUR_NORMAL;

static bool alternate; /* the usual screen is in KEPT, and its cursor was at (kept_row, kept_column) */
static u32 kept_row, kept_column;

/* The escape sequence that is being received. */
static enum { TEXT, ESCAPE, CSI } state;
static u32 parameters[PARAMETERS], parameter_count;
static bool private; /* it began with ESC [ ? */

static void vga_fill(u32 from, u32 to)
{
	for (u32 i = from; i < to; i++)
		SCREEN[i] = (u16)(colour << 8 | ' ');
}

static void set_register(u8 index, u8 value)
{
	cpu_out8(CRTC_INDEX, index);
	cpu_out8(CRTC_DATA, value);
}

static void move_cursor(void)
{
	u32 at = row * COLUMNS + MIN(column, COLUMNS - 1u);

	set_register(CURSOR_HIGH, (u8)(at >> 8));
	set_register(CURSOR_LOW, (u8)at);
}

static void show_cursor(bool shown)
{
	u8 start;

	cpu_out8(CRTC_INDEX, CURSOR_START);
	start = cpu_in8(CRTC_DATA);
	set_register(CURSOR_START, (u8)(shown ? start & ~CURSOR_OFF : start | CURSOR_OFF));
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
		colour = (u8)((colour & 0x80) | (colour & 7) << 4 | (colour >> 4 & 7)); /* a bright background would blink */
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

static void use_alternate(bool wanted)
{
	if (wanted == alternate)
		return;
	alternate = wanted;
	if (wanted) {
		memcpy(KEPT, SCREEN, ROWS * COLUMNS * sizeof(u16));
		kept_row = row;
		kept_column = column;
		vga_fill(0, ROWS * COLUMNS);
	} else {
		memcpy(SCREEN, KEPT, ROWS * COLUMNS * sizeof(u16));
		row = kept_row;
		column = kept_column;
	}
}

static void set_mode(u32 mode, bool on)
{
	if (mode == MODE_CURSOR)
		show_cursor(on);
	else if (mode == MODE_ALTERNATE)
		use_alternate(on);
}

static void finish_private(u8 final)
{
	for (u32 i = 0; i <= parameter_count && (final == 'h' || final == 'l'); i++)
		set_mode(parameters[i], final == 'h');
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
	} else if (c == '?') {
		private = true;
	} else if (c >= '@' && c <= '~') {
		if (private)
			finish_private(c);
		else
			finish_sequence(c);
		state = TEXT;
	}
}

static void vga_put(u8 c)
{
	if (c == '\033') {
		state = ESCAPE;
	} else if (state == CSI) {
		put_csi(c);
	} else if (state == ESCAPE) {
		state = c == '[' ? CSI : TEXT;
		parameter_count = 0;
		private = false;
		memset(parameters, 0, sizeof(parameters));
	} else {
		put_text(c);
	}
}

static void vga_write(const char *bytes, u32 n)
{
	for (u32 i = 0; i < n; i++)
		vga_put((u8)bytes[i]);
	move_cursor();
}

static struct console vga_console = { .write = vga_write };

void vga_init(void)
{
	vga_fill(0, ROWS * COLUMNS);
	printk_add_console(&vga_console);
}
