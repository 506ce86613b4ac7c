/* The counters. */
#include "mm/vmtrace.h"

struct vmstat vmstat;
