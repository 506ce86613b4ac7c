/*
 * How much memory an address space holds.
 */
#pragma once

#include "kernel/base/types.h"

struct addrspace;
struct memobj;

struct addrspace_held {
	u32 pages;  /* anonymous pages, in frames or slots: private ones, and all pages of shared objects that it maps */
	u32 locked; /* pages of wired regions, of files too */
	u32 tables; /* frames of page tables: directory, tables, reverse-map records */
	u32 heap;   /* bytes of the kernel's heap: regions, anons, maps of pages */
};

/* Counts what AS holds into *H. An object counts once, however many regions map it, and in full for each space. */
void addrspace_held(const struct addrspace *as, struct addrspace_held *h);

/* Adds OBJ to the last count that was begun, unless it is included already. Objects of files do not count. */
void addrspace_held_object(struct memobj *obj, struct addrspace_held *h);

/* => private pages of AS that are only in slots */
u32 addrspace_swapped(struct addrspace *as);
