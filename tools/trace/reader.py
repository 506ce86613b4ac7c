"""Reads the lines of a trace as events, by tools/trace.schema.

    from reader import read
    for event in read(open(path)):
        print(event.seq, event.label, event.name, event.values)
"""
import re
from dataclasses import dataclass

import schema as trace_schema

LINE = re.compile(r"@([0-9]{1,10}) ([0-9]{1,20}) ([0-9]{1,10}) ([a-z]+)(?: (.*))?", re.DOTALL)
LONGEST = 1000    # characters of a line; the kernel's are shorter
FRAMES_MOST, SLOTS_MOST = 1 << 20, 1 << 24    # of a machine


class Malformed(Exception):
    """A line that does not match the schema."""


@dataclass
class Event:
    seq: int        # the clock that viewers step on
    cycles: int     # the processor's counter since boot
    label: int      # the address space that it concerns; 0: none
    name: str
    values: dict    # field -> int or str
    line: int       # number in the file, from 1
    type: object    # the schema's Event
    at: int = None  # the address in the kernel of the place that emitted it


class Reader:
    def __init__(self, schema=None):
        self.schema = schema or trace_schema.load()

    def parse(self, text, line=0):
        """=> the Event of one line; raises Malformed"""
        shape = LINE.fullmatch(text) if len(text) <= LONGEST else None
        if not shape:
            raise Malformed(f"line {line}: {text[:100]!r}: not a line of a trace (@SEQ CYCLES LABEL EVENT key=value ...)")
        head, cycles, label, name, rest = shape.groups()
        if name not in self.schema.events:
            raise Malformed(f"line {line}: {text[:100]!r}: the event {name} is not in tools/trace.schema")
        try:
            kind = self.schema.events[name]
            values = self.values(kind, rest or "", at=True)
            if name == "hello":
                self.know(values)
            return Event(int(head), int(cycles), int(label), name, values, line, kind, values.pop("at"))
        except ValueError as error:
            raise Malformed(f"line {line}: {text[:100]!r}: {error}") from None

    @staticmethod
    def know(hello):
        """Raises ValueError unless HELLO, the fields of that event, is of this schema and of a machine that can exist."""
        if hello["version"] != trace_schema.VERSION:
            raise ValueError(f"version {hello['version']} of the schema; these tools know {trace_schema.VERSION}")
        if hello["page"] != 4096 or hello["frames"] > FRAMES_MOST or hello["slots"] > SLOTS_MOST:
            raise ValueError("there is no such machine")

    def program_line(self, text):
        """=> (name, values) of a program's line, as ("heap free", {"at": ...}); None: the schema does not know it"""
        name = " ".join(text.split(" ", 2)[:2])
        try:
            return name, self.values(self.schema.program_lines[name], text[len(name) + 1:])
        except (ValueError, KeyError):
            return None

    @staticmethod
    def values(kind, rest, at=False):
        """=> {field: value} of REST, the text after an event's name; AT: with "at", which is None without that field"""
        values = {"at": None} if at else {}
        for f in kind.fields_with_place if at else kind.fields:
            if f is trace_schema.AT and not rest.startswith("at="):
                continue
            if not rest.startswith(f.name + "="):
                raise ValueError(f"{f.name}= is missing")
            rest = rest[len(f.name) + 1:]
            if f.type == "text":
                text, rest = rest, ""
            else:
                text, _, rest = rest.partition(" ")
            values[f.name] = f.value(text)
        if rest:
            raise ValueError(f"too much: {rest}")
        return values


def read(lines, schema=None, rising=False):
    """LINES: a file or a list of lines. RISING: refuses numbers that do not rise. => an iterator over their Events; raises Malformed"""
    reader, last = Reader(schema), 0
    for number, line in enumerate(lines, 1):
        if not line.endswith("\n"):
            raise Malformed(f"line {number}: cut off: {line[:100]!r}")
        event = reader.parse(line[:-1], number)
        if rising and event.seq <= last:
            raise Malformed(f"line {number}: @{event.seq} follows @{last}, but numbers rise; are these parts of two recordings?")
        last = event.seq
        yield event
