/* The second half of the boot, in a thread: disks, root, swap, the first program. */
#pragma once

/* The body of task 1, which becomes the first program. Powers off if that cannot be run. */
void start_first_program(void *unused);
