/*
 * User copies. The processor translates the addresses itself; software runs only when an access faults.
 */
#include "mm/usercopy.h"

#include "kernel/base/errno.h"
#include "kernel/base/string.h"
#include "mm/fault.h"
#include "mm/frame.h"
#include "mm/rmap.h"

u32 usercopy_move(void *dst, const void *src, u32 n);
extern const char usercopy_words[], usercopy_words_failed[], usercopy_bytes[], usercopy_bytes_failed[];

bool usercopy_fixup(u32 *eip)
{
	if (*eip == (u32)(uintptr_t)usercopy_words)
		*eip = (u32)(uintptr_t)usercopy_words_failed;
	else if (*eip == (u32)(uintptr_t)usercopy_bytes)
		*eip = (u32)(uintptr_t)usercopy_bytes_failed;
	else
		return false;
	return true;
}

/* => how many of the N bytes at VA lie beyond user space */
static u32 beyond(vaddr_t va, u32 n)
{
	u32 room = va < USER_END ? USER_END - va : 0;

	return n > room ? n - room : 0;
}

u32 usercopy_in_partial(void *dst, vaddr_t src, u32 n)
{
	u32 outside = beyond(src, n);

	return outside + usercopy_move(dst, (const void *)(uintptr_t)src, n - outside);
}

u32 usercopy_out_partial(vaddr_t dst, const void *src, u32 n)
{
	u32 outside = beyond(dst, n);

	return outside + usercopy_move((void *)(uintptr_t)dst, src, n - outside);
}

u32 usercopy_zero_partial(vaddr_t dst, u32 n)
{
	while (n) {
		u32 step = MIN(n, PAGE_SIZE);
		u32 left = usercopy_out_partial(dst, frame_ptr(rmap_zero_frame), step);

		n -= step - left;
		dst += step;
		if (left)
			break;
	}
	return n;
}

int usercopy_in(void *dst, vaddr_t src, u32 n)
{
	return beyond(src, n) || usercopy_in_partial(dst, src, n) ? -EFAULT : 0;
}

int usercopy_out(vaddr_t dst, const void *src, u32 n)
{
	return beyond(dst, n) || usercopy_out_partial(dst, src, n) ? -EFAULT : 0;
}

/* In steps that end at page borders: the page after the string's end need not be mapped. */
int usercopy_string(char *dst, vaddr_t src, u32 size)
{
	u32 done = 0;

	while (done < size) {
		u32 step = MIN(size - done, PAGE_SIZE - ((src + done) & PAGE_MASK));
		u32 length;

		if (usercopy_in(dst + done, src + done, step))
			return -EFAULT;
		length = strnlen(dst + done, step);
		if (length < step)
			return done + length;
		done += step;
	}
	return -ENAMETOOLONG;
}

int usercopy_to_space(struct addrspace *as, vaddr_t dst, const void *src, u32 n)
{
	const char *from = src;

	while (n) {
		u32 offset = dst & PAGE_MASK;
		u32 step = MIN(n, PAGE_SIZE - offset);
		struct frame *f;
		enum fault_result result = fault_resolve_pinned(as, dst, FAULT_WRITE, &f);

		if (result != FAULT_OK)
			return result == FAULT_KILLED ? -EINTR : -EFAULT;
		if (from)
			memcpy((char *)frame_ptr(f) + offset, from, step);
		else
			memset((char *)frame_ptr(f) + offset, 0, step);
		f->flags |= FRAME_DIRTY;
		frame_unpin(f);
		from = from ? from + step : NULL;
		dst += step;
		n -= step;
	}
	return 0;
}
