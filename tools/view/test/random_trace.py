#!/usr/bin/env python3
"""random_trace.py SEED COUNT: a recording of COUNT events on standard output, with every event of the schema and values from small
ranges, so that many of them contradict each other. The same SEED gives the same recording."""
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "trace"))
import schema as trace_schema

COUNTERS = ["pgfault", "cow_break", "pswpin", "evict_anon"]


class Dice(random.Random):
    def address(self):
        return 0x400000 + self.randrange(16) * 4096

    def value(self, field):
        """=> the text of a value for FIELD"""
        name = field.name
        if field.words:
            return self.choice(field.words)
        if name in ("va", "start", "old"):
            return hex(self.address())
        if name == "end":
            return hex(self.address() + 4096 * self.randrange(1, 8))
        if field.type == "id":
            return hex({"thread": 0xc2000000, "obj": 0xc3000000}.get(name, 0xc1000000) + self.randrange(6) * 16)
        if name in ("parent", "from"):
            return str(self.label())
        if field.type in ("word", "text"):
            return self.choice(COUNTERS) if name == "name" else self.choice(["clock", "fifo", "a word", "heap free at=0x0 size=0"][:4 if field.type == "text" else 2])
        return str(self.randrange(1, 9)) if name in ("frame", "slot") else str(self.randrange(4))

    def label(self):
        return self.choice([0, 1, 1, 2, 3, 100001])


def lines(seed, count):
    dice, schema = Dice(seed), trace_schema.load()
    names = [name for name in schema.events if name not in ("hello", "snapshot", "dropped")]
    classes = ",".join(schema.classes)
    hello = f"hello version={trace_schema.VERSION} page=4096 frames=64 slots=8 limit=0 policy=clock mhz=1000 classes={classes}"
    seq = 0
    for number in range(count):
        seq += dice.choice([1] * 60 + [2])
        name = dice.choice(names)
        if number in (0, count // 2):
            text = hello
        elif number in (1, count // 4, count // 2 + 1):
            text = "snapshot part=begin"
        elif number in (20, count // 4 + 20, count // 2 + 20):
            text = "snapshot part=end"
        elif dice.random() < 0.005:
            text = "dropped n=2"
            seq += 1
        else:
            fields = [f"{f.name}={dice.value(f)}" for f in schema.events[name].fields]
            if dice.random() < 0.5:
                last = schema.events[name].fields[-1:]
                fields.insert(len(fields) - bool(last and last[0].type == "text"), f"at={dice.randrange(1 << 32):#x}")
            text = " ".join([name, *fields])
        yield f"@{seq} {seq * 1000} {dice.label()} {text}"


if __name__ == "__main__":
    print("\n".join(lines(int(sys.argv[1]), int(sys.argv[2]))))
