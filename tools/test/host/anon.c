#include "host.h"
const struct host_test anon_tests[] = { { NULL, NULL } };
