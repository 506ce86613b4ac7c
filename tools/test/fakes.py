"""A machine for the tests of tools/gdb/mm: a memory that is a bytearray, and structures laid out by their declarations here.

The declarations have the members that tools/gdb/mm reads, not all of the kernel's, and in any order: the code asks for places by name.
"""
import os
import re
import struct
import sys

sys.path.insert(0, os.path.join("tools", "gdb"))

# pylint: disable=wrong-import-position
from mm.machine import KERNEL_BASE, Machine, Trouble, Type
from mm.structures import Structures

INTEGERS = {"u8": (1, False), "u16": (2, False), "u32": (4, False), "s32": (4, True), "u64": (8, False)}
STRUCTS = """
list: prev*, next*
pagemap: root*, height u32, count u32, nodes u32
pagetable: directory*, cr3 u32, resident u32, zeros u32, tables u32, label u32
region_list: head list, count u32, counted u32
addrspace: all list, pagetable pagetable, regions region_list, private pagemap, wired u32, stack_limit u32, soft_dirty_epoch u32, label u32
region: link list, start u32, end u32, prot u8, flags u8, obj*, obj_index u32
anon: refs u16, slot u32, frame*, written_epoch u32
frame: state u8, flags u8, order u8, age u8, pins u16, wires u16, owner*, index u32, maps*
slot: owner*, checksum u32, evicted u32
memobj_ops: name*, anonymous u8
backing: ops*, name*
memobj: refs u32, npages u32, ops*, pages pagemap, backing*, all list
inode: parent*, name*, unlinked u8
ext2_inode: inode inode, backing backing
tmpfs_inode: inode inode, backing backing
trapframe: vector u32, error u32, eip u32
fault_place: address u32, eip u32
thread: cr3 u32, sp*, state u32
swapping: state u32
task: thread thread, pid u32, all list, as*, tf*, zombie u8, stopped u8, name c16, last_fault fault_place, swap swapping
vmstat: pgfault u32, zero_fill u32
heap_map: words*, base u32, bits u32, zero u32, slabs u32
slab: next u32, prev u32, free u16, used u16, class u16, count u16
"""
ENUMS = {
    "frame_flag": ["FRAME_BUSY", "FRAME_WRITEBACK", "FRAME_RELEASED", "FRAME_DIRTY", "FRAME_ACCESSED", "FRAME_UNWRITABLE", "FRAME_LISTED",
                   "FRAME_FAILED"],
    "thread_state": ["THREAD_READY", "THREAD_RUNNING", "THREAD_SLEEPING", "THREAD_DEAD"],
    "swap_state": ["SWAP_IN", "SWAP_LEAVING", "SWAP_OUT", "SWAP_ENTERING"],
}


def layouts():
    """=> {struct: Type}"""
    found = {}
    for name, members in re.findall(r"(\w+): (.*)", STRUCTS):
        fields, at = {}, 0
        for member in members.split(", "):
            field, _, kind = member.partition(" ")
            if field.endswith("*"):
                field, kind = field[:-1], Type("pointer", 4)
            elif kind in INTEGERS:
                kind = Type("int", *INTEGERS[kind])
            elif kind[0] == "c" and kind[1:].isdigit():
                kind = Type("array", int(kind[1:]), target=Type("int", 1, name="char"), count=int(kind[1:]))
            else:
                kind = found[kind]
            align = 1 if kind.kind == "array" else min(4, kind.size)
            at = -(-at // align) * align
            fields[field] = (at, kind)
            at += kind.size
        found[name] = Type("struct", -(-at // 4) * 4, name=name, fields=fields)
    return found


LAYOUTS = layouts()


class Fake:
    """A kernel with FRAMES frames. alloc() takes memory from frame 8 on; the frame table is in frames 4 to 7."""

    def __init__(self, frames=64):
        self.memory, self.frames, self.next = bytearray(frames << 12), frames, 8 << 12
        self.variables, self.registers = {}, {"cr0": 1 << 31, "cr3": 0, "cr2": 0}
        self.word("frame_table", 4 << 12 | KERNEL_BASE)
        self.word("frame_table_length", frames)
        self.word("thread_running", 0)
        self.word("rmap_zero_frame", self.frame(1))
        for name in ("task_all", "addrspace_all", "memobj_all"):
            self.variables[name] = self.make("list"), LAYOUTS["list"]
            self.empty(self.variables[name][0])
        for name in ("ext2_backing_ops", "tmpfs_backing_ops", "mm/slot.c:orphan", "mm/slot.c:bad"):
            self.word(name, 0)
        for name, value in (("slots", 0), ("end", 0), ("total", 0), ("used", 0)):
            self.word("mm/slot.c:" + name, value)
        self.variables["vmstat"] = self.make("vmstat"), LAYOUTS["vmstat"]
        counts = Type("array", 24, target=Type("int", 4), count=6)
        self.variables["frame_buddy_counts"] = self.alloc(24), counts

    # what Machine wants

    def read(self, physical, n):
        if physical + n > len(self.memory):
            raise Trouble(f"there is no memory at physical {physical:#010x}")
        return bytes(self.memory[physical:physical + n])

    def variable(self, name):
        if name not in self.variables:
            raise Trouble(f"no symbol {name}")
        return self.variables[name]

    def struct(self, name):
        return LAYOUTS[name]

    def constants(self, enum):
        return {1 << i if enum == "frame_flag" else i: name for i, name in enumerate(ENUMS[enum])}

    def structures(self):
        """=> a look at the machine as it is now"""
        return Structures(Machine(self, self, self.registers.__getitem__))

    # how a test fills the memory

    def alloc(self, size):
        self.next = -(-self.next // 8) * 8
        self.next += size
        return self.next - size | KERNEL_BASE

    def store(self, address, value, size=4):
        physical = address & ~KERNEL_BASE
        self.memory[physical:physical + size] = (value & (1 << size * 8) - 1).to_bytes(size, "little")

    def load(self, address):
        return struct.unpack_from("<I", self.memory, address & ~KERNEL_BASE)[0]

    def set(self, struct_name, address, **members):
        """Sets members of the struct STRUCT_NAME at ADDRESS; `regions_count` is the member count of the member regions."""
        for path, value in members.items():
            offset, kind = 0, LAYOUTS[struct_name]
            for part in self.parts(kind, path):
                step, kind = kind.fields[part]
                offset += step
            if isinstance(value, str):
                physical = (address & ~KERNEL_BASE) + offset
                self.memory[physical:physical + len(value) + 1] = value.encode() + b"\0"
            else:
                self.store(address + offset, value, kind.size)
        return address

    @staticmethod
    def parts(kind, path):
        found = []
        while path:
            part = max((f for f in kind.fields if path == f or path.startswith(f + "_")), key=len)
            found.append(part)
            kind, path = kind.fields[part][1], path[len(part) + 1:]
        return found

    def make(self, struct_name, **members):
        return self.set(struct_name, self.alloc(LAYOUTS[struct_name].size), **members)

    def place(self, name, address, member):
        return address + LAYOUTS[name].fields[member][0]

    def text(self, text):
        address = self.alloc(len(text) + 1)
        self.memory[address & ~KERNEL_BASE:(address & ~KERNEL_BASE) + len(text)] = text.encode()
        return address

    def word(self, name, value):
        self.variables[name] = self.alloc(4), Type("int", 4)
        self.store(self.variables[name][0], value)

    def empty(self, head):
        self.set("list", head, prev=head, next=head)

    def push(self, head, link):
        last = self.load(head)
        self.set("list", link, prev=last, next=head)
        self.store(last + 4, link)
        self.store(head, link)

    def frame(self, number):
        """=> the address of its struct frame"""
        return (4 << 12 | KERNEL_BASE) + number * LAYOUTS["frame"].size

    def page(self):
        """=> the number of a frame of its own"""
        self.next = -(-self.next // 4096) * 4096
        self.next += 4096
        return (self.next >> 12) - 1

    def put(self, pagemap, key, value):
        """Puts VALUE into the map, whose root has two levels: keys below 4096."""
        root = self.load(self.place("pagemap", pagemap, "root"))
        if not root:
            root = self.alloc(65 * 4)
            self.set("pagemap", pagemap, root=root, height=2)
        leaf = self.load(root + (key >> 6) * 4)
        if not leaf:
            leaf = self.alloc(65 * 4)
            self.store(root + (key >> 6) * 4, leaf)
        self.store(leaf + key % 64 * 4, value)

    # the structures of mm/

    def space(self, label, name):
        """=> the address space of a new task"""
        directory = self.page()
        space = self.make("addrspace", label=label, pagetable_directory=directory << 12 | KERNEL_BASE, pagetable_cr3=directory << 12,
                          pagetable_label=label, stack_limit=0x800000)
        self.empty(self.place("addrspace", space, "regions"))
        self.push(self.variables["addrspace_all"][0], space)
        task = self.make("task", pid=label, name=name, thread_cr3=directory << 12, tf=self.make("trapframe"), thread_state=2)
        self.set("task", task, **{"as": space})
        self.push(self.variables["task_all"][0], self.place("task", task, "all"))
        return space

    def run(self, label):
        for task in self.structures().tasks():
            if task.pid == label:
                self.store(self.variables["thread_running"][0], task.location)
                self.registers["cr3"] = task.thread.cr3
                return task.location
        raise KeyError(label)

    def region(self, space, start, pages, prot=3, flags=0, obj=0, index=0):
        region = self.make("region", start=start, end=start + (pages << 12), prot=prot, flags=flags, obj=obj, obj_index=index)
        self.push(self.place("addrspace", space, "regions"), region)
        regions = self.structures().machine.at("addrspace", space).regions
        self.set("addrspace", space, regions_count=regions.count + 1)
        return region

    def anon(self, frame=None, slot=0, refs=1):
        """=> a page, in FRAME if given"""
        page = self.make("anon", refs=refs, slot=slot, frame=self.frame(frame) if frame else 0)
        if frame:
            self.set("frame", self.frame(frame), state=4, owner=page, flags=64)
        return page

    def private(self, space, va, page):
        self.put(self.place("addrspace", space, "private"), va >> 12, page)

    def enter(self, space, va, frame, bits):
        """Sets the entry of VA and its record of the reverse map."""
        pagetable = self.structures().machine.at("addrspace", space).pagetable
        place = pagetable.directory + (va >> 22) * 4
        if not self.load(place):
            table, *records = self.page(), self.page(), self.page()
            for part, number in enumerate([table, *records]):
                self.set("frame", self.frame(number), state=3, owner=pagetable.location, index=va >> 22, age=max(0, part - 1))
            self.store(place, table << 12 | 7)
            self.set("addrspace", space, pagetable_tables=pagetable.tables + 1)
        table, index = self.load(place) >> 12, va >> 12 & 1023
        self.store((table << 12 | KERNEL_BASE) + index * 4, frame << 12 | bits | 5)
        self.set("addrspace", space, pagetable_resident=pagetable.resident + 1)
        if frame != 1:
            record = ((table + 1 + index // 512) << 12 | KERNEL_BASE) + index % 512 * 8
            maps = self.place("frame", self.frame(frame), "maps")
            self.store(record, self.load(maps))
            self.store(maps, record)

    def file(self, name, pages):
        """=> a memory object with the pages of file /NAME"""
        root = self.make("inode")
        file = self.make("ext2_inode", inode_parent=root, inode_name=self.text(name), backing_ops=self.variables["ext2_backing_ops"][0])
        return self.object(self.place("ext2_inode", file, "backing"), pages, 0)

    def object(self, backing, pages, anonymous):
        obj = self.make("memobj", npages=pages, backing=backing, ops=self.make("memobj_ops", anonymous=anonymous))
        self.push(self.variables["memobj_all"][0], self.place("memobj", obj, "all"))
        return obj

    def cached(self, obj, index, frame):
        self.put(self.place("memobj", obj, "pages"), index, self.frame(frame))
        self.set("frame", self.frame(frame), state=5, owner=obj, index=index, flags=64)

    def slots(self, n, owners):
        """A swap area of N slots; OWNERS: {slot: page}"""
        size = LAYOUTS["slot"].size
        table = self.alloc((n + 1) * size)
        for slot, page in owners.items():
            self.store(table + slot * size, page)
        for name, value in (("slots", table), ("end", n + 1), ("total", n), ("used", len(owners))):
            self.store(self.variables["mm/slot.c:" + name][0], value)

    def settle(self):
        """Sets the counters as they should be, so that the invariants hold."""
        counts = [0] * 6
        for number in range(self.frames):
            counts[self.memory[(self.frame(number) & ~KERNEL_BASE)]] += 1
        for state, count in enumerate(counts):
            self.store(self.variables["frame_buddy_counts"][0] + state * 4, count)
