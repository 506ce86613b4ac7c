"""Wrong solutions of lab `wmap`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
LIB, CALLS = "user/lib/wmap.c", "kernel/sys_walk.c"
FLAGS = "flags | MAP_FIXED_NOREPLACE"
REFUSAL = """	if (arg[0] & PAGE_MASK)
		return -EINVAL;
	if (arg[0] > USER_END || arg[1] > USER_END - arg[0])
		return -ENOMEM;
"""
WRONG = [
    ("the flags are not looked at", LIB, "(flags & needed) != needed || (flags & ~allowed) || ", "", [0, 15, 10, 10, 5, 15, 5, 10, 10, 5, 5]),
    ("the mapping is private", LIB, FLAGS, "(flags & ~MAP_SHARED) | MAP_PRIVATE | MAP_FIXED_NOREPLACE", [10, 15, 10, 0, 5, 0, 5, 10, 10, 5, 5]),
    ("all pages are there at once", LIB, FLAGS, FLAGS + " | MAP_POPULATE", [10, 0, 0, 10, 5, 15, 5, 0, 10, 0, 5]),
    ("a mapping replaces what is there", LIB, FLAGS, "flags", [0, 15, 10, 10, 5, 15, 5, 10, 10, 5, 5]),
    ("nothing is written back", LIB, " || msync((void *)address, mappings[i].length, MS_SYNC) < 0", "", [10, 15, 10, 10, 5, 0, 5, 10, 10, 5, 5]),
    ("the kernel's half is walked too", CALLS, "arg[0] < USER_END ? pagetable_get(pt, arg[0]) : 0", "pagetable_get(pt, arg[0])",
     [10, 15, 10, 10, 5, 15, 5, 10, 10, 0, 0]),
    ("pages are counted, not entries", CALLS, "va = pagetable_next(pt, va, end)) < end", "va) < end", [10, 15, 10, 10, 5, 15, 5, 10, 0, 5, 0]),
    ("any range is walked", CALLS, REFUSAL, "", [10, 15, 10, 10, 5, 15, 5, 10, 10, 5, 0]),
    ("the last page is dropped if it is not whole", CALLS, "ALIGN_UP(arg[0] + arg[1], PAGE_SIZE)", "(arg[0] + arg[1]) & ~PAGE_MASK",
     [10, 15, 10, 10, 5, 15, 5, 10, 0, 5, 0]),
]
