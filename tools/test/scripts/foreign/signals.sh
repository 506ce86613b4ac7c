# A C library's handlers, masks and stacks, and a shell's traps.
./signals-musl
./busybox sh traps
