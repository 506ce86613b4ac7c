"""Wrong solutions of lab `gc`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "user/gc/first.c"
LIST = """	while (grey) {
		struct object *o = pop();

		mark_words((uint32_t)o->bytes, (uint32_t)o->bytes + o->size);
	}
"""
PASSES = """	for (uint32_t before = ~0u; before != gc_counts.stats.live;) {
		before = gc_counts.stats.live;
		for (uint32_t i = count; i-- > 0;)
			if (objects[i]->is_marked && !objects[i]->is_atomic)
				mark_words((uint32_t)objects[i]->bytes, (uint32_t)objects[i]->bytes + objects[i]->size);
	}
"""
WRONG = [
    ("only what static variables point to is marked", FILE, LIST, "\tgrey = NULL;\n", [20, 0, 0, 0, 10, 0, 10]),
    ("only the first byte's address counts", FILE,
     "from == 0 || address - (uint32_t)objects[from - 1]->bytes >= objects[from - 1]->size",
     "from == 0 || address != (uint32_t)objects[from - 1]->bytes", [20, 20, 15, 0, 10, 15, 10]),
    ("the address behind an object counts", FILE, "->bytes >= objects[from - 1]->size)", "->bytes > objects[from - 1]->size)", [20, 20, 15, 10, 0, 15, 10]),
    ("objects without pointers are scanned too", FILE, "\tif (!o->is_atomic)\n\t\tpush(o);", "\tpush(o);", [20, 20, 15, 10, 0, 15, 10]),
    ("it calls itself for each object", FILE, "\tif (!o->is_atomic)\n\t\tpush(o);",
     "\tif (!o->is_atomic)\n\t\tfor (uint32_t i = 0; i + 4 <= o->size; i += 4)\n\t\t\tmark((const uint32_t *)(o->bytes + i));", [20, 20, 15, 10, 10, 0, 10]),
    ("what is marked is marked again", FILE, "\tif (!o || o->is_marked)", "\tif (!o)", [20, 0, 0, 0, 0, 0, 0]),
    ("what is live is not counted", FILE, "\tcount_live(o, word);\n", "", [20, 0, 15, 10, 10, 15, 10]),
    ("there is no list: all objects are gone through until nothing is new", FILE, LIST, PASSES, [20, 20, 15, 10, 10, 0, 0]),
    ("nothing is freed", FILE, "\t\t\tdrop(objects[i]);", "\t\t\tobjects[kept++] = objects[i];", [0] * 7),
]
