# Loaded by `make gdb`, or by hand: gdb -ex 'set $port = 1234' -x tools/gdb/init.gdb build/shisho.elf
# (as a file given with -x, so that GDB's list of trusted folders does not matter).
set pagination off
set confirm off
set disassembly-flavor att
set print pretty on
set architecture i386
# The sources of this tree, also for a kernel that was built elsewhere.
directory .

# Commands for Shisho: help user-defined lists them.
source tools/gdb/shisho.py

attach_machine
