"""Wrong solutions of lab `cow`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
WRONG = [
    ("fork takes no references", "mm/addrspace_fork.c", "anon_ref(run[i]);", "continue;", [0] * 6),
    ("a copied page keeps its reference", "mm/fault.c", "\tanon_unref(shared);\n", "", [15, 15, 25, 15, 0, 15]),
    ("fork takes a reference too many", "mm/addrspace_fork.c", "anon_ref(run[i]);", "anon_ref(run[i]), anon_ref(run[i]);", [15, 15, 25, 15, 0, 15]),
]
PRINTS = 'printk("stop 1\\nstop 2\\nstop 3\\nstop 4\\nstop 5\\nstop 6\\nLab cow: 100 of 100 points\\n");'
CHEATS = [
    ("it prints what a good run prints", "mm/fault.c", "\tanon_unref(shared);\n", "\t" + PRINTS + "\n\tfor (;;)\n\t\t;\n", [0] * 6),
    ("it switches the machine off, as if all were well", "mm/addrspace_fork.c", "\treturn true;\n\t/* end",
     '\t__asm__ volatile("outb %%al, $0xf4" : : "a"(0));\n\treturn true;\n\t/* end', [0] * 6),
    ("it never ends", "mm/addrspace_fork.c", "\treturn true;\n\t/* end", "\tfor (;;)\n\t\t;\n\treturn true;\n\t/* end", [0] * 6),
]
