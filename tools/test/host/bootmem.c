#include "host.h"
const struct host_test bootmem_tests[] = { { NULL, NULL } };
