/* System V message queues. */
#pragma once

/* Every queue goes, with its messages: they outlive programs, but not the kernel. */
void msg_end(void);
