# How the files are made; called by the Makefile with O (where to build) and SWAP (size of the swap image).
#
# The kernel is linked twice: first without symbols, then with the table of its own functions (tools/mksyms), which lies
# after all code, so that no function moves between the two links.

.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

include $(O)/config.mk
-include lab.mk

ifeq ($(V),)
.SILENT:
say = @printf '  %-7s %s\n' $(1) $(2);
else
say =
endif

warnings := -Wall -Wextra $(if $(CI),-Werror)
# The first three arguments of a function are in EAX, EDX and ECX: shorter than on the stack. What assembly calls, or what calls
# assembly, does the same.
kernel_flags := -std=gnu11 -O2 -g -march=i686 -mtune=generic -mregparm=3 -ffreestanding -fno-omit-frame-pointer -I. -I$(O)/gen \
	$(CC_FLAGS) $(warnings) \
	$(KERNEL_FLAGS)

.PHONY: all images iso kernel core
images: kernel $(O)/root.img $(O)/swap.img $(O)/boot.img
iso: $(O)/shisho.iso
all: images iso
kernel: $(O)/shisho.elf
core: $(O)/core.elf

# ---- the kernel

# In the order of tools/check-layers, lowest first.
folders := boot kernel/base mm drivers drivers/virtio kernel/cpu kernel/task kernel/signal kernel/fs kernel/ipc kernel/ipc/sysv \
	kernel/fs/ext2 kernel/fs/tty kernel/pressure kernel/lifecycle kernel/fs/proc kernel/compat kernel/selftest kernel
sources := $(foreach f,$(folders),$(wildcard $(f)/*.c $(f)/*.S))
objects := $(addprefix $(O)/obj/,$(addsuffix .o,$(sources)))
-include $(objects:.o=.d)

$(O)/obj/%.c.o: %.c $(O)/config.mk tools/build.mk
	@mkdir -p $(@D)
	$(call say,CC,$<) $(CC) $(kernel_flags) -MMD -MP -c -o $@ $<

$(O)/obj/%.S.o: %.S $(O)/config.mk tools/build.mk
	@mkdir -p $(@D)
	$(call say,AS,$<) $(CC) $(kernel_flags) -MMD -MP -c -o $@ $<

# The emitters of trace events. The order-only rule is for the first build, which has no dependency files yet.
$(O)/gen/trace_events.h: tools/trace.schema tools/mktrace tools/trace/schema.py
	@mkdir -p $(@D)
	@tools/mktrace header >$@.new && mv $@.new $@
$(objects): | $(O)/gen/trace_events.h

# The list of objects is a prerequisite, so that the kernel is linked again when a source is removed.
$(O)/objects.list: force
	@mkdir -p $(@D)
	@echo '$(objects)' | cmp -s - $@ || echo '$(objects)' >$@
.PHONY: force

$(O)/symbols-empty.S: tools/mksyms
	@mkdir -p $(@D)
	@tools/mksyms </dev/null >$@
$(O)/symbols.S: $(O)/unnamed.elf tools/mksyms
	@$(NM) $< | tools/mksyms >$@
$(O)/symbols%.o: $(O)/symbols%.S
	@$(CC) $(kernel_flags) -c -o $@ $<
$(O)/symbols.o: $(O)/symbols.S
	@$(CC) $(kernel_flags) -c -o $@ $<

link = $(LD) $(LD_FLAGS) $(KERNEL_LD_FLAGS) -T linker.ld -o $(1) $(objects) $(2)

$(O)/unnamed.elf: $(objects) $(O)/symbols-empty.o linker.ld $(O)/objects.list
	@$(call link,$@,$(O)/symbols-empty.o)

$(O)/shisho.elf: $(O)/unnamed.elf $(O)/symbols.o
	$(call say,LD,$@) $(call link,$@.new,$(O)/symbols.o)
	@$(NM) $@.new | sort >$(O)/shisho.sym
	@$(NM) $(O)/unnamed.elf >$(O)/unnamed.sym
	@tools/mksyms --check $(O)/unnamed.sym $(O)/shisho.sym
	@$(OBJDUMP) -d --no-show-raw-insn $@.new >$(O)/shisho.asm
	@mv $@.new $@

# The kernel without what only foreign programs ask for, without System V's communication and without one kind of disk: these
# folders are furniture. That nothing else needs them is a test.
furniture := kernel/compat kernel/ipc/sysv drivers/virtio
$(O)/core.elf: $(O)/unnamed.elf
	$(call say,LD,$@) $(LD) $(LD_FLAGS) $(KERNEL_LD_FLAGS) -T linker.ld -o $@ \
		$(filter-out $(foreach f,$(furniture),$(O)/obj/$(f)/%),$(objects)) $(O)/symbols-empty.o

# ---- programs: user/user.mk says how; $(user-programs) lists what it puts below $(O)/root

-include user/user.mk
.DEFAULT_GOAL := all
$(user-programs) $(user-lib-objects): $(O)/config.mk

# ---- disk images: a folder becomes an ext2 file system. Fixed identifiers, so that equal trees give equal images.

ext2 := mke2fs -q -t ext2 -b 4096 -m 0 -O none,filetype,sparse_super,large_file \
	-U 53686973-686f-4000-8000-000000000001 -E hash_seed=53686973-686f-4000-8000-000000000002,root_owner=0:0
root_folders := $(addprefix $(O)/root/,bin test data dev proc etc tmp)
data := $(O)/root/data/words.txt $(O)/root/data/text.txt

# words.txt and text.txt are made by one run.
$(O)/root/data/words.txt: tools/mkwords tools/words/text.txt
	@mkdir -p $(@D)
	$(call say,WORDS,$@) tools/mkwords tools/words/text.txt $(O)/root/data
$(O)/root/data/text.txt: $(O)/root/data/words.txt
	@touch $@

# Files that a user has added to the folder are included too.
$(O)/root.img: $(user-programs) $(data) tools/build.mk $(wildcard $(O)/root/* $(O)/root/*/*)
	@mkdir -p $(root_folders)
	@rm -f $@.new && truncate -s 64M $@.new
	$(call say,EXT2,$@) $(ext2) -L shisho-root -d $(O)/root $@.new
	@mv $@.new $@

# The root on the ISO has no /data, since all of it is copied into memory.
$(O)/boot.img: $(user-programs) tools/build.mk tools/mksmallroot
	$(call say,EXT2,$@) tools/mksmallroot $(O)/root $(O)/isoroot $@.new '$(USTRIP)' $(ext2) -L shisho-boot
	@mv $@.new $@

# The root of `make web CC=1`: the small one, a C compiler, and room for programs.
$(O)/tinycc/done: tools/view/tinycc $(O)/user/lib.a $(wildcard user/lib/include/*.h user/lib/include/*/*.h) $(O)/config.mk
	$(call say,TINYCC,$@) tools/view/tinycc --out $(O)
	@touch $@
$(O)/c.img: $(O)/boot.img $(O)/tinycc/done $(user-web)
	$(call say,EXT2,$@) ROOM=2048 tools/mksmallroot '$(O)/root $(O)/tinycc/root' $(O)/tinycc/copy $@.new '$(USTRIP)' $(ext2) -L shisho-c
	@mv $@.new $@

swap_size := $(if $(filter off,$(SWAP)),64M,$(SWAP))
$(O)/swap.size: force
	@mkdir -p $(@D)
	@echo $(swap_size) | cmp -s - $@ || echo $(swap_size) >$@

$(O)/swap.img: $(O)/swap.size
	@rm -f $@.new
	@truncate -s $(swap_size) $@.new
	$(call say,SWAP,$@) mkswap -q -L shisho-swap -U 53686973-686f-4000-8000-000000000003 $@.new
	@mv $@.new $@

# ---- the ISO: GRUB with the few modules that it needs; some distributions have grub2 in its programs' names

mkrescue = $(firstword $(notdir $(shell command -v grub-mkrescue || command -v grub2-mkrescue)) grub-mkrescue)

$(O)/shisho.iso: $(O)/shisho.elf $(O)/boot.img boot/grub.cfg
	@rm -rf $(O)/iso && mkdir -p $(O)/iso/boot/grub
	@cp $(O)/shisho.elf $(O)/iso/boot/shisho.elf
	@cp $(O)/boot.img $(O)/iso/boot/root.img
	@cp boot/grub.cfg $(O)/iso/boot/grub/grub.cfg
	$(call say,ISO,$@) $(mkrescue) -o $@.new $(O)/iso --fonts= --themes= --locales= \
		--install-modules="multiboot normal part_msdos iso9660 biosdisk serial terminal" \
		>$(O)/iso.log 2>&1 || { cat $(O)/iso.log; exit 1; }
	@mv $@.new $@
