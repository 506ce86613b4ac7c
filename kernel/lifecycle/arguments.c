/*
 * The strings of an exec, one after another in kernel frames: copied from the old address space before that is
 * destroyed, and into the new one when it is built (first_stack.c). At most 64 KiB, since the frames cannot be evicted.
 */
#include "kernel/lifecycle/arguments.h"

#include "kernel/base/errno.h"
#include "kernel/base/panic.h"
#include "kernel/base/string.h"
#include "mm/mm.h"

void arguments_init(struct arguments *s)
{
	memset(s, 0, sizeof(*s));
}

void arguments_free(struct arguments *s)
{
	for (u32 i = 0; i < ARRAY_LEN(s->frames); i++)
		if (s->frames[i])
			frame_free(s->frames[i]);
	arguments_init(s);
}

/* => where the next byte is stored, and in *ROOM the room there; NULL, and -E2BIG or -ENOMEM in *ERROR */
static char *next_place(struct arguments *s, u32 *room, int *error)
{
	u32 i = s->bytes / PAGE_SIZE, offset = s->bytes % PAGE_SIZE;

	*error = -E2BIG;
	if (i >= ARRAY_LEN(s->frames))
		return NULL;
	*error = -ENOMEM;
	if (!s->frames[i])
		s->frames[i] = frame_alloc(FRAME_KERNEL, 0, FRAME_FOR_KERNEL);
	*room = PAGE_SIZE - offset;
	return s->frames[i] ? (char *)frame_ptr(s->frames[i]) + offset : NULL;
}

static int append(struct arguments *s, const char *text, u32 left)
{
	while (left) {
		u32 room;
		int error;
		char *place = next_place(s, &room, &error);

		if (!place)
			return error;
		room = MIN(room, left);
		memcpy(place, text, room);
		text += room;
		left -= room;
		s->bytes += room;
	}
	return 0;
}

int arguments_add(struct arguments *s, const char *text)
{
	int error = append(s, text, strlen(text) + 1);

	s->argc += !error;
	return error;
}

const char *arguments_first(const struct arguments *s)
{
	return frame_ptr(s->frames[0]);
}

/* => the offset after the first string, which may end on a later page */
static u32 end_of_first(const struct arguments *s)
{
	for (u32 at = 0; at < s->bytes; at += PAGE_SIZE) {
		const char *page = frame_ptr(s->frames[at / PAGE_SIZE]);
		u32 n = MIN(s->bytes - at, PAGE_SIZE), length = strnlen(page, n);

		if (length < n)
			return at + length + 1;
	}
	panic("arguments: %u bytes of strings hold no end of one", s->bytes);
}

int arguments_add_rest(struct arguments *s, const struct arguments *other)
{
	for (u32 at = end_of_first(other), n; at < other->bytes; at += n) {
		const char *page = frame_ptr(other->frames[at / PAGE_SIZE]);
		int error;

		n = MIN(other->bytes - at, PAGE_SIZE - at % PAGE_SIZE);
		error = append(s, page + at % PAGE_SIZE, n);
		if (error)
			return error;
	}
	s->argc += other->argc - 1;
	s->envc += other->envc;
	return 0;
}

/* Appends the user's string at TEXT. => 0, -E2BIG, -ENOMEM, -EFAULT; sleeps */
static int add_user_string(struct arguments *s, vaddr_t text)
{
	for (;;) {
		u32 room;
		int error, length;
		char *place = next_place(s, &room, &error);

		if (!place)
			return error;
		length = usercopy_string(place, text, room);
		if (length >= 0) {
			s->bytes += length + 1;
			return 0;
		}
		if (length != -ENAMETOOLONG)
			return length;
		s->bytes += room;
		text += room;
	}
}

/*
 * Appends the user's strings whose addresses are in the array at VECTOR (0: none), up to a null pointer. => how many,
 * or an error
 */
static s32 add_user_vector(struct arguments *s, vaddr_t vector)
{
	for (u32 n = 0; vector; n++) {
		u32 text;
		int error = usercopy_in(&text, vector + 4 * n, sizeof(text));

		if (error)
			return error;
		if (!text)
			return n;
		error = add_user_string(s, text);
		if (error)
			return error;
	}
	return 0;
}

/* Without any argument an empty one is added, as on Linux: programs rely on argv[0]. */
int arguments_collect(struct arguments *s, vaddr_t argv, vaddr_t envp)
{
	s32 n = add_user_vector(s, argv);
	int error = n ? MIN(n, 0) : arguments_add(s, "");

	if (error)
		return error;
	s->argc = MAX(n, 1);
	n = add_user_vector(s, envp);
	s->envc = MAX(n, 0);
	return MIN(n, 0);
}
