"""Wrong solutions of lab `fault`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "mm/fault.c"
MAP_ZERO = "\trmap_map_zero(&f->as->pagetable, f->va, f->entry);\n"
ZERO_READ = "\tif (*f->entry)\n\t\taddrspace_leave(f->as, f->region, f->va, f->entry);\n" + MAP_ZERO
ZERO_FILL = "\tif (!new_private(f, NULL))\n\t\treturn -ENOMEM;\n"
WRONG = [
    ("a load makes a page, too", FILE, ZERO_READ, ZERO_FILL, [20, 20, 15, 0, 10, 5, 5, 10]),
    ("a private store reaches the file", FILE, "\tif (!new_private(f, source)) {",
     "\tfault_map(f, source, true);\n\tif (!source) {", [20, 20, 0, 15, 10, 5, 5, 10]),
    ("every page of a file is mapped writable", FILE, "fault_map(f, frame, may_store_unseen(f, frame));",
     "fault_map(f, frame, f->region->prot & REGION_WRITE);", [20, 0, 0, 15, 0, 0, 5, 10]),
    ("the copy has zeros", FILE, "new_private(f, source)", "new_private(f, NULL)", [20, 20, 0, 15, 10, 5, 5, 0]),
    ("the neighbours are forgotten", FILE,
     "\t\t\tfault_around(f->as, f->region, f->va);\n", "\t\t\t;\n", [20, 20, 15, 15, 10, 0, 5, 10]),
    ("without a frame the fault is refused", FILE, ZERO_FILL, ZERO_FILL.replace("ENOMEM", "EIO"),
     [20, 20, 15, 15, 10, 5, 5, 0]),
    ("the file is not told of the store", FILE,
     "\t\tmemobj_will_write(f->region->obj);\n", "", [20, 20, 15, 15, 0, 5, 5, 10]),
    ("the zero frame is writable", FILE, MAP_ZERO, "\tfault_map(f, rmap_zero_frame, true);\n", [20, 20, 15, 0, 10, 5, 5, 10]),
]
