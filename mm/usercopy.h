/*
 * Copies to and from user space, through the user's own mapping; faults are resolved as for the user.
 *
 * The kernel never trusts a user pointer: every copy checks the range against USER_END first. All may sleep.
 */
#pragma once

#include "kernel/base/types.h"

/* => 0 or -EFAULT (some bytes may have been copied) */
int usercopy_in(void *dst, vaddr_t src, u32 n) MUST_CHECK;
int usercopy_out(vaddr_t dst, const void *src, u32 n) MUST_CHECK;

/* => number of bytes that could NOT be copied (0: all), for calls with partial results */
u32 usercopy_in_partial(void *dst, vaddr_t src, u32 n);
u32 usercopy_out_partial(vaddr_t dst, const void *src, u32 n);
u32 usercopy_zero_partial(vaddr_t dst, u32 n);

/* Copies a string of at most SIZE-1 bytes. => its length, -EFAULT, or -ENAMETOOLONG */
int usercopy_string(char *dst, vaddr_t src, u32 size) MUST_CHECK;

/*
 * Copies to a space that is not loaded, page by page through the direct map. SRC NULL: zeros.
 * => 0, -EFAULT, or -EINTR when the thread was killed
 */
struct addrspace;
int usercopy_to_space(struct addrspace *as, vaddr_t dst, const void *src, u32 n) MUST_CHECK;

/* => did the page fault at *EIP happen in a user copy? Then *EIP becomes the exit of the copy. */
bool usercopy_fixup(u32 *eip);
