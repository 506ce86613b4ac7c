/* What the tests of frames and of waiting for them share. */
#pragma once

#include "host.h"

#define ALL 1024u      /* frames of most tests: one block of the largest size */

static inline u32 take_all(enum frame_state s, enum frame_class class)
{
	u32 n = 0;

	while (frame_alloc(s, 0, class))
		n++;
	return n;
}
