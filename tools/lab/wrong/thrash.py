"""Wrong solutions of lab `thrash`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "mm/procswap.c"
REMEMBER = "\t\t\tif (!resident_set_add("
WRONG = [
    ("only private pages are remembered", FILE, REMEMBER, "\t\t\tif (r->obj)\n\t\t\t\tcontinue;\n" + REMEMBER, [0, 15, 10, 15, 0, 0, 15, 10]),
    ("locked pages are not kept", FILE, "keep ? f : NULL", "NULL", [15, 15, 10, 0, 15, 5, 15, 10]),
    ("locked pages are pinned twice", FILE, REMEMBER, "\t\t\tif (keep)\n\t\t\t\tframe_pin(f);\n" + REMEMBER, [15, 15, 10, 15, 15, 5, 15, 0]),
    ("pages of objects stay", FILE, "\t\tconsider(&s, object_frame(as, page));", "\t\t;", [0, 15, 10, 15, 15, 5, 15, 10]),
    ("every page is a request of its own", FILE, "\tif (s->n == IO_MAX)", "\tif (s->n)", [15, 15, 0, 15, 15, 5, 15, 10]),
    ("slots need not be side by side", FILE, " || (n && a->slot != run[n - 1]->slot + 1)", "", [15, 15, 10, 15, 0, 0, 0, 0]),
    ("all private pages come back", FILE, "n < IO_MAX && resident_set_next(&op->as->remembered, &page, &kept)",
     "n < IO_MAX && (kept = NULL, pagemap_next(&op->as->private, &page, ~0u))", [15, 15, 10, 15, 0, 0, 15, 10]),
    ("a page is left to its fault", FILE, "\t\tprocswap_map(as, page, entry, f);\n", "", [15, 15, 10, 15, 0, 0, 15, 10]),
]
