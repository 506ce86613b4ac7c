# Of a handout of lab hunt. BUG=N: the machine has kernel N, which was built from this tree with one change.
LAB ?= hunt
ifneq ($(BUG),)
ifeq ($(firstword $(MAKEFILE_LIST)),Makefile)
kernels := 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
ifneq ($(words $(BUG)) $(filter $(kernels),$(BUG)),1 $(BUG))
$(error BUG=$(BUG): there is no such bug. Usage: make run BUG=N, with N from 0 to $(lastword $(kernels)): make run BUG=7)
endif
built := $(O)
images configure iso core: override O := $(built)
override O := $(built)/bug$(BUG)
override same_build := BUG='$(BUG)'
run run-window view view-live debug record replay gdb: hunted
.PHONY: hunted
hunted: images
	@tools/lab/hunted --out $(built) '$(BUG)'
endif
endif
