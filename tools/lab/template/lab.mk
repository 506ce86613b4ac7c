# Of a handout: which lab it is, and what it is built with beside the usual. Code that is not used yet causes no warning.
LAB ?= @LAB@
unused := -Wno-unused-function -Wno-unused-parameter -Wno-unused-variable
KERNEL_FLAGS += $(unused) -include kernel/base/lab.h
UCFLAGS += $(unused) -include user/lib/include/lab_missing.h
