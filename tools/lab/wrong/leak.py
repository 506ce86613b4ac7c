"""Wrong solutions of lab `leak`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FENCE, LEAKS = "user/lib/heap_fence.c", "user/lib/heap_leaks.c"
PROTECT = "\tmprotect((void *)r->base, r->bytes, PROT_NONE);\n"
FORGET = "\tmadvise((void *)r->base, r->bytes, MADV_DONTNEED);\n"
WRONG = [
    ("a block begins where its pages begin", FENCE, "fence_before || more ? r->low : r->high - round_up(r->size, alignment)", "r->low", [0, 0, 0, 5, 10, 0, 0, 10, 10, 10]),
    ("nothing is inaccessible", FENCE, "r->bytes, PROT_NONE, MAP", "r->bytes, PROT_READ | PROT_WRITE, MAP", [15, 0, 15, 0, 0, 0, 0, 10, 10, 10]),
    ("the page is behind the block, always", FENCE, "guard = fence_before ? PAGE_SIZE : 0", "guard = 0", [15, 10, 15, 5, 0, 5, 10, 10, 10, 10]),
    ("frames are freed, but come back", FENCE, PROTECT, "", [15, 10, 0, 5, 10, 0, 0, 10, 10, 10]),
    ("freed blocks keep their frames", FENCE, FORGET, "", [15, 10, 15, 5, 10, 5, 0, 10, 10, 10]),
    ("freed blocks lose their addresses", FENCE, FORGET + PROTECT, "\tmunmap((void *)r->base, r->bytes);\n", [15, 10, 15, 5, 10, 5, 0, 10, 10, 10]),
    ("freed blocks lose the addresses of their pages", FENCE, FORGET + PROTECT, "\tmunmap((void *)r->low, r->high - r->low);\n",
     [15, 10, 15, 5, 10, 5, 0, 10, 10, 10]),
    ("the inaccessible page is not in the record", FENCE, "\tin_use += inner;\n", "\tin_use += inner;\n\tr->base = r->low;\n\tr->bytes = inner;\n",
     [15, 10, 15, 5, 10, 0, 10, 10, 10, 10]),
    ("a block is aligned to eight bytes or to pages", FENCE, "round_up(r->size, alignment)", "round_up(r->size, 8)",
     [15, 10, 15, 0, 10, 5, 10, 10, 10, 10]),
    ("blocks are not scanned", LEAKS, "\t\tscan(r->start, r->start + r->size);\n", "", [15, 10, 15, 5, 10, 5, 10, 10, 0, 10]),
    ("only the first byte's address counts, and a block of no bytes has none", LEAKS, "address - r->start >= (r->size ? r->size : 1)",
     "address != r->start || !r->size", [15, 10, 15, 5, 10, 5, 10, 0, 0, 0]),
    ("what was reached is scanned again", LEAKS, "!r || r->is_reached ||", "!r ||", [15, 10, 15, 5, 10, 5, 10, 10, 0, 0]),
]
