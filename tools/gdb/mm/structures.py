"""The structures of mm/ and the tasks, read from a machine: lists, maps of pages, the frame table, the reverse map, slots, names.

Does what functions of mm/ do (pagemap_find() in pagemap.c, pagetable_of_rmap() in pagetable.c ...), since a debugger must not call
them: that would run the machine.
"""
from .entry import walk
from .machine import PAGE, Struct, Trouble

USER_END = 0xC0000000
FANOUT_BITS = 6      # of a node in pagemap.c
RECORD, RECORDS = 8, 512    # bytes of a reverse-map record (rmap.h); how many are in a frame
BUILDING = 100000    # ADDRSPACE_BUILDING
READ, WRITE, EXEC = 1, 2, 4    # protection of a region
SHARED, GROWSDOWN, WIRED, HEAP = 1, 2, 4, 8    # flags of a region
STATES = ("reserved", "free", "kernel", "table", "anon", "file")


class Structures:
    """One look at a stopped machine. Make a new one at each command: what was read is kept."""

    def __init__(self, machine):
        self.machine = machine
        if not machine.registers("cr0") >> 31:
            raise Trouble("The kernel has not started: paging is off.")
        self.frame_type = machine.program.struct("frame")
        self.frame_table = machine.variable("frame_table")
        self.frame_total = machine.variable("frame_table_length")
        if not self.frame_table:
            raise Trouble("The kernel has not started: there is no frame table yet.")
        self.zero_frame = self.number_of(machine.variable("rmap_zero_frame")) if machine.variable("rmap_zero_frame") else 0
        self.names = {}

    # tasks and spaces

    def tasks(self):
        head = self.machine.address("task_all")
        return self.machine.list(head, "task", "all") if self.machine.read(head + 4, 4) != bytes(4) else iter(())

    def running(self):
        """=> the task that runs; None: the idle thread"""
        thread = self.machine.variable("thread_running")
        return next((t for t in self.tasks() if t.thread.location == thread), None)

    def task(self, wanted):
        """WANTED: a task's number, its name, or "" for the one that runs. => the task

        Of several with that name the one that runs, else the newest.
        """
        task = self.running()
        if not wanted:
            if not task:
                raise Trouble("no task runs now: give the number of one (mm tasks)")
            return task
        found = [t for t in self.tasks() if wanted in (str(t.pid), t.name)]
        if not found:
            raise Trouble(f"there is no task {wanted} (mm tasks)")
        return task if task in found else found[-1]

    def space(self, task):
        """=> the address space of TASK"""
        space = getattr(task, "as")    # a word of Python's
        if not space:
            built = any(other.label == BUILDING + task.pid for other in self.spaces())
            what = "exec builds it now" if built else "it is a zombie" if task.zombie else "it is a thread of the kernel"
            raise Trouble(f"{task.name}[{task.pid}] has no address space: {what}")
        return self.machine.at("addrspace", space)

    def spaces(self):
        return self.machine.list(self.machine.address("addrspace_all"), "addrspace", "all")

    def space_of_pagetable(self, address):
        return self.machine.containing("addrspace", "pagetable", address)

    def space_name(self, space):
        """=> "sh[1]"; while exec builds it, "new space of sh[1]" """
        label = space.label
        task = next((t for t in self.tasks() if t.pid == label % BUILDING), None)
        name = f"{task.name}[{task.pid}]" if task else f"task {label % BUILDING}"
        return name if label < BUILDING else f"new space of {name}"

    # regions and objects

    def regions(self, space):
        return self.machine.list(space.regions.place("head"), "region", "link")

    def region_at(self, space, va):
        return next((r for r in self.regions(space) if r.start <= va < r.end), None)

    def object_index(self, region, va):
        return region.obj_index + ((va - region.start) >> 12)

    def object(self, address):
        return self.machine.at("memobj", address)

    def is_anonymous(self, obj):
        return bool(self.machine.at("memobj_ops", obj.ops).anonymous)

    def object_name(self, obj):
        """=> the path of a file; what else the object is, if it is no file's"""
        if obj.location not in self.names:
            self.names[obj.location] = self.path_of(obj) or ("shared memory" if self.is_anonymous(obj) else "a disk's metadata")
        return self.names[obj.location]

    def path_of(self, obj):
        """=> the path of the file whose pages are in OBJ, found by its backing as filesystem_inode_of() does; None"""
        machine = self.machine
        if not obj.backing:
            return None
        ops = machine.at("backing", obj.backing).ops
        for table, struct in (("ext2_backing_ops", "ext2_inode"), ("tmpfs_backing_ops", "tmpfs_inode")):
            if ops == machine.address(table):
                return self.inode_path(machine.containing(struct, "backing", obj.backing).inode)
        return None

    def inode_path(self, inode):
        path, gone = "", False
        while inode.parent:
            path, gone = "/" + self.machine.text(inode.name) + path, gone or inode.unlinked
            inode = self.machine.at("inode", inode.parent)
        return (path or "/") + (" (deleted)" if gone else "")

    def region_name(self, region):
        if region.obj:
            return self.object_name(self.object(region.obj))
        return "[heap]" if region.flags & HEAP else "[stack]" if region.flags & GROWSDOWN else "anonymous"

    def program(self, task):
        """=> the path of the program that TASK runs; its name, if no region is of such a file"""
        regions = self.regions(self.space(task)) if getattr(task, "as") else ()
        paths = (self.region_name(r) for r in regions if r.obj)
        return next((path for path in paths if path.rpartition("/")[2] == task.name), task.name)

    # maps of pages

    def in_map(self, pagemap, key):
        """=> the pointer of KEY; 0: none"""
        node, height = pagemap.root, pagemap.height
        if height * FANOUT_BITS < 32 and key >> (height * FANOUT_BITS):
            return 0
        for level in range(height - 1, -1, -1):
            if not node:
                return 0
            node = self.pointer(node + (key >> (level * FANOUT_BITS)) % 64 * 4)
        return node

    def map_items(self, pagemap):
        """=> an iterator over (key, pointer), sorted"""
        def below(node, level, base):
            data = self.machine.read(node, 64 * 4)
            for i in range(64):
                child = int.from_bytes(data[i * 4:i * 4 + 4], "little")
                if child and level:
                    yield from below(child, level - 1, (base + i) << FANOUT_BITS)
                elif child:
                    yield base + i, child
        if pagemap.root:
            yield from below(pagemap.root, pagemap.height - 1, 0)

    def pointer(self, address):
        return int.from_bytes(self.machine.read(address, 4), "little")

    # pages

    def anon(self, address):
        return self.machine.at("anon", address)

    def private(self, space, va):
        """=> the anonymous page that SPACE holds at VA itself, or None"""
        found = self.in_map(space.private, va >> 12)
        return self.anon(found) if found else None

    def anons(self):
        """=> {address: [holder, ...]}: every anonymous page with the places that refer to it: (space, va) or (object, index)"""
        holders = {}
        for space in self.spaces():
            for key, page in self.map_items(space.private):
                holders.setdefault(page, []).append((space, key << 12))
        for obj in self.objects():
            if self.is_anonymous(obj):
                for index, page in self.map_items(obj.pages):
                    holders.setdefault(page, []).append((obj, index))
        return holders

    def objects(self):
        return self.machine.list(self.machine.address("memobj_all"), "memobj", "all")

    # entries

    def walk(self, space, va):
        """=> the Walk in SPACE's own tables; None: it is out"""
        pagetable = space.pagetable
        return walk(self.machine.memory, pagetable.cr3, va) if pagetable.directory else None

    def entries(self, space):
        """=> an iterator over (va, entry) of the present user entries"""
        pagetable = space.pagetable
        if not pagetable.directory:
            return
        directory = self.machine.memory.read(pagetable.cr3, PAGE)
        for i in range(USER_END >> 22):
            pde = int.from_bytes(directory[i * 4:i * 4 + 4], "little")
            if not pde & 1:
                continue
            table = self.machine.memory.read(pde & ~0xfff, PAGE)
            for j in range(1024):
                pte = int.from_bytes(table[j * 4:j * 4 + 4], "little")
                if pte & 1:
                    yield i << 22 | j << 12, pte

    # frames

    def frame(self, number):
        if not 0 <= number < self.frame_total:
            raise Trouble(f"there is no frame {number}: the machine has {self.frame_total}")
        return Struct(self.machine, self.frame_table + number * self.frame_type.size, self.frame_type)

    def number_of(self, frame):
        """FRAME: the address of a struct frame. => its number"""
        return (frame - self.frame_table) // self.frame_type.size

    def mappers(self, frame):
        """=> [(space, va), ...]: the entries that map FRAME, by the reverse map"""
        found, record = [], frame.maps
        while record:
            holder = self.frame((record - 0xC0000000) >> 12)    # a frame of records tells which table they belong to
            va = (holder.index << 10 | holder.age * RECORDS | record % PAGE // RECORD) << 12
            found.append((self.space_of_pagetable(holder.owner), va))
            record = self.pointer(record)
            if len(found) > self.frame_total * 1024:
                raise Trouble(f"the reverse map of frame {self.number_of(frame.location)} is a circle")
        return found

    # slots

    def slots(self):
        """=> an iterator over (slot, owner): of those in use; owner 0: an orphan, None: bad"""
        machine = self.machine
        table, end = machine.variable("mm/slot.c:slots"), machine.variable("mm/slot.c:end")
        marks = {machine.address("mm/slot.c:orphan"): 0, machine.address("mm/slot.c:bad"): None}
        size = machine.program.struct("slot").size
        data = machine.read(table, end * size) if table else b""
        for slot in range(1, end if table else 0):
            owner = int.from_bytes(data[slot * size:slot * size + 4], "little")
            if owner:
                yield slot, marks.get(owner, owner)
