"""The answers of lab `hunt`: what is wrong in each kernel. None changes how many lines a file has, so that GDB shows the right ones."""
from dataclasses import dataclass


@dataclass
class Change:
    file: str
    function: str
    old: str          # stands once in the file
    new: str
    what: str

    @property
    def place(self):
        return f"{self.file}:{self.function}"

    def applied(self, text):
        """=> TEXT of the file with this change"""
        if text.count(self.old) != 1 or self.old.count("\n") != self.new.count("\n"):
            raise ValueError(f"{self.place} is no longer as when it was chosen: {self.old}")
        return text.replace(self.old, self.new)

    @property
    def lines(self):
        """=> what no handout may have"""
        return [self.what, *(line for line in self.new.split("\n") if line not in self.old.split("\n"))]


EXAMPLE = Change("mm/fault.c", "row_private", "fault_map(f, a->frame, addrspace_may_write(f->as, f->region, a));",
                 "fault_map(f, a->frame, f->region->prot & REGION_WRITE);",
                 "a page that is read is mapped writable, however many references it has")

CHANGES = {
    1: Change("mm/mapcall.c", "mapcall_brk",
              "if (new_end < old_end && addrspace_unmap(", "if (new_end + PAGE_SIZE < old_end && addrspace_unmap(",
              "a heap that shrinks by one page keeps it mapped, so it cannot grow over it again"),
    2: Change("mm/memobj_file.c", "file_get_slowly", "return -ENXIO;", "return -EFAULT;",
              "the wrong error number for a page beyond the end of a file: a fault makes SIGSEGV of it"),
    3: Change("mm/addrspace_fork.c", "copy_region",
              "if (r->flags & (REGION_SHARED | REGION_WIPED))", "if (r->flags & REGION_SHARED)",
              "fork gives the child the pages of regions that are to be empty in it"),
    4: Change("kernel/sys_mem.c", "max_prot", "|| file_writable(f))\n", "|| file_readable(f))\n",
              "a shared mapping of a file that was opened for reading only may be made writable"),
    5: Change("mm/stack.c", "stack_grow", "va > USER_STACK_GAP ? va - USER_STACK_GAP : 0);", "va);",
              "a stack grows until it touches the region below: no gap is kept free"),
    6: Change("mm/rmap.c", "rmap_map_zero", "rmap_entry(rmap_zero_frame, false)", "rmap_entry(rmap_zero_frame, true)",
              "the frame of zeros that all tasks share is mapped writable"),
    7: Change("mm/usercopy.c", "usercopy_string", "PAGE_SIZE - ((src + done) & PAGE_MASK)", "PAGE_SIZE",
              "a string is read beyond the border of its last page, which need not be mapped"),
    8: Change("kernel/lifecycle/elf.c", "map_segment", "usercopy_to_space(l->as, file_end, NULL, border - file_end)",
              "usercopy_to_space(l->as, file_end, NULL, (border - file_end) / 2)",
              "the last page of a program's data keeps bytes of the file where zeros belong"),
    9: Change("mm/anon.c", "anon_create_in", "\t\t\tframe_zero(f);", "\t\t\t__builtin_memset(frame_ptr(f), 0, PAGE_SIZE - 64);",
              "the end of a new page is not cleared: it has what another task left there"),
    10: Change("mm/frame_buddy.c", "insert_block", "order < FRAME_MAX_ORDER; order++) {", "order < FRAME_MAX_ORDER - 9; order++) {",
               "free blocks of more than one frame are not joined"),
    11: Change("mm/policy_clock.c", "clock_policy_victim", "if (candidate && !policy_accessed(f))", "if (candidate)",
               "the policy does not look at the accessed bit: it is FIFO"),
    12: Change("mm/region.c", "region_free_unused",
               "if (r->obj)\n\t\tmemobj_unref(r->obj);", "if (r->obj && r->obj->refs > 1)\n\t\tmemobj_unref(r->obj);",
               "the last reference to an object is not given back: its memory is lost"),
    13: Change("mm/pagetable.c", "pagetable_write_protect", "if (changed)", "if (changed > 1)",
               "the TLB is not flushed if only one entry has lost its write bit"),
    14: Change("mm/anon.c", "anon_free_released", "\tslot_free(slot);\n", "\t(void)slot;\n",
               "the slot of a page that is freed while it is on its way to swap is never free again"),
    15: Change("mm/writeback.c", "writeback_range", "\tstart_range(obj, first, end);\n\tagain",
               "\tstart_range(obj, first, MIN(end, obj->npages) - 1);\n\tagain", "the last page of a file is not written back"),
    16: Change("mm/policy.c", "policy_evictable", "bool evictable = !f->pins && !f->wires &&", "bool evictable = !f->wires &&",
               "a frame may be evicted although a thread has pinned it"),
    17: Change("mm/anon_swap_in.c", "page_arrived", "\t\ta->slot = 0;\n", "\t\ta->seen = 0;\n",
               "a page whose slot was given back goes on pointing at it, and another page gets the slot"),
    18: Change("mm/anon_swap_in.c", "is_only_in_slot", "return a && !a->frame;", "return a;",
               "read-ahead reads a page that is in memory: its stores are lost"),
    19: Change("mm/fault_around.c", "page_at",
               "!(f->flags & FRAME_BUSY) && !addrspace_private(as, va) ?", "!(f->flags & FRAME_BUSY) && as ?",
               "fault-around maps the file's page over a private one that is in swap"),
    20: Change("mm/pagetable.c", "pagetable_clear_bits", "*entry = old & ~bits;", "*entry = old & ~(bits | PTE_D);",
               "the dirty bit is lost whenever another bit is cleared: an old copy in swap counts as valid"),
}
