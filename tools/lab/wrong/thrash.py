"""Wrong solutions of lab `thrash`: (what is wrong, file, what stands there, what replaces it, the points of each test; None: a slow disk
decides)."""
FILE = "mm/procswap.c"
LATER = "\tif (s.busy)\n\t\tframe_wait(s.busy);\n\telse\n\t\tio_wait();\n\treturn -EAGAIN;\n"
REMEMBER = "\t\t\tif (!resident_set_add("
WRONG = [
    ("only private pages are remembered", FILE, REMEMBER, "\t\t\tif (r->obj)\n\t\t\t\tcontinue;\n" + REMEMBER,
     [0, 10, 10, 10, 0, 0, 10, 10, 10, 10]),
    ("locked pages are not kept", FILE, "keep ? f : NULL", "NULL", [10, 10, 10, 0, 15, 5, 10, 10, 10, 10]),
    ("locked pages are pinned twice", FILE, REMEMBER, "\t\t\tif (keep)\n\t\t\t\tframe_pin(f);\n" + REMEMBER,
     [10, 10, 10, 10, 15, 5, 10, 0, 10, 10]),
    ("pages of objects stay", FILE, "\t\tconsider(&s, object_frame(as, page));", "\t\t;", [0, 10, 10, 10, 15, 5, 10, 10, 10, 10]),
    ("every page is a request of its own", FILE, "\tif (s->n == IO_MAX)", "\tif (s->n)",
     [10, 10, 0, 10, 15, 5, 10, 10, 10, 10]),
    ("slots need not be side by side", FILE, " || (n && a->slot != run[n - 1]->slot + 1)", "",
     [10, 10, 10, 10, 0, 0, 0, 0, 10, 10]),
    ("all private pages come back", FILE, "n < IO_MAX && resident_set_next(&op->as->remembered, &page, &kept)",
     "n < IO_MAX && (kept = NULL, pagemap_next(&op->as->private, &page, ~0u))", [10, 10, 10, 10, 0, 0, 10, 10, 10, 10]),
    ("a page is left to its fault", FILE, "\t\tprocswap_map(as, page, entry, f);\n", "", [10, 10, 10, 10, 0, 0, 10, 10, 10, 10]),
    ("a lack of requests does not count", FILE, "!s.busy && (!s.starved || io_available())", "!s.busy",
     [10, 10, 10, 10, 15, 5, 10, 10, 0, 10]),
    ("it does not wait for a request", FILE, "\telse\n\t\tio_wait();\n\treturn -EAGAIN;\n\t/*", "\treturn -EAGAIN;\n\t/*",
     [10, 10, 10, 10, 15, 5, 10, 10, 0, 0]),
    ("it waits once, and is done", FILE, LATER, LATER.replace("-EAGAIN", "0"), [10, 10, 10, 10, 15, 5, 10, 10, 0, 10]),
    ("it waits, and goes on itself", FILE, LATER, LATER.replace("-EAGAIN", "procswap_evict(op)"),
     [10, 10, 10, 10, 15, 5, 10, 10, 10, 0]),
    ("it waits between two pages", FILE, "\t\ts->busy = f;\n\telse if", "\t\tframe_wait(f);\n\telse if",
     [10, 10, 10, 10, 15, 5, 10, 10, 10, 0]),
    ("a frame that is being written is passed over", FILE,
     "\tif (!f || f->maps)\n\t\treturn;\n\tif (f->flags & (FRAME_BUSY | FRAME_WRITEBACK))\n\t\ts->busy = f;\n\telse if",
     "\tif (!f || f->maps || !policy_evictable(f))\n\t\treturn;\n\tif",
     [None, None, None, 10, None, None, 10, 10, 0, 10]),
    ("it waits for what is written, and is done", FILE, "\tif (s.busy)\n\t\tframe_wait(s.busy);\n\telse\n\t\tio_wait();\n\treturn -EAGAIN;\n",
     "\tif (!s.busy) {\n\t\tio_wait();\n\t\treturn -EAGAIN;\n\t}\n\twhile (s.busy->flags & (FRAME_BUSY | FRAME_WRITEBACK))\n"
     "\t\tframe_wait(s.busy);\n\treturn 0;\n", [10, 10, 10, 10, 15, 5, 10, 10, 0, 10]),
    ("only private pages that are mapped leave", FILE, "(a = pagemap_next(&as->private, &page, ~0u)); page++)\n\t\tconsider(&s, a->frame);",
     "resident_set_next(&as->remembered, &page, &kept); page++)\n\t\tif ((a = anon_at(as, page)))\n\t\t\tconsider(&s, a->frame);",
     [10, 10, 10, 10, 15, 5, 10, 10, 0, 10]),
    ("pages that were only read are not remembered", FILE, REMEMBER, REMEMBER.replace("!", "f != rmap_zero_frame && !"),
     [10, 10, 10, 10, 0, 0, 10, 10, 10, 10]),
]
