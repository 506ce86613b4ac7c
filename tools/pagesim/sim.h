/*
 * A reference string, and the faults that it causes in a memory of so many frames.
 */
#pragma once

#include <stddef.h>

#include "kernel/base/types.h"

struct string {
	u32 *pages;     /* numbers from 0 to distinct - 1 */
	bool *writes;   /* is the reference a store? */
	u32 length, distinct;
};

/* => memory of N * SIZE bytes, all zero; without memory the program ends */
void *sim_alloc(size_t n, size_t size);

/* Ends the program: how it must end where a policy may have run. */
void sim_end(int status) __attribute__((noreturn));

/*
 * Prepares memory for the pages of S; the string stays the caller's. BYSTANDERS are pages that are always in memory and can never
 * be evicted, beside those of the string: in the kernel the pages that a program has locked are in the policy's set too.
 */
void sim_init(const struct string *s, u32 bystanders);

/*
 * => page faults of a policy in FRAMES frames. For each reference MARKS gets 'F' if it faulted, otherwise '.'; it may be NULL.
 *
 * sim_policy: one of the kernel's policies, by its name in policy_table. `random` evicts other pages in each DRAW, from 0 on.
 * sim_opt: the victim is the page whose next use is furthest in the future. (Belady, A Study of Replacement Algorithms for a
 * Virtual-Storage Computer, 1966.) No policy has fewer faults; no kernel can do it, since it asks the future.
 * sim_lru: the victim is the page that has not been used for longest.
 */
u32 sim_policy(const char *policy, u32 frames, u32 draw, char *marks);
u32 sim_opt(const struct string *s, u32 frames, char *marks);
u32 sim_lru(const struct string *s, u32 frames, char *marks);

/*
 * After sim_policy(): asks the policy for a victim while no page is in scope, then while none can leave. It must say that there is
 * none, and such pages must keep their accessed bits and its notes; otherwise the program ends and says what is wrong.
 */
void sim_ask_in_vain(void);
