# Shisho. `make deps run` on a fresh system; `make help` lists the rest.
#
# This file has the goals for users. It searches for tools only when a goal is made, after `deps` has run, and then calls
# tools/build.mk, which has the rules for files. All goals share one run of that, so that they can be made together and
# with -j.

O ?= build
MEM ?= 16M
SWAP ?= 64M
POLICY ?=
CMD ?=
SCENARIO ?=
WITH ?=
KEEP ?=
DISK ?= ide
ROOT_DISK ?=
APPEND ?=
-include lab.mk
LAB ?=
OUT ?=
CROSS ?=
PORT ?= 1234
export PATH := $(PATH):/usr/sbin:/sbin

GOALS := all run run-window view view-live view-stills web test test-long reference debug gdb record replay bench heapbench gcbench peers doctor grade handout gradescope
.PHONY: $(GOALS) view-page view-deps deps count clean help images iso core configure
.DEFAULT_GOAL := all

# Checks of values that neither the kernel nor tools/qemu checks.
is_size = $(shell echo '$(1)' | grep -xE '[1-9][0-9]*[KMGkmg]?')
ifeq ($(filter off,$(SWAP))$(call is_size,$(SWAP)),)
$(error SWAP=$(SWAP): give a size like 64M, or off)
endif

keep = $(filter-out 0,$(KEEP))
ifneq ($(filter-out 1,$(keep)),)
$(error KEEP=$(KEEP): give 1 to keep what is written to the root disk, or 0)
endif

# If `deps` is among the goals, all others wait for it.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
$(GOALS) configure images iso core: | deps
endif

# Uses all processors unless the user has given -j.
cores = $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(cores))
build = +@$(MAKE) --no-print-directory $(jobs) -f tools/build.mk O=$(O) SWAP=$(SWAP)
qemu = tools/qemu --out $(O) --mem '$(MEM)' $(if $(POLICY),--policy '$(POLICY)') $(if $(keep),--keep) \
	$(if $(filter off,$(SWAP)),--no-swap) $(ROOT_DISK:%=--disks '%,swap')

# The ISO only where the host has GRUB for PCs.
iso_here := $(shell tools/deps --iso)
all: $(iso_here)

configure:
	@tools/configure $(O)/config.mk "$(CROSS)"

images: configure
	@[ -e $(O)/shisho.elf ] || echo 'The first build takes about a minute.'
	$(build) images

iso: images
	$(build) iso

core: images
	$(build) core

# Passed to tools/qemu as typed, with quotes and with dollars for Shisho's shell.
override CMD := $(value CMD)
override APPEND := $(value APPEND)
export CMD APPEND
# Read by everything that starts a machine: the bus of its disks, ide or virtio.
export DISK
run: images
	@$(qemu) run

run-window: images
	@$(qemu) --window run

# The page that shows a recording. Node is needed only to build tools/view/page.html anew, which is kept in the tree.
override SCENARIO := $(value SCENARIO)
override WITH := $(value WITH)
export SCENARIO WITH
view: images
	@tools/view/view --out $(O) --trace '$(TRACE)'

view-live: images
	@tools/view/live --out $(O) -- $(qemu)

# One file in which the kernel itself runs, built with Node; with CC=1 also a C compiler, which no other goal means by CC.
with_c := $(and $(filter web,$(MAKECMDGOALS)),$(filter 1,$(CC)))
ifneq ($(with_c),)
MAKEOVERRIDES := $(filter-out CC=%,$(MAKEOVERRIDES))
unexport CC
endif
web: images
	$(if $(with_c),$(build) $(O)/c.img)
	@tools/view/web --out $(O) $(if $(with_c),--with-c)

view-stills: images
	@tools/view/stills $(O)

view-page:
	@tools/view/build

view-deps:
	@tools/view/deps

# Variables that `make gdb` and `make replay` need too, for the same kernel.
same_build = $(foreach name,O CROSS KERNEL_FLAGS,$(if $(filter command,$(origin $(name))),$(name)='$($(name))'))
as_built = $(if $(strip $(same_build)), $(strip $(same_build)))
gdb_hint = "make gdb$(if $(filter-out 1234,$(PORT)), PORT=$(PORT))$(as_built)"
debug: images
	@$(qemu) --gdb '$(PORT)' --gdb-hint $(gdb_hint) run

record: images
	@$(qemu) --record $(O)/record run; status=$$?; \
	echo "Recorded in $(O)/record. make replay$(as_built) repeats it: for GDB, also backwards."; \
	exit $$status

replay: images
	@$(qemu) --replay $(O)/record --gdb '$(PORT)' --gdb-hint $(gdb_hint) run

gdb: images
	@gdb -q -ex 'set tcp connect-timeout 3' -ex 'set $$port = $(PORT)' -x tools/gdb/init.gdb $(O)/shisho.elf

test: $(iso_here) core
	@tools/test/run --out $(O) $(TESTS)

# What is built is not shown, so that the points are seen; warnings are.
grade: configure
	@$(MAKE) --no-print-directory images >/dev/null
	@tools/grade --out $(O) . $(LAB)

handout: images
	@tools/lab/handout --build $(O) $(LAB) $(OUT)

gradescope:
	@mkdir -p $(O)
	@tools/lab/gradescope --out $(O) $(LAB)

test-long: $(iso_here) core
	@tools/test/run --out $(O) --long

reference: images
	@tools/test/reference --out $(O) $(if $(NEW),--new) $(ONLY)

bench: images
	@tools/bench/bench --out $(O) $(if $(QUICK),--quick)
	@tools/bench/curve --out $(O)
	@tools/bench/growth --out $(O) $(if $(QUICK),--quick)

heapbench: images
	@tools/heap/heapbench --out $(O) $(if $(SEED),--seed $(SEED)) $(TRACES)

peers: images
	@tools/peers/peers --out $(O) $(TESTS)

gcbench: images
	@tools/heap/gcbench --out $(O)

deps:
	@tools/deps

doctor:
	@tools/deps --doctor "$(CROSS)"

count:
	@tools/count

clean:
	rm -rf $(O)

help:
	@echo 'make deps run          installs what is missing, builds, boots to a shell'
	@echo 'make                   builds $(O)/shisho.elf, root.img, swap.img, on a PC shisho.iso'
	@echo 'make run               boots; MEM=16M SWAP=64M POLICY=fifo; CMD="free; ps" runs that and powers off;'
	@echo '                       KEEP=1 keeps what is written to the root disk; SWAP=off; DISK=virtio; ROOT_DISK=FILE'
	@echo 'make run-window        the same with the VGA screen and keyboard in a window, beside this terminal'
	@echo 'make test              runs all tests, named FILE.CLASS.test_NAME; TESTS="boot. pipe": only those whose'
	@echo '                       name contains one of these words: all of tools/test/test_boot.py, all with pipe'
	@echo 'make test-long         runs those that make test leaves out because they take long'
	@echo 'make reference         runs the test programs on Linux in QEMU and writes tools/test/answers;'
	@echo '                       NEW=1: those that have changed; ONLY="pipe links": those named'
	@echo 'make view              records memory at work and writes $(O)/view.html; SCENARIO=tour|cow|shm|mmap|swap|procswap|thrash|gc|leak,'
	@echo '                       CMD="sort /data/text.txt | wc", or TRACE=FILE for a recording;'
	@echo '                       WITH="policy=fifo": run twice, the second time with these words, and compare'
	@echo 'make view-live         a machine that a page watches while it runs; CMD=... as with run'
	@echo 'make web               builds $(O)/shisho-web.html, a page in which the kernel itself runs (needs Node: make view-deps)'
	@echo '                       CC=1: $(O)/shisho-web-c.html, with an editor and a C compiler, TinyCC, fetched as source'
	@echo 'make view-page         builds tools/view/page.html from its sources; view-deps installs what that needs'
	@echo 'make debug, make gdb   in two terminals: a kernel that waits for GDB, and GDB'
	@echo 'make record, replay    CMD=...: records a run; repeats it for GDB, which can go backwards in it'
	@echo 'make handout           LAB=cow OUT=DIR: the tree for students, without the solution of a lab (docs/teaching.md)'
	@echo 'make grade             LAB=cow: grades this tree; tools/grade SUBMISSION... LAB: what students handed in'
	@echo 'make gradescope        LAB=cow: the zip file for Gradescope'
	@echo 'make bench             measures this build, and Linux beside it; QUICK=1: fewer runs'
	@echo 'make heapbench         compares malloc with others on traces; TRACES=DIR: those of the CS:APP malloc lab; SEED=N'
	@echo 'make gcbench           what free, the garbage collector and never freeing cost three programs'
	@echo 'make peers             runs the Open POSIX Test Suite, compares with docs/peers.md; TESTS=mmap: only these'
	@echo 'make core              the kernel without kernel/compat, kernel/ipc/sysv and drivers/virtio: $(O)/core.elf'
	@echo 'make count             lines of code for each folder, what a course reads, the kernel around mm/, furniture'
	@echo 'make doctor            reports what is missing or too old, and how to get it'
	@echo 'make clean             removes $(O)'
	@echo 'With all of them       CROSS=i686-elf-, gcc, clang ... chooses the compiler; O=DIR builds elsewhere'
