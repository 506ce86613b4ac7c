/*
 * The initial stack of a program. From high to low addresses: the strings, 16 random bytes, the auxiliary vector, envp,
 * argv, and argc at the stack pointer, which is a multiple of 16.
 *
 * Sources: [System V ABI i386] "Process Initialization"; getauxval(3).
 */
#include "kernel/lifecycle/first_stack.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/random.h"
#include "kernel/base/string.h"
#include "kernel/lifecycle/arguments.h"
#include "kernel/lifecycle/elf.h"
#include "mm/mm.h"

enum { AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_FLAGS = 8,
       AT_ENTRY = 9, AT_UID = 11, AT_EUID = 12, AT_GID = 13, AT_EGID = 14, AT_HWCAP = 16, AT_CLKTCK = 17,
       AT_SECURE = 23, AT_RANDOM = 25, AT_EXECFN = 31 };

#define INITIAL_STACK (32 * PAGE_SIZE) /* mapped below the strings; page faults extend it */
#define RANDOM_BYTES 16

/* Writes words to ascending addresses from AT on; they are buffered here and copied in blocks. */
struct writer {
	struct addrspace *as;
	vaddr_t at;
	u32 words[64];
	u32 n;
	int error;
};

static void flush(struct writer *w)
{
	if (!w->error)
		w->error = usercopy_to_space(w->as, w->at, w->words, w->n * sizeof(u32));
	w->at += w->n * sizeof(u32);
	w->n = 0;
}

static void first_stack_put(struct writer *w, u32 word)
{
	if (w->n == ARRAY_LEN(w->words))
		flush(w);
	w->words[w->n++] = word;
}

static void put_pair(struct writer *w, u32 type, u32 value)
{
	first_stack_put(w, type);
	first_stack_put(w, value);
}

/*
 * Writes COUNT pointers to the strings from byte *OFFSET on, and a null pointer; *OFFSET becomes the end of these
 * strings.
 */
static void put_pointers(struct writer *w, const struct arguments *s, vaddr_t base, u32 count, u32 *offset)
{
	for (; count; count--) {
		first_stack_put(w, base + *offset);
		while (((const char *)frame_ptr(s->frames[*offset / PAGE_SIZE]))[*offset % PAGE_SIZE])
			++*offset;
		++*offset;
	}
	first_stack_put(w, 0);
}

static void put_auxiliary(struct writer *w, const struct elf_image *image, vaddr_t random, vaddr_t name)
{
	put_pair(w, AT_PHDR, image->headers);
	put_pair(w, AT_PHENT, 32);
	put_pair(w, AT_PHNUM, image->header_count);
	put_pair(w, AT_PAGESZ, PAGE_SIZE);
	put_pair(w, AT_BASE, 0);
	put_pair(w, AT_FLAGS, 0);
	put_pair(w, AT_ENTRY, image->entry);
	put_pair(w, AT_UID, 0);
	put_pair(w, AT_EUID, 0);
	put_pair(w, AT_GID, 0);
	put_pair(w, AT_EGID, 0);
	put_pair(w, AT_HWCAP, 0);
	put_pair(w, AT_CLKTCK, 100);
	put_pair(w, AT_SECURE, 0);
	put_pair(w, AT_RANDOM, random);
	put_pair(w, AT_EXECFN, name);
	put_pair(w, AT_NULL, 0);
}
#define AUXILIARY_WORDS (17 * 2)

static int copy_strings(struct addrspace *as, const struct arguments *s, vaddr_t to)
{
	int error = 0;

	for (u32 done = 0; !error && done < s->bytes; done += PAGE_SIZE)
		error = usercopy_to_space(as, to + done, frame_ptr(s->frames[done / PAGE_SIZE]),
					  MIN(PAGE_SIZE, s->bytes - done));
	return error;
}

static int copy_random(struct addrspace *as, vaddr_t to)
{
	u32 words[RANDOM_BYTES / 4];

	for (u32 i = 0; i < ARRAY_LEN(words); i++)
		words[i] = random_word();
	return usercopy_to_space(as, to, words, sizeof(words));
}

int first_stack_build(struct addrspace *as, const struct arguments *s, const struct elf_image *image, vaddr_t *sp,
		struct user_range ranges[2])
{
	vaddr_t strings = ALIGN_DOWN(USER_STACK_TOP - s->bytes, 16), random = strings - RANDOM_BYTES;
	u32 words = 1 + s->argc + 1 + s->envc + 1 + AUXILIARY_WORDS;
	vaddr_t bottom = ALIGN_DOWN(random - words * sizeof(u32), 16);
	vaddr_t start = ALIGN_DOWN(bottom, PAGE_SIZE) - INITIAL_STACK;
	struct writer w = { .as = as, .at = bottom };
	u32 offset = 0;
	int error = addrspace_map(as, start, USER_STACK_TOP - start, REGION_READ | REGION_WRITE,
				  REGION_READ | REGION_WRITE | REGION_EXEC, REGION_GROWSDOWN, NULL, 0);

	if (!error)
		error = copy_strings(as, s, strings);
	if (!error)
		error = copy_random(as, random);
	if (error)
		return error == -EFAULT ? -ENOMEM : error;
	first_stack_put(&w, s->argc);
	put_pointers(&w, s, strings, s->argc, &offset);
	ranges[0].start = strings + offset;
	put_pointers(&w, s, strings, s->envc, &offset);
	ranges[0].end = strings + offset;
	ranges[1].end = bottom + words * sizeof(u32);
	ranges[1].start = ranges[1].end - AUXILIARY_WORDS * sizeof(u32);
	put_auxiliary(&w, image, random, strings);
	flush(&w);
	*sp = bottom;
	return w.error == -EFAULT ? -ENOMEM : w.error;
}
