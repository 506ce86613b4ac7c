"""Reads the lines of a trace as events, by tools/trace.schema.

    from reader import read
    for event in read(open(path)):
        print(event.seq, event.label, event.name, event.values)
"""
import re
from dataclasses import dataclass

import schema as trace_schema

LINE = re.compile(r"@(\d+) (\d+) (\d+) ([a-z]+)(?: (.*))?", re.DOTALL)


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
        shape = LINE.fullmatch(text)
        if not shape:
            raise Malformed(f"line {line}: {text[:100]!r}: not a line of a trace (@SEQ CYCLES LABEL EVENT key=value ...)")
        head, cycles, label, name, rest = shape.groups()
        if name not in self.schema.events:
            raise Malformed(f"line {line}: {text[:100]!r}: the event {name} is not in tools/trace.schema")
        try:
            kind = self.schema.events[name]
            values = self.values(kind, rest or "", at=True)
            return Event(int(head), int(cycles), int(label), name, values, line, kind, values.pop("at"))
        except ValueError as error:
            raise Malformed(f"line {line}: {text[:100]!r}: {error}") from None

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


def read(lines, schema=None):
    """LINES: a file or a list of lines. => an iterator over their Events; raises Malformed"""
    reader = Reader(schema)
    for number, line in enumerate(lines, 1):
        if not line.endswith("\n"):
            raise Malformed(f"line {number}: cut off: {line[:100]!r}")
        yield reader.parse(line[:-1], number)
