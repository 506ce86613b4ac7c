/*
 * Two cascaded 8259A, edge-triggered, remapped to vectors that exceptions do not use.
 *
 * Source: Intel 8259A data sheet, "Initialization Command Words", "Operation Command Words".
 */
#include "drivers/pic.h"

#include "kernel/base/cpu.h"

enum {
	FIRST_COMMAND = 0x20, FIRST_DATA = 0x21, SECOND_COMMAND = 0xA0, SECOND_DATA = 0xA1,
	ICW1_BEGIN = 0x11,   /* four words follow, cascade, edges */
	ICW4_8086 = 0x01,
	OCW2_END = 0x20,     /* non-specific end of interrupt */
	OCW3_READ_ISR = 0x0B,
	VECTOR_BASE = 32, CASCADE_LINE = 2,
};

static u16 masked = 0xFFFF & ~(1u << CASCADE_LINE);

static void write_masks(void)
{
	cpu_out8(FIRST_DATA, (u8)masked);
	cpu_out8(SECOND_DATA, (u8)(masked >> 8));
}

void pic_init(void)
{
	cpu_out8(FIRST_COMMAND, ICW1_BEGIN);
	cpu_out8(FIRST_DATA, VECTOR_BASE);
	cpu_out8(FIRST_DATA, 1u << CASCADE_LINE);
	cpu_out8(FIRST_DATA, ICW4_8086);
	cpu_out8(SECOND_COMMAND, ICW1_BEGIN);
	cpu_out8(SECOND_DATA, VECTOR_BASE + 8);
	cpu_out8(SECOND_DATA, CASCADE_LINE);
	cpu_out8(SECOND_DATA, ICW4_8086);
	write_masks();
}

void pic_unmask(u32 line)
{
	masked &= (u16)~(1u << line);
	write_masks();
}

bool pic_is_spurious(u32 line)
{
	u16 port = line < 8 ? FIRST_COMMAND : SECOND_COMMAND;

	if (line != 7 && line != 15)
		return false;
	cpu_out8(port, OCW3_READ_ISR);
	if (cpu_in8(port) & 0x80)
		return false;
	if (line == 15) /* to the first controller this was an interrupt, on the cascade line */
		cpu_out8(FIRST_COMMAND, OCW2_END);
	return true;
}

void pic_acknowledge(u32 line)
{
	if (line >= 8)
		cpu_out8(SECOND_COMMAND, OCW2_END);
	cpu_out8(FIRST_COMMAND, OCW2_END);
}
