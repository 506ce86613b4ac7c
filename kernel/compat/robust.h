/* Robust locks, and the word that is cleared when a task leaves its program. */
#pragma once

/* The current task is about to give up its program's memory: unlocks what it holds. May sleep. */
void robust_leave_program(void);
