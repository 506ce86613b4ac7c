# Of a handout: which lab it is, and what it is built with beside the usual. Code that is not used yet causes no warning,
# and a warning is no error, even where CI is set.
LAB ?= @LAB@
warned := -Wno-unused-function -Wno-unused-parameter -Wno-unused-variable -Wno-error
KERNEL_FLAGS += $(warned) -include kernel/base/lab.h
UCFLAGS += $(warned) -include user/lib/include/lab_missing.h
