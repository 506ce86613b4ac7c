# user.mk - programs, their library and their tests.
#
# Included by the top Makefile, which sets UCC (the compiler with what makes it produce i386 code)
# and O (where to build); `make -f user/user.mk` alone builds with the host's gcc -m32. The same
# files run on Linux, which `make reference` asks what they print.
#
#	$(O)/user/lib.a			the library
#	$(O)/user/{bin,test,demo}/	programs with symbols
#	$(O)/root/bin/NAME		tools and demos, stripped
#	$(O)/root/test/NAME		test programs, stripped
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
	$(UCFLAGS)
# A call of free at the end of a function must still tell whose it is; within the library that is not needed. What no chain of
# calls to malloc leads through needs no frames.
$(O)/user/lib/%.o: user-flags += -foptimize-sibling-calls
$(O)/user/lib/heap.c.o: user-flags += -momit-leaf-frame-pointer
$(patsubst %,$(O)/user/lib/%.c.o,heap_best heap_block heap_slab heap_map malloc_first gc_best gc_mark): user-flags += -fomit-frame-pointer
user-link := -nostdlib -static -Wl,-T,user/lib/user.ld -Wl,-z,max-page-size=4096 \
	-Wl,-z,noexecstack -Wl,--build-id=none -Wl,--gc-sections $(ULDFLAGS)

user-lib-objects := $(patsubst user/lib/%,$(O)/user/lib/%.o,$(wildcard user/lib/*.c user/lib/*.S))
user-folders := bin test bench $(if $(wildcard user/demo/*.c),demo)
user-stems = $(patsubst user/$(1)/%.c,%,$(wildcard user/$(1)/*.c))
user-names = $(foreach s,$(call user-stems,$(1)),$(if $(findstring _,$(s)),,$(s)))

# Tests go to /test; everything else is found along PATH, so it goes to /bin.
user-root = $(if $(filter test,$(1)),test,bin)
user-programs := $(foreach d,$(user-folders),$(addprefix $(O)/root/$(call user-root,$(d))/,\
	$(call user-names,$(d))))

.PHONY: user
user: $(user-programs)

$(O)/user/%.c.o: user/%.c user/user.mk
	@mkdir -p $(@D)
	$(UCC) $(user-flags) -MMD -MP -c -o $@ $<

$(O)/user/%.S.o: user/%.S user/user.mk
	@mkdir -p $(@D)
	$(UCC) $(user-flags) -c -o $@ $<

$(O)/user/lib.a: $(user-lib-objects)
	@rm -f $@
	$(UAR) rcs $@ $^

# sort.c, and sort_*.c with it, make the program sort. crt0 comes out of the library because its
# _start is asked for.
.SECONDEXPANSION:
$(O)/user/%: $(O)/user/%.c.o $$(addprefix $(O)/,$$(addsuffix .o,$$(wildcard user/$$*_*.c))) \
		$(O)/user/lib.a user/lib/user.ld
	$(UCC) -march=i686 $(user-link) -Wl,-u,_start -o $@ $(filter %.o %.a,$^)

# Named one by one: what else lies in these folders, or was made of a file that is gone, is nobody's to make.
define user-strip
$(addprefix $(O)/root/$(call user-root,$(1))/,$(call user-names,$(1))): $(O)/root/$(call user-root,$(1))/%: $(O)/user/$(1)/%
	@mkdir -p $$(@D)
	$(USTRIP) --strip-debug --keep-section=.debug_line -o $$@ $$<
endef
$(foreach d,$(user-folders),$(eval $(call user-strip,$(d))))

.PRECIOUS: $(O)/user/%.c.o $(O)/user/%.S.o $(O)/user/%

-include $(wildcard $(O)/user/*/*.d)
