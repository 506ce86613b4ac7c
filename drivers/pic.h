/*
 * The two 8259A interrupt controllers. Lines 0..15 raise vectors 32..47. All are masked until
 * pic_unmask().
 */
#pragma once

#include "kernel/base/types.h"

#define PIC_LINES 16u

void pic_init(void);
void pic_unmask(u32 line);

/*
 * Interrupts 7 and 15 may occur without a request from a device. => true: this one is such, and must be
 * neither handled nor acknowledged
 */
bool pic_is_spurious(u32 line);

/* Ends the interrupt on LINE, after it has been handled. */
void pic_acknowledge(u32 line);
