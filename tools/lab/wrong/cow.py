"""Wrong solutions of lab `cow`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
WRONG = [
    ("the child gets references but no pages", "mm/addrspace_fork.c", "\t\tpagemap_set_run(&child->private, page, run, n);\n", "", [0] * 8),
    ("a copied page keeps its reference", "mm/fault.c", "\tanon_unref(shared);\n", "", [15, 10, 20, 10, 0, 0, 10, 10]),
    ("fork takes a reference too many", "mm/addrspace_fork.c", "anon_ref(run[i]);", "anon_ref(run[i]), anon_ref(run[i]);",
     [15, 10, 20, 10, 0, 0, 10, 10]),
    ("a page in swap is copied as if it were in memory", "mm/fault.c", "\tint error = make_resident(f, shared);\n\n\tif (error)\n"
     "\t\treturn error;\n\tif (!new_private(f, shared->frame)) {", "\tif (!new_private(f, shared->frame)) {", [15, 10, 20, 10, 15, 10, 0, 10]),
    ("a fault without a free frame fails", "mm/fault.c", "\t\tframe_hold(shared->frame, &f->held);\n\t\treturn -ENOMEM;", "\t\treturn -EFAULT;",
     [15, 10, 20, 10, 15, 10, 0, 0]),
]
PRINTS = 'printk("stop 1\\nstop 2\\nstop 3\\nstop 4\\nstop 5\\nstop 6\\nLab cow: 100 of 100 points\\n");'
CHEATS = [
    ("it prints what a good run prints", "mm/fault.c", "\tanon_unref(shared);\n", "\t" + PRINTS + "\n\tfor (;;)\n\t\t;\n", [0] * 8),
    ("it switches the machine off, as if all were well", "mm/addrspace_fork.c", "\treturn true;\n\t/* end",
     '\t__asm__ volatile("outb %%al, $0xf4" : : "a"(0));\n\treturn true;\n\t/* end', [0] * 8),
    ("it never ends", "mm/addrspace_fork.c", "\treturn true;\n\t/* end", "\tfor (;;)\n\t\t;\n\treturn true;\n\t/* end", [0] * 8),
]
