"""`mm story` and `mm blame`: what the trace in the machine's memory tells of a fault, and of a page.

The sentences are those of tools/trace/story.
"""
import os

import gdb

# shisho.py has added the folder tools/trace to the path.
import reader as trace_reader
import words
from attach import structures
from causes import Causes, chain
from command import Command, function_at, number, space_of
from mm import ring
from mm.machine import Trouble
from space import Region, Space
from symbols import Symbols
from telling import Teller, wrap

WIDTH = 100
SCHEMA = trace_reader.Reader().schema


def parse(line):
    """=> the event; None: the schema does not know it"""
    try:
        return trace_reader.Reader(SCHEMA).parse(line)
    except trace_reader.Malformed:
        return None


class Told(Causes):
    """The stories of the ring. Its beginning is lost, so what the events do not say is taken from the machine as it is now."""

    def __init__(self, s):
        self.known = {task.pid: task.name for task in s.tasks()}
        self.things = {obj.location: ("shm" if s.is_anonymous(obj) else "file", s.object_name(obj)) for obj in s.objects()}
        self.regions = {space.label: [Region(r.start, r.end, r.prot, r.flags & 63, r.obj, r.obj_index) for r in s.regions(space)]
                        for space in s.spaces()}
        super().__init__()

    def begin(self, hello):
        super().begin(hello)
        self.names, self.objects = dict(self.known), dict(self.things)
        if not hello:    # else a snapshot follows
            self.state.spaces = {label: Space(regions=list(regions)) for label, regions in self.regions.items()}


def teller(stories):
    """=> a Teller in the language of the convenience variable $lang: set $lang = "ja" """
    chosen = gdb.convenience_variable("lang")
    try:
        lang = "en" if chosen is None else chosen.string()
    except gdb.error:    # no text
        lang = ""
    if lang not in words.LANGUAGES:
        raise Trouble("$lang is one of " + ", ".join(words.LANGUAGES))
    return Teller(stories, lang, symbols=Symbols(os.path.dirname(gdb.current_progspace().filename or "build/")))


def sentence(told_by, event):
    """=> one EVENT in words, told by a Teller"""
    if event.name == "region":
        return told_by.event(event, region=told_by.region_kind(event.values["flags"], event.values["obj"]))
    return told_by.event(event)


def places(told_by, event):
    """=> " [what decided on the EVENT > what in the kernel reported it]", as far as it is known"""
    cause = told_by.stories.decided.get(event.seq)
    found = chain(cause, event.at, told_by.symbols.decided, lambda address: function_at(address).removeprefix("in "))
    return f" [{found}]" if found else ""


class Story(Command):
    """mm story [N]: tells the N-th last page fault in the trace's ring; 1, the default, is the newest.

Boot with trace=all tracedev=ring. set $lang = "ja" makes mm story and mm blame speak Japanese. tools/trace/story tells the stories of a whole trace."""
    NAME, ARGUMENTS = "story", (0, 1)

    def run(self, arguments):
        n = number(arguments[0]) if arguments else 1
        s = structures()
        stories, told = Told(s), []
        for event in ring.events(s, parse):
            for story in stories.take(event):
                if story.kind == "fault":
                    told.append((story, teller(stories).sentences(story)))
        if not 1 <= n <= len(told):
            raise Trouble(f"the ring has {len(told)} faults, of which 1 is the newest" if told else "the ring has no fault")
        story, sentences = told[-n]
        return [f"@{story.first.seq}-{story.last.seq}", wrap(("" if teller(stories).lang == "ja" else " ").join(sentences), WIDTH)]


class Blame(Command):
    """mm blame ADDR [TASK]: the events in the trace's ring that made the entry of ADDR and its page what they are, newest first.

Behind each: what in the kernel decided on it (the row of a fault, the reason for an eviction) > what reported it."""
    NAME, ARGUMENTS = "blame", (1, 2)

    def run(self, arguments):
        s = structures()
        space, va = space_of(s, *arguments[1:]), number(arguments[0]) & ~0xfff
        found, page = s.walk(space, va), s.private(space, va)
        things = {"frame": [found.pte >> 12] if found and found.physical is not None and found.pte else [],
                  "page": [page.location] if page else [], "slot": [page.slot] if page and page.slot else []}
        events = ring.events(s, parse)
        blamed = {event.seq for event in ring.blame(events, space.label, va, things)}
        stories, lines = Told(s), []
        told_by = teller(stories)
        for event in events:
            stories.take(event)
            if event.seq in blamed:
                lines.append((event, f"@{event.seq} {sentence(told_by, event)}"))
        return [text + places(told_by, event) for event, text in reversed(lines)] or [f"the ring has no event about {va:#010x}"]


def register_all():
    for kind in (Story, Blame):
        kind()
