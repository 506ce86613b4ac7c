"""Wrong solutions of lab `frame`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "mm/frame_buddy.c"
SMALLEST = """while (have <= FRAME_MAX_ORDER && list_empty(&free_lists[have]))
		have++;
	if (have > FRAME_MAX_ORDER)
"""
LARGEST = """for (have = FRAME_MAX_ORDER; have > order && list_empty(&free_lists[have]);)
		have--;
	if (list_empty(&free_lists[have]))
"""
WRONG = [
    ("blocks are never joined", FILE, "if (buddy >= frame_table_length || !is_free_block(other, order))\n", "if (true)\n",
     [15, 10, 0, 15, 10, 0, 0, 5]),
    ("a buddy of another size is joined", FILE, "!is_free_block(other, order)", "other->state != FRAME_FREE", [15, 10, 10, 15, 10, 0, 0, 5]),
    ("a joined block begins with its second half", FILE, "f = MIN(f, other);", "f = MAX(f, other);", [15, 10, 0, 0, 0, 0, 0, 0]),
    ("the largest block is split", FILE, SMALLEST, LARGEST, [15, 0, 10, 15, 10, 0, 15, 5]),
    ("the rest of a block that is split has no order", FILE, "\t\tupper->order = have;\n", "", [0, 0, 0, 0, 10, 0, 0, 0]),
    ("single frames are not joined for a large block", FILE, "if (!f && !list_empty(&frame_buddy_loose)) {", "if (false) {",
     [15, 10, 10, 15, 10, 0, 15, 5]),
    ("a buddy may lie behind the last frame", FILE, "buddy >= frame_table_length || ", "", [15, 10, 10, 15, 10, 20, 15, 0]),
    ("two blocks of the largest size are joined", FILE, "for (; order < FRAME_MAX_ORDER; order++) {", "for (; order <= FRAME_MAX_ORDER; order++) {",
     [15, 10, 10, 15, 10, 20, 15, 0]),
    ("loose frames are left alone", FILE, "\tif (order == 0 && !list_empty(&frame_buddy_loose)) {", "\tif (false) {", [15, 10, 10, 15, 10, 20, 15, 0]),
]
