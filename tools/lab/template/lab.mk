# Of a handout: which lab it is, and what it is built with beside the usual. Code that is not used yet causes no warning.
LAB ?= @LAB@
CC_FLAGS += -Wno-unused-function -Wno-unused-parameter -Wno-unused-variable
KERNEL_FLAGS += -include kernel/base/lab.h
