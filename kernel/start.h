/* What happens once threads run: disks, root, swap, the first program. */
#pragma once

/* The boot thread: becomes the first program, task 1. */
void start_first_program(void *unused);
