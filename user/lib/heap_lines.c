/*
 * heap_lines.c - file, line and function of an address, from the program's own file.
 *
 * The section .debug_line, which stays in stripped programs, is a list of programs for a small machine with the registers
 * address, file, line; each row that it appends to its table says what begins at an address. They run until the row with the
 * wanted address. Function names come from the symbol table. The file is mapped only when there is an error to report, and
 * stays mapped, since the names are in it.
 *
 * Source: DWARF Debugging Information Format Version 4, 6.2 "Line Number Information" (programs are compiled with
 * -gdwarf-4); System V ABI, "Object Files".
 */
#include "heap_debug.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version, entry, programs, sections, flags;
	uint16_t header_size, program_size, program_count, section_size, section_count, names;
};

struct elf_section {
	uint32_t name, type, flags, address, offset, size, link, info, align, entry_size;
};

struct elf_symbol {
	uint32_t name, value, size;
	uint8_t info, other;
	uint16_t section;
};

enum { SYMTAB = 2, FUNCTION = 2, SYMBOL_TYPE = 15 };

static const char *elf;
static uint32_t elf_size;

static void map_self(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	void *p = size <= 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (fd >= 0)
		close(fd);
	elf = p == MAP_FAILED ? "" : p;
	elf_size = p == MAP_FAILED ? 0 : size;
}

static const struct elf_section *section(uint32_t number)
{
	const struct elf_header *h = (const void *)elf;

	return (const struct elf_section *)(elf + h->sections) + number;
}

/* By name, or, if that is NULL, by type. */
static const struct elf_section *find_section(const char *name, uint32_t type)
{
	const struct elf_header *h = (const void *)elf;

	if (elf_size < sizeof(*h) || h->sections + h->section_count * sizeof(struct elf_section) > elf_size)
		return NULL;
	for (uint32_t i = 1; i < h->section_count; i++)
		if (name ? strcmp(elf + section(h->names)->offset + section(i)->name, name) == 0 : section(i)->type == type)
			return section(i);
	return NULL;
}

static const char *function_at(uint32_t address)
{
	const struct elf_section *table = find_section(NULL, SYMTAB);
	const struct elf_symbol *best = NULL, *s = table ? (const void *)(elf + table->offset) : NULL;

	for (uint32_t i = 0; table && i < table->size / sizeof(*s); i++, s++)
		if ((s->info & SYMBOL_TYPE) == FUNCTION && s->value <= address && (!best || s->value > best->value))
			best = s;
	return best ? elf + section(table->link)->offset + best->name : "?";
}

struct cursor {
	const uint8_t *at, *end;
};

static uint32_t number(struct cursor *c, uint32_t bytes)
{
	uint32_t value = 0;

	if (bytes <= (size_t)(c->end - c->at) && bytes <= sizeof(value))
		memcpy(&value, c->at, bytes);
	c->at += bytes < (size_t)(c->end - c->at) ? bytes : (size_t)(c->end - c->at);
	return value;
}

/* Seven bits in each byte, the lowest first. */
static uint32_t packed(struct cursor *c, bool is_signed)
{
	uint32_t value = 0, shift = 0, byte;

	do {
		byte = number(c, 1);
		value |= shift < 32 ? (byte & 0x7f) << shift : 0;
		shift += 7;
	} while (byte & 0x80);
	return is_signed && (byte & 0x40) && shift < 32 ? value | -1u << shift : value;
}

static const char *string(struct cursor *c)
{
	const char *s = (const char *)c->at;

	while (number(c, 1))
		;
	return s;
}

struct unit {
	struct cursor files, program;
	uint32_t instruction, line_range, opcode_base;
	int8_t line_base;
	const uint8_t *lengths;		/* of standard opcode i at [i - 1]: how many operands */
};

struct row {
	uint32_t address, file, line;
};

/* Reads a unit's header and moves `c` past the unit. => false: its version is not supported */
static bool read_unit(struct cursor *c, struct unit *unit)
{
	uint32_t length = number(c, 4), version;
	struct cursor in = { c->at, c->at + (length < (size_t)(c->end - c->at) ? length : (size_t)(c->end - c->at)) };

	c->at = in.end;
	version = number(&in, 2);
	if (version < 2 || version > 4)
		return false;
	length = number(&in, 4);
	if (length > (size_t)(in.end - in.at))
		return false;
	unit->program = (struct cursor){ in.at + length, in.end };
	unit->instruction = number(&in, 1);
	number(&in, version >= 4 ? 2 : 1);	/* operations in an instruction, and default_is_stmt */
	unit->line_base = number(&in, 1);
	unit->line_range = number(&in, 1);
	unit->opcode_base = number(&in, 1);
	unit->lengths = in.at;
	in.at += unit->opcode_base - 1;
	while (*string(&in))			/* folders */
		;
	unit->files = in;
	return unit->line_range;
}

static const char *file_name(struct cursor c, uint32_t wanted)
{
	const char *name = string(&c);

	for (uint32_t i = 1; i < wanted && *name; i++) {
		packed(&c, false);		/* folder, time, size */
		packed(&c, false);
		packed(&c, false);
		name = string(&c);
	}
	return strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
}

enum { END_SEQUENCE = 1, SET_ADDRESS };
enum { COPY = 1, ADVANCE_PC, ADVANCE_LINE, SET_FILE, CONST_ADD_PC = 8, FIXED_ADVANCE_PC };

/* Executes one instruction of the line program. => true: a row is complete; *ends: it is the last of its sequence */
static bool step(const struct unit *unit, struct cursor *c, struct row *row, bool *ends)
{
	uint32_t opcode = number(c, 1), length;

	*ends = false;
	if (opcode >= unit->opcode_base) {
		opcode -= unit->opcode_base;
		row->address += opcode / unit->line_range * unit->instruction;
		row->line += unit->line_base + (int)(opcode % unit->line_range);
		return true;
	}
	switch (opcode) {
	case 0:
		length = packed(c, false);
		opcode = number(c, 1);
		*ends = opcode == END_SEQUENCE;
		if (opcode == SET_ADDRESS)
			row->address = number(c, length - 1);
		else
			number(c, length - 1);
		return *ends;
	case COPY: return true;
	case ADVANCE_PC: row->address += packed(c, false) * unit->instruction; break;
	case ADVANCE_LINE: row->line += packed(c, true); break;
	case SET_FILE: row->file = packed(c, false); break;
	case CONST_ADD_PC: row->address += (255 - unit->opcode_base) / unit->line_range * unit->instruction; break;
	case FIXED_ADVANCE_PC: row->address += number(c, 2); break;
	default:
		for (uint32_t i = unit->lengths[opcode - 1]; i > 0; i--)
			packed(c, false);
	}
	return false;
}

/* Finds the row that begins at or below the address while the next one is above it. */
static bool find_row(const struct unit *unit, uint32_t address, struct row *found)
{
	const struct row first = { 0, 1, 1 };
	struct cursor c = unit->program;
	struct row row = first;
	bool ends, any = false;

	*found = first;
	while (c.at < c.end) {
		if (!step(unit, &c, &row, &ends))
			continue;
		if (any && found->address <= address && address < row.address)
			return true;
		any = !ends;
		*found = row;
		row = ends ? first : row;
	}
	return false;
}

bool lines_find(uint32_t address, struct place *place)
{
	const struct elf_section *s;
	struct cursor c;
	struct unit unit;
	struct row row;

	if (!elf)
		map_self();
	s = find_section(".debug_line", 0);
	if (!s || s->offset + s->size > elf_size)
		return false;
	for (c = (struct cursor){ (const uint8_t *)elf + s->offset, (const uint8_t *)elf + s->offset + s->size }; c.at < c.end;)
		if (read_unit(&c, &unit) && find_row(&unit, address, &row)) {
			*place = (struct place){ file_name(unit.files, row.file), function_at(address), row.line };
			return true;
		}
	return false;
}
