"""Wrong solutions of lab `walk`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
WRONG = [
    ("a new table is not cleared", "mm/pagetable.c", "\tframe_zero(table);\n", "", [20, 10, 10, 15, 15, 10, 0, 0]),
    ("the TLB keeps the entry", "mm/pagetable.h", "\tpagetable_flush_entry(pt, va);\n\t/* end", "\t/* end",
     [20, 10, 10, 0, 15, 10, 10, 10]),
    ("a search goes a whole table on from the end of one", "mm/pagetable.c", "\t\tva = border;\n", "\t\tva += LARGE_PAGE_SIZE;\n",
     [20, 10, 10, 15, 0, 0, 0, 0]),
    ("a search ends where there is no table", "mm/pagetable.c", "for (; entry && va < MIN", "if (!entry)\n\t\t\treturn end;\n\t\tfor (; va < MIN",
     [20, 10, 10, 15, 0, 0, 0, 0]),
    ("a table goes without its records", "mm/pagetable.c", "free_parts(table, 0);", "frame_free(table);", [20, 10, 10, 15, 15, 0, 0, 0]),
    ("half a table is left when memory runs out", "mm/pagetable.c", "\t\t\tfree_parts(table, part + 1);\n", "",
     [20, 10, 10, 15, 15, 10, 10, 0]),
]
