"""Wrong solutions of lab `malloc`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "user/lib/malloc_first.c"
BEFORE = """	if (!(b->head & PREV_USED)) {
		take(before(b));
		before(b)->head += size_of(b);
		b = before(b);
	}
"""
BEHIND = """	if (!(after(b)->head & USED)) {
		take(after(b));
		b->head += size_of(after(b));
	}
"""
IN_PLACE = """	if (size_of(b) < need && !(after(b)->head & USED) && size_of(b) + size_of(after(b)) >= need) {
		take(after(b));
		b->head += size_of(after(b));
	}
	if (size_of(b) >= need) {
		split(b, need);
		return p;
	}
	new = first_malloc(size);
	if (new) {
		memcpy(new, p, held);"""
MOVE = "\tnew = first_malloc(size);\n\tif (new) {\n\t\tmemcpy(new, p, %s);"
OTHER = """static void *other_malloc(size_t size) { return heap_best.malloc(size); }
static void *other_realloc(void *p, size_t size) { return heap_best.realloc(p, size); }
static void other_free(void *p) { heap_best.free(p); }
const struct heap_ops heap_first = { "first", other_malloc, other_realloc, other_free,"""
LAST = """	b->next = rover;
	b->prev = rover->prev;
	b->prev->next = rover->prev = b;
"""
FIRST = """	b->prev = &anchor;
	b->next = anchor.next;
	b->next->prev = anchor.next = b;
"""
SEARCH = """	/* end of lab malloc */
}

static struct block *find(size_t need)		/* the first free block that is large enough, or NULL */
{
	/* lab malloc: search the ring */
	struct block *b = rover;

	while (size_of(b) < need && b->next != rover)"""
WRONG = [
    ("blocks do not merge", FILE, BEHIND + BEFORE, "", [10, 10, 0, 0, 5, 0, 0, 0, 0, 5, 5, 0, 0]),
    ("blocks do not merge with the one before", FILE, BEFORE, "", [10, 10, 10, 0, 5, 0, 0, 0, 0, 5, 5, 0, 0]),
    ("a block is given whole", FILE, "\tif (rest < SMALLEST)\n\t\treturn;", "\treturn;", [0] * 9 + [5, 5, 5, 0]),
    ("a free block does not have its size at its end", FILE, "\t((size_t *)after(b))[-1] = size_of(b);\n", "", [0] * 13),
    ("realloc always moves", FILE, IN_PLACE, MOVE % "held < size ? held : size", [10, 10, 10, 10, 5, 10, 5, 0, 0, 5, 5, 5, 5]),
    ("realloc always moves, and copies too much", FILE, IN_PLACE, MOVE % "held", [10, 10, 10, 10, 5, 10, 5, 0, 0, 0, 0, 0, 0]),
    ("realloc frees a block although there is no other", FILE, "\t\tfirst_free(p);\n\t}\n", "\t}\n\tfirst_free(p);\n",
     [10, 10, 10, 10, 5, 10, 5, 10, 10, 5, 0, 0, 0]),
    ("realloc copies as much as is requested, also beyond the old block", FILE, "memcpy(new, p, held);", "memcpy(new, p, size);",
     [10, 10, 10, 10, 5, 10, 5, 10, 10, 5, 5, 0, 0]),
    ("the search begins at the anchor, and freed blocks come first", FILE, LAST + SEARCH, FIRST + SEARCH.replace("rover", "&anchor"),
     [10, 10, 10, 10, 5, 10, 0, 10, 10, 5, 5, 5, 5]),
    ("the search begins at the anchor", FILE, SEARCH, SEARCH.replace("rover", "&anchor"), [10, 10, 10, 10, 5, 10, 0, 10, 10, 5, 5, 5, 5]),
    ("the search does not go on at the rest of a block", FILE, "\trover = after(b);\n", "", [10, 10, 10, 10, 5, 10, 0, 10, 10, 5, 5, 5, 5]),
    ("the other heap does the work", FILE, "const struct heap_ops heap_first = { \"first\", first_malloc, first_realloc, first_free,", OTHER, [0] * 13),
]
