"""Wrong solutions of lab `mmap`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
DIRTY = "return f && !(f->flags & (FRAME_BUSY | FRAME_WRITEBACK)) && rmap_dirty(f);"
WRONG = [
    ("there is a page beyond the end", "mm/memobj_file.c", "\tif (index >= obj->npages)\n\t\treturn -ENXIO;\n\tif (*held", "\tif (*held",
     [15, 5, 5, 0, 5, 15, 10, 10, 5, 5, 10, 5]),
    ("a hole that is read gets a block", "mm/memobj_file.c", "\tif (write && memobj_file_is_hole(f))\n\t\treturn", "\tif (memobj_file_is_hole(f))\n\t\treturn",
     [15, 5, 5, 10, 0, 15, 10, 10, 5, 5, 10, 0]),
    ("all pages in memory are written", "mm/writeback.c", DIRTY, "return f && !(f->flags & (FRAME_BUSY | FRAME_WRITEBACK));",
     [15, 5, 5, 10, 5, 15, 0, 0, 0, 5, 10, 0]),
    ("stores through mappings are not looked for", "mm/writeback.c", DIRTY, DIRTY.replace("rmap_dirty(f)", "(f->flags & FRAME_DIRTY)"),
     [15, 5, 5, 10, 5, 0, 0, 0, 0, 0, 10, 5]),
    ("a page that is written stays writable", "mm/writeback.c", "\trmap_write_protect_all(f); /* so", "\t/* so",
     [15, 5, 5, 10, 5, 15, 10, 0, 5, 5, 10, 5]),
    ("what lies beyond the end is written", "mm/writeback.c", "\tmemobj_file_zero_tail(f);\n", "",
     [15, 5, 5, 10, 5, 15, 10, 10, 5, 0, 10, 5]),
    ("each page goes alone", "mm/writeback.c", "for (u32 i = 1; i < IO_MAX; i++) {", "for (u32 i = 1; i < 1; i++) {",
     [15, 5, 5, 10, 5, 15, 10, 10, 0, 5, 10, 5]),
]
