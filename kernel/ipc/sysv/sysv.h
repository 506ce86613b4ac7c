/* System V message queues and shared memory. A kernel may be linked without this folder (`make core`). */
#pragma once

/* Every queue and every segment goes: they outlive programs, but not the kernel. NULL in a kernel without them. */
void sysv_end(void) __attribute__((weak));
