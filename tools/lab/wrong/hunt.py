"""Wrong answers of lab `hunt`: (what is wrong, file, what stands there, what replaces it, the points of each test)."""


def without(*lost):
    return [0 if number in lost else 5 for number in range(1, 21)]


TLB = "the TLB is not flushed if only one entry has lost its write bit"
WRONG = [
    ("where the panic is, not where the change is", "answers.txt",
     "16  mm/policy.c:policy_evictable", "16  mm/writeback.c:writeback_evict", without(16)),
    ("the right function in the wrong file", "answers.txt", " 5  mm/stack.c:", " 5  mm/fault.c:", without(5)),
    ("only the file", "answers.txt", " 1  mm/mapcall.c:mapcall_brk ", " 1  mm/mapcall.c ", without(1)),
    ("two answers for one bug", "answers.txt",
     " 2  mm/memobj_file.c", " 2  mm/fault.c:result_of  a guess\n 2  mm/memobj_file.c", without(2)),
    ("two bugs mixed up", "answers.txt",
     "13  mm/pagetable.c:pagetable_write_protect", "13  mm/pagetable.c:pagetable_clear_bits", without(13)),
    ("no word of what is wrong", "answers.txt",
     TLB, "", without(13)),
    ("words that say nothing", "answers.txt", TLB, "I found it", without(13)),
    ("one word again and again", "answers.txt", TLB, "wrong " * 9, without(13)),
    ("the place in other words", "answers.txt", TLB, "mm/pagetable.c, pagetable_write_protect() in pagetable.c: it is there", without(13)),
    ("the same words for two bugs", "answers.txt", TLB, "The last reference to an object is not given back: its memory is lost.",
     without(12, 13)),
    ("a sentence of the page", "answers.txt", TLB, "A store that is forbidden goes through", without(13)),
    ("nothing found", "answers.txt", "  mm/", "  ? mm/", without(*(set(range(1, 21)) - {4, 8}))),
]
