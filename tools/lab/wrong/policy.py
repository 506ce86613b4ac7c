"""Wrong solutions of lab `policy`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""
FILE = "mm/policy_ageing.c"
WRONG = [
    ("the oldest page leaves, whether used or not", FILE, "if (candidate && !f->age && !policy_accessed(f))", "if (candidate)",
     [5, 10, 0, 0, 0, 5, 15, 10]),
    ("it is CLOCK", FILE, "f->age = MIN(f->age + USED, OLDEST);", "f->age = 0;", [5, 10, 20, 15, 0, 5, 15, 10]),
    ("it forgets no use, and finds no victim", FILE, "policy_clear_accessed(f);", "", [0, 0, 0, 0, 0, 0, 0, 0]),
    ("it does not ask whether a page can leave", FILE, "policy_evictable(f) && policy_in_scope(f, scope)", "policy_in_scope(f, scope)",
     [0, 0, 0, 0, 0, 0, 0, 0]),
    ("it does not ask whose page it is", FILE, "policy_evictable(f) && policy_in_scope(f, scope)", "policy_evictable(f)",
     [5, 0, 20, 15, 20, 5, 0, 10]),
    ("the page does not move behind the hand", FILE, "\t\tlist_push_back(&circle, &f->link);\n\t}",
     "\t\tlist_push_front(&circle, &f->link);\n\t}", [0, 0, 0, 0, 0, 0, 0, 0]),
    ("it looks for a victim for ever", FILE, "for (u32 steps = (OLDEST + 2) * members; steps > 0; steps--)", "for (;;)",
     [5, 0, 20, 15, 20, 5, 15, 10]),
    ("frames that cannot leave take part", FILE, "\t\tif (candidate)\n\t\t\tage_frame(f);", "\t\tage_frame(f);",
     [5, 0, 20, 15, 20, 5, 15, 10]),
]
