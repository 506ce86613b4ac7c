/* System V message queues and shared memory. A kernel may be linked without this folder (`make core`). */
#pragma once

/* Removes every queue and every segment: they outlive programs, but not the kernel. NULL in a kernel without them. */
void sysv_end(void) __attribute__((weak));
