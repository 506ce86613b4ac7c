#!/usr/bin/env python3
"""big_trace.py COUNT: a recording of about COUNT events on standard output, of a machine with 64 MiB: four tasks whose pages, and a
file's, take turns in 3,700 frames and on a swap disk of 16,383 slots. Always the same."""
import random
import sys
from collections import OrderedDict

FRAMES, SLOTS, TASKS, PAGES, TEXT = 3700, 16383, (6, 7, 8, 9), 1200, 160
FILE, HEAP_AT, TEXT_AT = 0xC3000000, 0x09000000, 0x08048000


class Machine:
    def __init__(self):
        self.dice = random.Random(64)
        self.seq = self.running = 0
        self.free = list(range(300 + FRAMES, 300, -1))
        self.free_slots = list(range(2000, 0, -1))
        self.resident = OrderedDict()    # (label, va) or a page of the file -> frame, the longest unused first
        self.slots = {}    # (label, va) -> slot
        self.readers = {}    # page of the file -> labels with an entry

    def say(self, label, text):
        self.seq += 1
        print(f"@{self.seq} {self.seq * 900} {label} {text}")

    def run(self, label):
        if self.running != label:
            self.say(label, f"run thread={0xC2000000 + label * 16:#x} name=sort")
        self.running = label

    def begin(self):
        self.say(0, f"hello version=3 page=4096 frames=16352 slots={SLOTS} limit=0 policy=clock mhz=1000 "
                 "classes=state,fault,map,wait,evict,look,slot,swap,frame,page,space,procswap,oom,user")
        self.say(0, "snapshot part=begin")
        self.say(0, f"object obj={FILE:#x} kind=file name=/bin/sort")
        for label in TASKS:
            self.say(label, "space")
            self.say(label, "name name=sort")
            self.say(label, f"region start={TEXT_AT:#x} end={TEXT_AT + TEXT * 4096:#x} prot=5 flags=0 obj={FILE:#x} index=0")
            self.say(label, f"region start={HEAP_AT:#x} end={HEAP_AT + PAGES * 4096:#x} prot=3 flags=8 obj=0x0 index=0")
        self.say(0, "snapshot part=end")

    @staticmethod
    def page(label, va):
        return f"{0xC1000000 + (label << 16) + (va >> 12 & 0xFFF) * 16:#x}"

    def evict(self, wanted):
        (label, va), frame = next((k, f) for k, f in self.resident.items() if k != wanted)
        del self.resident[label, va]
        self.say(0, f"look frame={frame} accessed=0 dirty={int(label > 0)} verdict=victim")
        self.say(0, f"victim frame={frame} policy=clock why=exact dirty={int(label > 0)}")
        for reader in sorted(self.readers.pop(va, ())) if not label else [label]:
            self.say(reader, f"unmap va={TEXT_AT + va * 4096 if not label else va:#x} frame={frame}")
        kept = not label or (label, va) in self.slots
        if not kept:
            slot = self.slots[label, va] = self.free_slots.pop()
            self.say(0, f"slotalloc slot={slot} page={self.page(label, va)}")
            self.say(0, f"swapwrite slot={slot} n=1 error=0")
        self.say(0, f"evict frame={frame} kind={'anon' if label else 'file'} how={'clean' if kept else 'written'}")
        if not label:
            self.say(0, f"objdrop obj={FILE:#x} index={va}")
        self.say(0, f"framefree frame={frame} order=0")
        self.free.append(frame)

    def take(self, key, state):
        if not self.free:
            self.evict(key)
        frame = self.resident[key] = self.free.pop()
        self.say(0, f"framealloc frame={frame} order=0 state={state}")
        return frame

    def touch(self, label, va):
        """A task stores to a page of its own."""
        key = label, va
        if key in self.resident:
            self.resident.move_to_end(key)
            return
        self.say(label, f"trap va={va:#x} error=0x6 ip=0x8048000")
        frame, slot = self.take(key, "anon"), self.slots.pop(key, 0)
        if slot:
            self.say(0, f"pagein page={self.page(*key)} frame={frame} slot={slot}")
            self.say(0, f"swapread slot={slot} n=1 error=0")
            self.say(0, f"slotfree slot={slot}")
            self.free_slots.append(slot)
        else:
            self.say(0, f"page page={self.page(*key)} frame={frame}")
            self.say(label, f"private va={va:#x} page={self.page(*key)}")
        self.say(label, f"map va={va:#x} frame={frame} writable=1")
        self.say(label, f"fault va={va:#x} access=write row={'private' if slot else 'zero_fill'} major={int(slot > 0)} result=ok")

    def read(self, label, index):
        """A task reads a page of the file."""
        key, va = (0, index), TEXT_AT + index * 4096
        if label in self.readers.setdefault(index, set()):
            self.resident.move_to_end(key)
            return
        self.say(label, f"trap va={va:#x} error=0x4 ip={va:#x}")
        major = key not in self.resident
        if major:
            frame = self.take(key, "file")
            self.say(0, f"filepage obj={FILE:#x} index={index} frame={frame} block={index + 40}")
        self.readers.setdefault(index, set()).add(label)
        self.say(label, f"map va={va:#x} frame={self.resident[key]} writable=0")
        self.say(label, f"fault va={va:#x} access=read row=object major={int(major)} result=ok")


def main():
    count, machine = int(sys.argv[1]), Machine()
    machine.begin()
    while machine.seq < count:
        label = machine.dice.choice(TASKS)
        machine.run(label)
        for _ in range(8):
            if machine.dice.random() < 0.1:
                machine.read(label, machine.dice.randrange(TEXT))
            else:
                machine.touch(label, HEAP_AT + machine.dice.randrange(PAGES) * 4096)


if __name__ == "__main__":
    main()
