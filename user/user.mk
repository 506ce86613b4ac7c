# user.mk - programs, their library and their tests.
#
# Included by tools/build.mk, which sets UCC (the compiler with what makes it produce i386 code), O
# (where to build) and say (a line for each step); `make -f user/user.mk` alone builds with the host's
# gcc -m32. The same files run on Linux, which `make reference` asks what they print.
#
#	user/FOLDER/NAME.c, or NAME/NAME.c and what is beside it: the program NAME
#	user/lib/, user/gc/	the library: C, malloc, and a garbage collector
#	user/test/include/	what test programs share
#
#	$(O)/user/lib.a			the library
#	$(O)/user/{bin,test,...}/NAME	programs with symbols; objects are in $(O)/user/obj/
#	$(O)/root/bin/NAME		tools and demos, stripped
#	$(O)/root/test/NAME		test programs, stripped
#	$(O)/tinycc/root/bin/NAME	what the page's editor needs, stripped
#
# What stays in stripped programs, but is not loaded: names of functions and .debug_line, which heap_lines.c
# reads, when a program has misused the heap, to say where.

UCC ?= gcc -m32
UAR ?= ar
USTRIP ?= strip
ULDFLAGS ?=
O ?= build

user-flags := -std=gnu11 -O2 -gdwarf-4 -gno-column-info -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -Wall -Wextra -march=i686 -mfpmath=387 -mno-sse -ffreestanding -fno-pic -fno-stack-protector \
	-fno-strict-aliasing -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -nostdinc -I user/lib/include \
	-iquote user -iquote user/test/include \
	$(UCFLAGS)
# A call of free at the end of a function must still tell whose it is; within the library that is not needed. What no chain of
# calls to malloc leads through needs no frames, and no aligned stack. In the heap the compiler prefers the fewest
# instructions (-mtune=i386) to what suits pipelines.
user-obj := $(O)/user/obj
user-heap := $(patsubst %,$(user-obj)/lib/%.c.o,heap_best heap_block heap_slab heap_spare heap_map malloc_first)
$(user-obj)/lib/%.o $(user-obj)/gc/%.o: user-flags += -foptimize-sibling-calls
$(user-obj)/lib/heap.c.o: user-flags += -momit-leaf-frame-pointer
$(user-heap) $(user-obj)/gc/best.c.o $(user-obj)/gc/mark.c.o: user-flags += -fomit-frame-pointer $(filter -mpreferred%,$(UHEAP_FLAGS))
$(user-heap): user-flags += $(filter-out -mpreferred%,$(UHEAP_FLAGS))
user-link := -nostdlib -static -Wl,-T,user/lib/user.ld -Wl,-z,max-page-size=4096 \
	-Wl,-z,noexecstack -Wl,--build-id=none -Wl,--gc-sections $(ULDFLAGS)

user-objects = $(patsubst user/%,$(user-obj)/%.o,$(wildcard $(1)))
user-lib-objects := $(call user-objects,user/lib/*.c user/lib/*.S user/gc/*.c)

# The folders with programs, and of each the names of its programs. Those of user/test/mm/ are called test/NAME.
user-folders := bin bench demo $(patsubst user/%/,%,$(filter-out user/test/include/,$(wildcard user/test/*/)))
user-names = $(patsubst user/$(1)/%.c,%,$(wildcard user/$(1)/*.c)) \
	$(foreach d,$(patsubst user/$(1)/%/,%,$(wildcard user/$(1)/*/)),$(if $(wildcard user/$(1)/$(d)/$(d).c),$(d)))
user-kind = $(firstword $(subst /, ,$(1)))

.PHONY: user
user:

$(user-obj)/%.c.o: user/%.c user/user.mk
	@mkdir -p $(@D)
	$(UCC) $(user-flags) -MMD -MP -c -o $@ $<

$(user-obj)/%.S.o: user/%.S user/user.mk
	@mkdir -p $(@D)
	$(UCC) $(user-flags) -c -o $@ $<

# The sentences that `trace` says.
$(O)/gen/trace_sentences.h: tools/mksentences tools/view/words.json
	@mkdir -p $(@D)
	@tools/mksentences event fault task object region framealloc evict line >$@.new && mv $@.new $@
$(user-obj)/bin/trace/say.c.o: $(O)/gen/trace_sentences.h
$(user-obj)/bin/trace/say.c.o: user-flags += -I $(O)/gen

# q, not r: files of user/lib and user/gc may have the same name.
$(O)/user/lib.a: $(user-lib-objects)
	@rm -f $@
	$(call say,AR,$@) $(UAR) qcs $@ $^

# The program $(2) of the folder $(1). crt0 comes out of the library because its _start is asked for.
# Tests go to /test; everything else is found along PATH, so it goes to /bin.
define user-program
user-programs += $(3)
$(O)/user/$(call user-kind,$(1))/$(2): $(call user-objects,user/$(1)/$(2).c user/$(1)/$(2)/*.c) $(O)/user/lib.a user/lib/user.ld
	@mkdir -p $$(@D)
	$$(call say,USER,user/$(1)/$(2)) $(UCC) -march=i686 $$(user-link) -Wl,-u,_start -o $$@ $$(filter %.o %.a,$$^)
$(3): $(O)/user/$(call user-kind,$(1))/$(2)
	@mkdir -p $$(@D)
	$(USTRIP) --strip-debug --keep-section=.debug_line -o $$@ $$<
endef
user-programs :=
# heapbench refers to the checker weakly, since other libraries have none.
$(O)/user/bench/heapbench: user-link += -Wl,-u,heap_check
$(foreach d,$(user-folders),$(foreach n,$(call user-names,$(d)),\
	$(eval $(call user-program,$(d),$(n),$(O)/root/$(if $(filter test,$(call user-kind,$(d))),test,bin)/$(n)))))
# On the disk of `make web CC=1` only.
user-web := $(O)/tinycc/root/bin/receive
$(eval $(call user-program,web,receive,$(user-web)))
user-programs := $(filter-out $(user-web),$(user-programs))
user: $(user-programs)

-include $(wildcard $(user-obj)/*/*.d $(user-obj)/*/*/*.d $(user-obj)/*/*/*/*.d)
