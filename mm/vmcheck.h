/* Checks the invariants I1 to I8 over the whole state; panics with values where one does not hold. */
#pragma once

#include "kernel/base/types.h"

/* Walks everything: slow, for tests. Never sleeps. */
void vmcheck(void);

/* `check=always`: after every call and fault. */
extern bool vmcheck_always;
