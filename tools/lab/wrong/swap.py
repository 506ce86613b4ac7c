"""Wrong solutions of lab `swap`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
OUT, IN = "mm/anon_swap_out.c", "mm/anon_swap_in.c"
WRONG = [
    ("each page has a request of its own", OUT, "take_slots(frames + started, n - started, &io->page)",
     "take_slots(frames + started, 1, &io->page)", [0, 15, 20, 10, 10, 10, 5, 5, 5]),
    ("the frame is kept when it has been written", OUT, "\tif (f->pins) {", "\tif (f->anon) {", [20, 0, 0, 10, 0, 10, 5, 5, 0]),
    ("a page that comes back gives its slot back", IN, "\tif (slot_scarce()) {", "\tif (slot) {", [20, 15, 20, 0, 0, 10, 5, 5, 0]),
    ("a page that comes back always keeps its slot", IN, "\tif (slot_scarce()) {", "\tif (!slot) {", [20, 15, 20, 10, 10, 10, 5, 5, 0]),
    ("the fault does not wait", IN, "\tanon_wait(a->frame, held);\n\treturn -EAGAIN;\n", "\treturn 0;\n", [20, 15, 0, 0, 0, 0, 0, 0, 0]),
    ("nothing is written", OUT, "\tfree_stale_slots(frames, n);\n", "\treturn 0;\n", [0] * 9),
    ("a frame that is being written is not busy", OUT, "\tf->flags |= FRAME_BUSY;\n", "", [20, 15, 20, 10, 10, 0, 0, 0, 5]),
    ("nothing is read ahead", IN, "error = anon_start_read(a, ahead);", "error = anon_start_read(a, false);", [20, 15, 0, 10, 10, 10, 5, 5, 5]),
]
