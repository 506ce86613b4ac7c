/*
 * Replacement: which frame to evict. The mechanism is here, the algorithms are in policy_*.c.
 *
 * admit and forget tell the policy which frames are pageable (I6: state ANON or FILE and not BUSY).
 * A policy asks five questions of a frame and knows nothing of entries, tasks or disks.
 */
#pragma once

#include "mm/frame.h"

struct pagetable;

/* One address space, or NULL for all of memory. */
struct policy_scope {
	const struct pagetable *pt;
};

struct policy {
	const char *name;
	void (*init)(void);
	void (*admit)(struct frame *f);  /* a page has come in */
	void (*forget)(struct frame *f); /* it is leaving */
	void (*tick)(void);              /* a few times a second while the daemon works; may be NULL */
	struct frame *(*victim)(const struct policy_scope *scope); /* NULL: none is evictable */
};

/* The five questions. */
bool policy_accessed(const struct frame *f);
void policy_clear_accessed(struct frame *f);
bool policy_dirty(const struct frame *f);
bool policy_evictable(const struct frame *f); /* not BUSY, pinned, wired or being written, and it has a place to go */
bool policy_in_scope(const struct frame *f, const struct policy_scope *scope);

/* For the page cache and anonymous pages. */
void policy_admit(struct frame *f);
void policy_forget(struct frame *f);
void policy_tick(void);
struct frame *policy_victim(const struct policy_scope *scope);
u32 policy_pageable(void); /* frames in the set */

/* => false: no policy of that name, after a line that lists them. Every frame is handed over to the new one. */
bool policy_select(const char *name);
const char *policy_name(void);
extern const struct policy *const policy_table[]; /* ends with NULL */
