# Of a handout of lab hunt. BUG=N: the machine has kernel N, which was built from this tree with one change.
LAB ?= hunt
ifneq ($(BUG),)
ifeq ($(firstword $(MAKEFILE_LIST)),Makefile)
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
