/* What stands where something is to be written: the kernel stops and says what. Every file includes it first. */
#pragma once

#ifndef __ASSEMBLER__
#include "kernel/base/panic.h"

#define lab_missing(what) panic("yours to write, in %s: %s", __func__, what)
#endif
