/*
 * Kernel memory with waiting.
 *
 * A system call that has changed nothing yet may sleep until the daemon has freed frames. It tries a bounded number of
 * times, since a block of several frames may never come together again.
 */
#include "kernel/task/alloc.h"
#include "mm/frame.h"
#include "mm/frame_wait.h"
#include "mm/kmalloc.h"

#define ALLOC_TRIES 8

void *alloc_wait(u32 size)
{
	void *p = kmalloc(size);

	for (u32 tries = 0; !p && tries < ALLOC_TRIES && frame_wait_turn(FRAME_FOR_KERNEL); tries++) {
		p = kmalloc(size);
		frame_end_turn();
	}
	return p;
}
