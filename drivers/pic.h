/*
 * The two 8259A interrupt controllers. Lines 0..15 arrive as vectors 32..47; all are masked until
 * somebody wants them.
 */
#pragma once

#include "kernel/base/types.h"

#define PIC_LINES 16u

void pic_init(void);
void pic_unmask(u32 line);

/*
 * Interrupts 7 and 15 may come although no device asked. => true: nothing is to be done, nor
 * acknowledged
 */
bool pic_is_spurious(u32 line);

/* The interrupt on LINE has been handled. */
void pic_acknowledge(u32 line);
