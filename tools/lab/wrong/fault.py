"""Wrong solutions of lab `fault`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "mm/fault.c"
MAP_ZERO = "\trmap_map_zero(&f->as->pagetable, f->va, f->entry);\n"
ZERO_READ = "\tif (*f->entry)\n\t\taddrspace_leave(f->as, f->region, f->va, f->entry);\n" + MAP_ZERO
ZERO_FILL = "\tif (!new_private(f, NULL))\n\t\treturn -ENOMEM;\n"
GET = "\tint error = get_from_object(f, f->write, &frame);\n"
PROMOTE = "\tif (!new_private(f, source)) {\n\t\tframe_hold(source, &f->held);\n\t\treturn -ENOMEM;\n\t}\n"
COUNTED = "VMTRACE_DECIDED(VMTRACE_FAULT_ROW_PROMOTE), &vmstat.promote"
GET_SOURCE = "\tint error = get_from_object(f, false, &source);\n"
WRONG = [
    ("a load makes a page, too", FILE, ZERO_READ, ZERO_FILL, [10, 15, 15, 0, 10, 5, 5, 5, 5, 0, 5, 5, 5]),
    ("a private store reaches the file", FILE, "\tif (!new_private(f, source)) {",
     "\tfault_map(f, source, true);\n\tif (!source) {", [10, 15, 0, 10, 10, 5, 5, 5, 0, 0, 5, 5, 5]),
    ("every page of a file is mapped writable", FILE, "fault_map(f, frame, may_store_unseen(f, frame));",
     "fault_map(f, frame, f->region->prot & REGION_WRITE);", [10, 0, 0, 10, 0, 0, 5, 0, 5, 5, 5, 5, 5]),
    ("the copy has zeros", FILE, "new_private(f, source)", "new_private(f, NULL)", [10, 15, 0, 10, 10, 5, 5, 5, 5, 5, 0, 0, 0]),
    ("the neighbours are forgotten", FILE,
     "\t\t\tfault_around(f->as, f->region, f->va);\n", "\t\t\t;\n", [10, 15, 15, 10, 10, 0, 5, 5, 5, 5, 5, 5, 5]),
    ("without a frame the fault is refused", FILE, ZERO_FILL, ZERO_FILL.replace("ENOMEM", "EIO"),
     [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 0, 0, 5]),
    ("the file is not told of the store", FILE,
     "\t\tmemobj_will_write(f->region->obj);\n", "", [10, 15, 15, 10, 0, 5, 5, 5, 5, 5, 5, 5, 5]),
    ("the zero frame is writable", FILE, MAP_ZERO, "\tfault_map(f, rmap_zero_frame, true);\n",
     [10, 15, 15, 0, 10, 5, 5, 5, 5, 0, 5, 5, 5]),
    ("a failed fault counts as resolved", FILE, ZERO_FILL, "\tnew_private(f, NULL);\n", [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("a failed copy counts as resolved", FILE, PROMOTE, "\tnew_private(f, source);\n", [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("a fault without a frame does not wait for one", FILE, ZERO_FILL, ZERO_FILL.replace("ENOMEM", "EAGAIN"),
     [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("an access beyond the end is tried again for ever", FILE, GET + "\n\tif (error)\n\t\treturn error;",
     GET + "\n\tif (error)\n\t\treturn -ENOMEM;", [10, 15, 15, 10, 10, 5, 5, 5, 0, 0, 5, 5, 0]),
    ("a page is stored to that was asked for to be read", FILE, GET, GET.replace("f->write", "false"),
     [10, 15, 15, 10, 10, 5, 5, 0, 0, 0, 5, 5, 5]),
    ("a page is read that was asked for to be stored to", FILE, GET, GET.replace("f->write", "true"),
     [10, 15, 15, 10, 10, 5, 5, 0, 5, 5, 5, 5, 5]),
    ("the source of a copy is asked for to be stored to", FILE, "get_from_object(f, false, &source)",
     "get_from_object(f, true, &source)", [10, 15, 15, 10, 10, 5, 5, 0, 5, 5, 5, 5, 5]),
    ("a store maps the neighbours, too", FILE, "\t\tfault_map(f, frame, true);\n",
     "\t\tfault_map(f, frame, true);\n\t\tif (frame->state == FRAME_FILE)\n\t\t\tfault_around(f->as, f->region, f->va);\n",
     [10, 15, 15, 10, 10, 0, 5, 5, 5, 5, 5, 5, 5]),
    ("what the entry has stays there", FILE, ZERO_READ, MAP_ZERO, [10, 15, 15, 10, 10, 5, 5, 5, 5, 0, 5, 5, 5]),
    ("a copy is counted as a page of zeros", FILE, COUNTED, COUNTED.replace("PROMOTE", "ZERO_FILL").replace("promote", "zero_fill"),
     [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 0, 5, 5]),
    ("a row that has waited goes on where it was", FILE, GET,
     GET + "\n\twhile (error == -EAGAIN)\n\t\terror = get_from_object(f, f->write, &frame);\n", [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 5, 5, 0]),
    ("a copy that has waited goes on where it was", FILE, GET_SOURCE,
     GET_SOURCE + "\n\twhile (error == -EAGAIN)\n\t\terror = get_from_object(f, false, &source);\n", [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 5, 5, 0]),
    ("a fault that has waited counts as resolved", FILE, GET, GET + "\n\tif (error == -EAGAIN)\n\t\treturn 0;\n",
     [10, 15, 15, 10, 10, 5, 5, 5, 5, 5, 5, 5, 0]),
]
