/* Plain models of replacement algorithms (model.c), with which the tests compare the kernel's. */
#pragma once

#include "host.h"

#define NAMES 64u /* pages that a string of references may name */

struct model { /* all zero: no page is in memory */
	u32 name[NAMES], n, hand;
	bool used[NAMES];
};

/* Page NAME is used; with FRAMES frames in all. => was it a fault? */
typedef bool use_of_model(struct model *m, u32 name, u32 frames);
use_of_model model_fifo, model_clock, model_lru;

/* => the place of page NAME among the M->n in memory; M->n: it is not there */
u32 model_find(const struct model *m, u32 name);
