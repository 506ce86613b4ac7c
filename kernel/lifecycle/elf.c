/*
 * Loading an ELF program costs next to nothing: each segment is mapped as a region of the file, whose pages are read
 * when they are touched. Only the end of the last page of data, where the zeros begin, is written here.
 *
 * The file is not trusted: every number is checked against the file's size and the user's address space before use.
 *
 * Sources: [ELF] System V ABI, "Object Files", "Program Loading"; Linux's fs/binfmt_elf.c for what is accepted.
 */
#include "kernel/lifecycle/elf.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "kernel/lifecycle/program_file.h"
#include "mm/memobj.h"
#include "mm/mm.h"

struct header {
	u8 ident[16];
	u16 type, machine;
	u32 version, entry, phoff, shoff, flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct segment {
	u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

enum { ET_EXEC = 2, ET_DYN = 3, EM_386 = 3, PT_LOAD = 1, PT_INTERP = 3, PF_X = 1, PF_W = 2, PF_R = 4 };

#define SEGMENTS_MAX 16
#define PIE_BASE 0x56555000u /* where Linux puts position-independent programs without randomisation */

struct loader {
	struct addrspace *as;
	struct memobj *obj;
	u64 size;
	u32 bias;
	struct segment segments[SEGMENTS_MAX];
	u32 count;
};

static bool header_ok(const struct header *h)
{
	static const u8 ident[] = { 0x7F, 'E', 'L', 'F', 1 /* 32 bits */, 1 /* little endian */, 1 };

	return memcmp(h->ident, ident, sizeof(ident)) == 0 && h->machine == EM_386 &&
	       (h->type == ET_EXEC || h->type == ET_DYN) && h->phentsize == sizeof(struct segment) &&
	       h->phnum > 0 && h->phnum <= SEGMENTS_MAX;
}

static vaddr_t segment_start(const struct loader *l, const struct segment *s)
{
	return ALIGN_DOWN(s->vaddr + l->bias, PAGE_SIZE);
}

static vaddr_t segment_end(const struct loader *l, const struct segment *s)
{
	return ALIGN_UP(s->vaddr + l->bias + s->memsz, PAGE_SIZE);
}

/* Segments end below this, so that the stack can grow to its limit. */
#define LOAD_END (USER_STACK_TOP - USER_STACK_LIMIT - 2 * USER_STACK_GAP)

static bool segment_ok(const struct loader *l, const struct segment *s)
{
	u32 start = s->vaddr + l->bias;

	if (s->filesz > s->memsz || s->offset > l->size || s->filesz > l->size - s->offset)
		return false;
	if (start < s->vaddr || start < USER_START || start >= LOAD_END || s->memsz > LOAD_END - start)
		return false;
	if (s->filesz && ((start ^ s->offset) & PAGE_MASK))
		return false;
	return !(s->memsz > s->filesz && s->filesz && !(s->flags & PF_W));
}

static u32 prot_of(const struct segment *s)
{
	return (s->flags & PF_R ? REGION_READ : 0) | (s->flags & PF_W ? REGION_WRITE : 0) |
	       (s->flags & PF_X ? REGION_EXEC : 0);
}

static int map_range(struct loader *l, const struct segment *s, vaddr_t start, vaddr_t end, struct memobj *obj,
		     u32 index)
{
	if (start >= end)
		return 0;
	if (region_overlaps(&l->as->regions, start, end))
		return -ENOEXEC;
	return addrspace_map(l->as, start, end - start, prot_of(s), REGION_READ | REGION_WRITE | REGION_EXEC, 0,
			     obj, index);
}

/* Maps FILESZ bytes of the file and zeros after them. => 0, -ENOEXEC, -ENOMEM, -EIO, -EINTR; sleeps */
static int map_segment(struct loader *l, const struct segment *s)
{
	vaddr_t file_end = s->vaddr + l->bias + s->filesz;
	vaddr_t border = s->filesz ? ALIGN_UP(file_end, PAGE_SIZE) : segment_start(l, s);
	int error = 0;

	if (s->filesz)
		error = map_range(l, s, segment_start(l, s), border, l->obj, s->offset >> PAGE_SHIFT);
	if (!error && s->memsz > s->filesz)
		error = map_range(l, s, border, segment_end(l, s), NULL, 0);
	if (!error && s->memsz > s->filesz && border > file_end)
		error = usercopy_to_space(l->as, file_end, NULL, border - file_end);
	return error == -EFAULT ? -EIO : error;
}

static int map_all(struct loader *l, const struct header *h, struct elf_image *image)
{
	for (u32 i = 0; i < l->count; i++) {
		const struct segment *s = &l->segments[i];
		int error;

		if (s->type == PT_INTERP) {
			image->wants_linker = true;
			return -ENOEXEC;
		}
		if (s->type != PT_LOAD || !s->memsz)
			continue;
		if (!segment_ok(l, s))
			return -ENOEXEC;
		error = map_segment(l, s);
		if (error)
			return error;
		image->end = MAX(image->end, segment_end(l, s));
		if (s->offset <= h->phoff && h->phoff - s->offset < s->filesz)
			image->headers = s->vaddr + l->bias + (h->phoff - s->offset);
	}
	return image->end ? 0 : -ENOEXEC;
}

int elf_load(struct addrspace *as, struct memobj *obj, u64 size, struct elf_image *image)
{
	struct loader l = { .as = as, .obj = obj, .size = size };
	struct header h;
	int error = program_file_read(obj, size, 0, &h, sizeof(h));

	*image = (struct elf_image){ 0 };
	if (error)
		return error;
	if (!header_ok(&h))
		return -ENOEXEC;
	l.count = h.phnum;
	l.bias = h.type == ET_DYN ? PIE_BASE : 0;
	error = program_file_read(obj, size, h.phoff, l.segments, l.count * sizeof(struct segment));
	if (error)
		return error;
	error = map_all(&l, &h, image);
	image->entry = h.entry + l.bias;
	image->header_count = h.phnum;
	return error ? error : image->entry < USER_END ? 0 : -ENOEXEC;
}
