"""Wrong solutions of lab `mmap`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
DIRTY = "return f && !(f->flags & (FRAME_BUSY | FRAME_WRITEBACK)) && rmap_dirty(f);"
BRING_IN = """\t\tf = pagemap_find(&obj->pages, index);
\t}
"""
WAIT = "\tif (f->flags & FRAME_BUSY)\n\t\treturn memobj_hold_and_wait(f, held);\n"
ONLY_READER = """\t\tf = pagemap_find(&obj->pages, index);
\t\tif (f->flags & FRAME_BUSY) {
\t\t\tframe_hold(f, held);
\t\t\twhile (f->flags & FRAME_BUSY) /* the end of another page's I/O wakes it, too */
\t\t\t\tframe_wait(f);
\t\t\treturn -EAGAIN;
\t\t}
\t}
"""
RENEWED = """\t\tif ((f->flags & FRAME_WRITEBACK) && rmap_dirty(f)) {
\t\t\tframe_wait(f); /* an older state of it is on its way */
\t\t} else if (!may_start(f)) {
"""
WRONG = [
    ("there is a page beyond the end", "mm/memobj_file.c", "\tif (index >= obj->npages)\n\t\treturn -ENXIO;\n\tif (*held", "\tif (*held",
     [10, 5, 5, 0, 5, 10, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("a hole that is read gets a block", "mm/memobj_file.c", "\tif (write && memobj_file_is_hole(f))\n\t\treturn", "\tif (memobj_file_is_hole(f))\n\t\treturn",
     [10, 5, 5, 5, 0, 10, 10, 5, 5, 5, 5, 0, 5, 5, 5, 5, 5]),
    ("all pages in memory are written", "mm/writeback.c", DIRTY, "return f && !(f->flags & (FRAME_BUSY | FRAME_WRITEBACK));",
     [10, 5, 5, 5, 5, 10, 0, 0, 0, 5, 5, 0, 5, 5, 5, 0, 5]),
    ("stores through mappings are not looked for", "mm/writeback.c", DIRTY, DIRTY.replace("rmap_dirty(f)", "(f->flags & FRAME_DIRTY)"),
     [10, 5, 5, 5, 5, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 0, 0]),
    ("a page that is written stays writable", "mm/writeback.c", "\trmap_write_protect_all(f); /* so", "\t/* so",
     [10, 5, 5, 5, 5, 10, 10, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("what lies beyond the end is written", "mm/writeback.c", "\tmemobj_file_zero_tail(f);\n", "",
     [10, 5, 5, 5, 5, 10, 10, 5, 5, 0, 5, 5, 5, 5, 5, 5, 5]),
    ("each page goes alone", "mm/writeback.c", "for (u32 i = 1; i < IO_MAX; i++) {", "for (u32 i = 1; i < 1; i++) {",
     [10, 5, 5, 5, 5, 10, 10, 5, 0, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("only the task that has begun to read waits", "mm/memobj_file.c", BRING_IN + WAIT, ONLY_READER,
     [10, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5, 5, 0, 0, 0, 0, 0]),
    ("the page that is waited for is not held", "mm/memobj_file.c", WAIT,
     "\tif (f->flags & FRAME_BUSY) {\n\t\tframe_wait(f);\n\t\treturn -EAGAIN;\n\t}\n", [10, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5, 5, 5, 0, 0, 5, 5]),
    ("a page that could not be read is tried again", "mm/memobj_file.c", "\tif (*held && ((*held)->flags & FRAME_FAILED))\n\t\treturn -EIO;\n", "",
     [10, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5]),
    ("a page is written twice at the same time", "mm/writeback.c", DIRTY, DIRTY.replace("(FRAME_BUSY | FRAME_WRITEBACK)", "FRAME_BUSY"),
     [10, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5]),
    ("an older state that is being written counts as the newest", "mm/writeback.c", RENEWED, "\t\tif (!may_start(f)) {\n",
     [10, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5, 5, 5, 5, 5, 0, 5]),
    ("a page for which there is no request is passed over", "mm/writeback.c", "\t\t\tio_wait();\n", "\t\t\tindex++;\n",
     [10, 5, 5, 5, 5, 10, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0]),
]
