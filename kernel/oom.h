/* Out of memory: who must go. */
#pragma once

/* Ends the task that holds most, never the first program while there is another; the page-out daemon calls it. */
void oom_kill(void);
