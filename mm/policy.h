/*
 * Replacement: which frame to evict. The mechanism is here, the algorithms are in policy_*.c.
 *
 * admit and forget tell the policy which frames are pageable (I6: state ANON or FILE and not BUSY).
 * A policy asks six questions of a frame and one of memory, and has a frame's use forgotten; it knows nothing of entries, tasks or
 * disks.
 *
 * f->age is for a policy's notes. admit finds in it what was there when the page was evicted to swap, otherwise 0. (A file's
 * page leaves no note, and a page that came back with its whole task counts as new.) The note may be that of another policy,
 * if the policy was switched in between.
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

/* Of a frame, and one order. */
bool policy_accessed(const struct frame *f);
void policy_clear_accessed(struct frame *f);
bool policy_dirty(const struct frame *f);
bool policy_evictable(const struct frame *f); /* not BUSY, pinned, wired or being written, and it has a place to go */
bool policy_in_scope(const struct frame *f, const struct policy_scope *scope);
/* In admit: how many pages have been evicted since F's page was? POLICY_NEVER: it has no note of an eviction. */
u32 policy_evictions_since(const struct frame *f);
#define POLICY_NEVER (~0u)
bool policy_read_ahead(const struct frame *f); /* in admit: has F's page come along with another one, which a thread needs? */
/* Of memory: are many pages from swap (more than an eighth) used without any thread having to wait for them? */
bool policy_reads_pay(void);

/* For the page cache and anonymous pages. */
void policy_admit(struct frame *f);
void policy_forget(struct frame *f);
void policy_evicted(const struct frame *f); /* its frame is being taken away; an anonymous page has its slot by now */
void policy_tick(void);
struct frame *policy_victim(const struct policy_scope *scope);
u32 policy_pageable(void); /* frames in the set */

/* => false: no policy of that name, after a line that lists them. Every frame is handed over to the new one. */
bool policy_select(const char *name);
const char *policy_name(void);
extern const struct policy *const policy_table[]; /* ends with NULL */
