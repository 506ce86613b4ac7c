"""tools/trace.schema as Python objects; the format is described at its top."""
import os
import re
from dataclasses import dataclass, field
from functools import cached_property

VERSION = 3
DEFAULT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "trace.schema")
TYPES = {"hex", "dec", "signed", "id", "word", "text"}
HEX, DEC = re.compile("(0x)?[0-9a-fA-F]{1,8}"), re.compile("-?[0-9]{1,10}")


@dataclass
class Field:
    name: str
    type: str
    doc: str

    @property
    def words(self):
        """The words that are its possible values; empty if it has another type."""
        return self.type.split("|") if "|" in self.type else []

    def value(self, text):
        """The value in a line's TEXT. Numbers become int, of 32 bits as the kernel's; raises ValueError."""
        if self.type in ("hex", "id", "dec", "signed"):
            shape, base = (HEX, 16) if self.type in ("hex", "id") else (DEC, 10)
            number = int(text, base) if shape.fullmatch(text) else None
            least = -1 << 31 if self.type == "signed" else 0
            if number is None or not least <= number < least + (1 << 32):
                raise ValueError(f"{self.name}={text}: not a number of 32 bits")
            return number
        if self.words and text not in self.words:
            raise ValueError(f"{self.name}={text}: not one of {self.type}")
        return text


# In every event, but it may be missing: the last field, or before the last one if that is a text.
AT = Field("at", "hex", "the address in the kernel of the place that has emitted it")


@dataclass
class Event:
    name: str
    cls: str
    doc: str
    fields: list = field(default_factory=list)
    counts: list = field(default_factory=list)   # (counter, {field: word})

    @cached_property
    def fields_with_place(self):
        last = len(self.fields) - any(f.type == "text" for f in self.fields)
        return [*self.fields[:last], AT, *self.fields[last:]]


@dataclass
class Schema:
    classes: dict    # name -> documentation, in the order of the mask's bits
    events: dict     # name -> Event
    program_lines: dict    # "heap alloc" -> Event: the text of an event `user`


def parse(text):
    schema = Schema({}, {}, {})
    event = cls = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        head, _, doc = line.strip().partition(": ")
        words = head.split()
        if words[0] == "class" and len(words) == 2:
            cls = words[1]
            schema.classes[cls] = doc
        elif words[0] == "event" and len(words) == 2 and cls:
            event = schema.events[words[1]] = Event(words[1], cls, doc)
        elif words[0] == "line" and len(words) == 3 and cls:
            event = schema.program_lines[" ".join(words[1:])] = Event(" ".join(words[1:]), cls, doc)
        elif words[0] == "counts" and event and not doc:
            event.counts.append((words[1], dict(w.split("=") for w in words[2:])))
        elif event and len(words) == 2 and doc and line[0] == "\t" \
                and (words[1] in TYPES or re.fullmatch(r"\w+(\|\w+)+", words[1])):
            event.fields.append(Field(words[0], words[1], doc))
        else:
            raise SystemExit(f"trace.schema:{number}: not understood: {line.strip()}")
    for event in [*schema.events.values(), *schema.program_lines.values()]:
        if any(f.type == "text" for f in event.fields[:-1]):
            raise SystemExit(f"trace.schema: event {event.name}: a field of type text must be the last")
    return schema


def load(path=DEFAULT):
    with open(path, encoding="utf-8") as file:
        return parse(file.read())
