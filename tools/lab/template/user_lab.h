/* What stands where something is to be written: the program ends and says what. */
#ifndef LAB_MISSING_H
#define LAB_MISSING_H

#include <stdio.h>
#include <stdlib.h>

#define lab_missing(what) (fprintf(stderr, "yours to write, in %s: %s\n", __func__, what), exit(99))

#endif
