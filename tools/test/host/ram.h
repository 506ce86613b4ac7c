/* Read before every file of the host tests' build: the machine's RAM is an array, and mm/layout.h maps it. */
#pragma once

#define HOST_RAM_FRAMES 4096u /* 16 MiB */

extern char host_ram[];
#define DIRECT_MAP host_ram
