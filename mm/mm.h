/*
 * The facade of mm/: the headers that most of the kernel needs, and initialisation.
 */
#pragma once

#include "mm/addrspace.h"
#include "mm/bootmem.h"
#include "mm/fault.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/usercopy.h"
#include "mm/vmtrace.h"

struct multiboot_info;

/* Memory map, frame table, final page tables, zero frame, requests. => false: too little memory; prints a message */
bool mm_init(const struct multiboot_info *mbi) MUST_CHECK;
