"""Wrong solutions of lab `leak`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FENCE, LEAKS = "user/lib/heap_fence.c", "user/lib/heap_leaks.c"
PROTECT = "\tmprotect((void *)r->base, r->bytes, PROT_NONE);\n"
FORGET = "\tmadvise((void *)r->base, r->bytes, MADV_DONTNEED);\n"
AT_ONCE = """\tfor (uint32_t at = r->start; at + 4 <= r->start + r->size; at += 4)
\t\treach(*(const uint32_t *)at);
"""
WRONG = [
    ("a block begins where its pages begin", FENCE, "fence_before || more ? r->low : r->high - round_up(r->size, alignment)",
     "r->low",
     [0, 0, 0, 5, 5, 5, 5, 0, 5, 0, 10, 5, 5, 5, 5]),
    ("nothing is inaccessible", FENCE, "r->bytes, PROT_NONE, MAP", "r->bytes, PROT_READ | PROT_WRITE, MAP",
     [10, 0, 10, 5, 0, 0, 0, 0, 5, 0, 10, 5, 5, 5, 5]),
    ("the page is behind the block, always", FENCE, "guard = fence_before ? PAGE_SIZE : 0", "guard = 0",
     [10, 10, 10, 5, 5, 0, 0, 5, 5, 10, 10, 5, 5, 5, 5]),
    ("frames are freed, but come back", FENCE, PROTECT, "", [10, 10, 0, 5, 5, 5, 5, 0, 5, 0, 10, 5, 5, 5, 5]),
    ("freed blocks keep their frames", FENCE, FORGET, "", [10, 10, 10, 5, 5, 5, 5, 5, 5, 0, 10, 5, 5, 5, 5]),
    ("freed blocks lose their addresses", FENCE, FORGET + PROTECT, "\tmunmap((void *)r->base, r->bytes);\n",
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 0, 10, 5, 5, 5, 5]),
    ("freed blocks lose the addresses of their pages", FENCE, FORGET + PROTECT, "\tmunmap((void *)r->low, r->high - r->low);\n",
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 0, 10, 5, 5, 5, 5]),
    ("the inaccessible page is not in the record", FENCE, "\tin_use += inner;\n",
     "\tin_use += inner;\n\tr->base = r->low;\n\tr->bytes = inner;\n", [10, 10, 10, 5, 5, 5, 5, 0, 5, 10, 10, 5, 5, 5, 5]),
    ("a block is aligned to eight bytes or to pages", FENCE, "round_up(r->size, alignment)", "round_up(r->size, 8)",
     [10, 10, 10, 5, 0, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5]),
    ("blocks are not scanned", LEAKS, "\t\tscan(r->start, r->start + r->size);\n", "",
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 10, 10, 0, 5, 0, 0]),
    ("only the first byte's address counts, and a block of no bytes has none", LEAKS, "address - r->start >= (r->size ? r->size : 1)",
     "address != r->start || !r->size", [10, 10, 10, 5, 5, 5, 5, 5, 5, 10, 0, 0, 0, 5, 0]),
    ("what was reached is scanned again", LEAKS, "!r || r->is_reached ||", "!r ||",
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 10, 10, 0, 0, 0, 0]),
    ("what is in use is not counted", FENCE, "\tin_use += inner;\n", "", [10, 10, 10, 0, 0, 5, 5, 5, 0, 0, 10, 5, 5, 5, 5]),
    ("freed bytes stay in use", FENCE, "\tin_use -= r->high - r->low;\n", "", [10, 10, 10, 0, 5, 5, 5, 5, 5, 0, 10, 5, 5, 5, 5]),
    ("what was reserved stays so when the second call fails", FENCE, "\t\tmunmap(base, r->bytes);\n\t\treturn false;", "\t\treturn false;",
     [10, 10, 10, 5, 5, 5, 5, 5, 0, 10, 10, 5, 5, 5, 5]),
    ("the search calls itself", LEAKS, "\tr->link = found;\n\tfound = r;\n", AT_ONCE,
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 10, 10, 5, 5, 0, 0]),
    ("a search of the first two words of a block", LEAKS, "scan(r->start, r->start + r->size)",
     "scan(r->start, r->start + (r->size < 8 ? r->size : 8))",
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 10, 10, 0, 5, 5, 0]),
    ("the whole mapping is searched", LEAKS, "scan(r->start, r->start + r->size)", "scan(r->base, r->base + r->bytes)",
     [10, 10, 10, 5, 5, 5, 5, 5, 5, 10, 10, 5, 5, 5, 0]),
    ("what got no pages is counted", FENCE, "\t\tmunmap(base, r->bytes);\n", "\t\tmunmap(base, r->bytes);\n\t\tin_use += inner;\n",
     [10, 10, 10, 5, 5, 5, 5, 5, 0, 10, 10, 5, 5, 5, 5]),
    ("aligned first, then the page before", FENCE, "more ? round_up(r->base + guard, alignment) : r->base + guard",
     "(more ? round_up(r->base, alignment) : r->base) + guard",
     [10, 10, 10, 5, 5, 5, 0, 5, 5, 10, 10, 5, 5, 5, 5]),
]
