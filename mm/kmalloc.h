/*
 * The kernel heap: size classes up to 2 KiB in slabs of one frame, larger sizes as whole blocks of frames.
 *
 * Never sleeps, never paged. Memory is not zeroed (kzalloc is).
 */
#pragma once

#include "kernel/base/types.h"
#include "mm/frame.h"

/* => at least SIZE bytes, 16-byte aligned (SIZE >= PAGE_SIZE: frame-aligned); NULL: out of memory */
void *kmalloc(u32 size);
void *kzalloc(u32 size);
void *kmalloc_class(u32 size, enum frame_class class);
void *kzalloc_class(u32 size, enum frame_class class);
void kfree(void *p); /* NULL is ignored */

/*
 * As kmalloc(), but waits for memory if there is none now (frame_wait.h). For calls that may sleep. It gives up in the
 * end, since a block of several frames may never come together. => NULL: given up, or the thread is killed
 */
void *kmalloc_wait(u32 size);

u32 kmalloc_size(u32 size);    /* bytes that a block of SIZE takes: its class, or whole frames */
u32 kmalloc_trim(void);        /* frees empty slabs. => frames given back */
u32 kmalloc_bytes_used(void);  /* bytes in live blocks, rounded to their classes */
u32 kmalloc_frames(void);      /* frames that the heap holds */
