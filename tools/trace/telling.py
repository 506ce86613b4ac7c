"""Tells a story of stories.py in sentences of words.json: in one line (brief) or a paragraph (sentences)."""
import os
import re
import unicodedata

import holders
import reader
import words
from causes import named
from state import BUILDING
from stories import PAGE

HEAP, STACK = 8, 2         # flags of regions
NAMELESS = "shared memory"   # the kernel's word for an object without a name
DISK = re.compile("[hv]d[a-z]")    # the name of a disk: its object holds the tables and directories of a file system
LINES = reader.Reader()
SHOWN = 3                  # victims that a fault's paragraph tells at length
ERROR_BITS = (("missing", "protection"), ("read", "write"), ("kernel", "user"), (None, "reserved"), (None, "fetch"))
USER_MODE = 4              # of the error code
NO_STARTS, NO_ENDS = "、。）」;,.", "（「"    # a line does not begin or end with these


def prot_text(prot):
    return "".join(letter if prot & bit else "-" for bit, letter in ((1, "r"), (2, "w"), (4, "x")))


class Teller:
    """STORIES: what is followed; its names and its state are those at the end of the story that is told."""

    def __init__(self, stories, lang="en", library=False, symbols=None):
        self.stories, self.lang, self.library, self.symbols = stories, lang, library, symbols

    def say(self, key, **values):
        if key not in words.load():    # a key made of an event's words that the kernel never writes together
            key, values = "event.strange", {"words": key}
        return words.say(key, self.lang, values, self.library)

    def join(self, parts):
        return self.say("list.separator").join(str(part) for part in parts)

    def ranges(self, numbers):
        """=> NUMBERS as text, with those in a row as FIRST-LAST"""
        rows = []
        for n in sorted(set(numbers)):
            if rows and rows[-1][1] == n - 1:
                rows[-1][1] = n
            else:
                rows.append([n, n])
        return self.join(f"{a}-{b}" if a != b else a for a, b in rows)

    # names of things

    def task(self, label):
        name = self.stories.name(label)
        return self.say("task.named" if name else "task.unnamed", name=name, label=label % BUILDING)

    def kind(self, obj):
        """=> (the kind of object OBJ in the names of sentences, its name)"""
        kind, name = self.stories.objects.get(obj, ("unnamed", None))
        kind = "shared" if name == NAMELESS else "disk" if name and DISK.fullmatch(name) else kind
        return kind, name

    def object(self, obj):
        kind, name = self.kind(obj)
        return self.say("object." + kind, name=name)

    def owner(self, owner):
        if not owner:
            return self.say("page.unknown")
        if owner.obj:
            return self.say("page.object", object=self.object(owner.obj), index=owner.index)
        return self.say("page.shared" if owner.others else "page.private", page=f"{owner.va:#x}", task=self.task(owner.label),
                        others=owner.others)

    def region_kind(self, flags, obj):
        kind, name = self.kind(obj) if obj else ("anonymous", None)
        kind = "heap" if flags & HEAP else "stack" if flags & STACK else kind
        return self.say("region." + kind, name=name)

    def region(self, region):
        if not region:
            return self.say("region.none")
        return self.say("region.range", region=self.region_kind(region.flags, region.obj), start=f"{region.start:#x}",
                        end=f"{region.end:#x}", prot=prot_text(region.prot))

    def program(self, label, address):
        """=> the path of the program that task LABEL runs at ADDRESS, as far as its regions say; else its name"""
        name, space = self.stories.names.get(label), self.stories.state.spaces.get(label)
        here = (r.obj for r in space.regions if r.start <= address < r.end) if space else ()
        path = self.stories.objects.get(next(here, 0), ("", ""))[1] or ""
        return path if os.path.basename(path) == name else name

    def address(self, label, address):
        found = self.symbols.find(self.program(label, address), address) if self.symbols else None
        if not found:
            return self.say("address.plain", address=f"{address:#x}")
        symbol, offset, program = found
        return self.say("address.symbol", symbol=symbol, offset=f"{offset:#x}", address=f"{address:#x}", program=program)

    def time(self, cycles):
        mhz = self.stories.hello.get("mhz")
        return self.say("time.us", us=round(cycles / mhz)) if mhz else self.say("time.cycles", cycles=cycles)

    # single events

    def texts(self, kind, values):
        """VALUES of the fields of KIND, the schema's event, as texts"""
        texts = {}
        for f in kind.fields:
            value, phrase = values.get(f.name), f"{kind.name}.{f.name}.{values.get(f.name)}"
            texts[f.name] = f"{value:#x}" if f.type in ("hex", "id") and value is not None else \
                self.say(phrase) if phrase in words.load() else value
        return texts

    def values(self, event):
        """The fields of EVENT as texts, and what a sentence may name besides: its task, its object, its region"""
        texts = self.texts(event.type, event.values)
        texts["task"] = self.task(event.label)
        if "obj" in event.values:
            texts["object"] = self.object(event.values["obj"])
        if "prot" in event.values:
            texts["prot"] = prot_text(event.values["prot"])
        if "flags" in event.values and "obj" in event.values:
            texts["region"] = self.region_kind(event.values["flags"], event.values["obj"])
        if "parent" in event.values:
            texts["parent"] = self.task(event.values["parent"])
        return texts

    def event(self, event, **more):
        """=> the sentence about one EVENT"""
        if event.name == "user":
            line = LINES.program_line(event.values["line"])
            if line:
                kind = LINES.schema.program_lines[line[0]]
                return self.say("line." + line[0].replace(" ", "."), **self.texts(kind, line[1]))
        if event.name == "fault":
            return self.say(words.fault_key(event.values), **{**self.values(event), **self.found_at(event), **more})
        return self.say(words.event_key(event.name, event.values), **{**self.values(event), **more})

    def found_at(self, fault):
        """What a sentence about the event FAULT says of its page, from the state"""
        va, space = fault.values["va"], self.stories.state.spaces.get(fault.label)
        region = holders.region_at(self.stories.state, fault.label, va)
        exact = self.stories.trapped.get(fault.label, va)
        return {"page": f"{va:#x}", "va": f"{exact if exact & PAGE == va else va:#x}",
                "frame": space.entries.get(va, (None,))[0] if space else None,
                "object": self.object(region.obj) if region else None}

    # stories

    def brief(self, story):
        """=> one line about STORY"""
        told = getattr(self, "brief_" + story.kind, None)
        return told(story) if told else self.sentences(story)[0]

    def sentences(self, story):
        """=> the sentences of the paragraph about STORY"""
        if story.kind.startswith("proc"):
            return self.tell_procswap(story)
        return getattr(self, "tell_" + story.kind, self.tell_event)(story)

    def tell_event(self, story):
        return [self.event(story.last)]

    def brief_fault(self, story):
        if not story.facts:
            return self.tell_unfinished(story)[0]
        return self.event(story.last)

    def tell_unfinished(self, story):
        return [self.say("story.unfinished", task=self.task(story.label), va=f"{story.first.values['va']:#x}")]

    def tell_fault(self, story):
        if not story.facts:
            return self.tell_unfinished(story)
        told = self.fault_begins(story) + self.fault_decision(story.facts)
        told += self.fault_frames(story) + self.fault_victims(story) + self.fault_waits(story)
        told += self.fault_contents(story.facts) + [self.cost(story)]
        place = self.place(story)
        return told + ([self.say("story.place", place=named(place))] if place else [])

    def place(self, story):
        """=> (function, file, line): where the row of STORY's fault is in the source; None: not known"""
        return self.symbols.decided.get(f"fault.row.{story.facts['row']}") if self.symbols else None

    def fault_begins(self, story):
        facts = story.facts
        known = facts["region"] or facts["result"] == "segv_map"
        told = [self.say("story." + facts["access"], task=self.task(story.label), va=f"{facts['va']:#x}",
                         region=self.region(facts["region"]) if known else None)]
        if facts["trap"]:
            bits = [words[facts["error"] >> bit & 1] for bit, words in enumerate(ERROR_BITS)]
            told.append(self.say("story.processor", error=f"{facts['error']:#x}", ip=self.address(story.label, facts["ip"]),
                                 meaning=self.join(self.say("error." + bit) for bit in bits if bit)))
        else:
            told.append(self.say("story.kernel"))
        if facts["grown"]:
            old, start = facts["grown"]
            told.append(self.say("story.grown", old=f"{old:#x}", start=f"{start:#x}"))
        return told

    def fault_victims(self, story):
        told = [sentence for victim in story.victims[:SHOWN] for sentence in self.victim(victim)]
        if len(story.victims) > SHOWN:
            told.append(self.victims(story.victims[SHOWN:]))
        return told

    def fault_waits(self, story):
        return [self.say("story.wait." + what, frame=frame, time=self.time(cycles))
                for what, frame, cycles in story.facts["waits"]]

    def fault_decision(self, facts):
        result = facts["result"]
        if result == "ok":
            return [self.say(f"story.why.{facts['row']}.{facts['access']}", frame=facts["frame"], refs=facts.get("refs"),
                             source=facts.get("source"), object=self.object(facts["region"].obj) if facts["region"] else None)]
        told = [self.say("story.why." + result, va=f"{facts['va']:#x}")]
        if result == "killed":
            return told
        from_user = facts["trap"] and facts["error"] & USER_MODE
        return told + [self.say("story.signal." + result if from_user else "story.efault")]

    def fault_frames(self, story):
        """The frames that were allocated: page tables, and those that others had lost"""
        allocated, own = story.facts["allocated"], {victim.frame for victim in story.victims}
        told = [self.say("story.table", frame=frame) for frame, state, _ in allocated if state == "table"]
        return told + [self.say("story.former", frame=frame, seq=former[0], owner=self.owner(former[1]))
                       for frame, _, former in allocated if former and frame not in own]

    def fault_contents(self, facts):
        """Where the page's contents came from, and what was mapped"""
        told = []
        if facts["slot"] is not None:
            told.append(self.say("story.swapin", slot=facts["slot"], swapped=facts["swapped"]))
        elif facts["major"] and facts["row"] in ("object", "promote"):
            told.append(self.say("story.fetched"))
        if facts["readahead"]:
            told.append(self.say("story.readahead", slots=self.ranges(facts["readahead"])))
        if facts["row"] in ("private", "object") and facts["result"] == "ok":
            told.append(self.say("story.mapped", frame=facts["frame"]))
        return told

    def cost(self, story):
        return self.say("story.cost", time=self.time(story.cycles), events=len(story.events), requests=story.requests)

    # victims

    def victim(self, victim):
        """=> the sentences about VICTIM: who, by which policy, why, what became of it"""
        key = "story.victim." + (victim.policy or "other")
        told = [self.say(key if key in words.load() else "story.victim.other", frame=victim.frame, policy=victim.policy,
                         owner=self.owner(victim.owner))]
        for verdict in ("passed", "skipped"):
            frames = {frame for frame, other in victim.looks if other == verdict}
            if frames:
                told.append(self.say("story.hand." + verdict, frames=self.ranges(frames), count=len(frames)))
        if victim.why:
            told.append(self.say("victim.why." + victim.why))
        if victim.how or victim.kind == "anon" and victim.slot:
            told.append(self.say(f"story.gone.{victim.kind}.{victim.how or 'written'}", slot=victim.slot))
        return told if victim.how else told + [self.say("story.gone.later")]

    def victims(self, victims):
        def short(victim):
            how = victim.how if victim.how in ("clean", "written") else "stays"
            how = "file" if how == "written" and victim.kind == "file" else how
            return self.say("story.victim.short." + how, frame=victim.frame, owner=self.owner(victim.owner), slot=victim.slot)
        return self.say("story.victims", victims=self.say("list.items").join(short(v) for v in victims))

    def tell_evict(self, story):
        first = self.say("victim.why." + story.victims[0].why)
        return [first, self.victims(story.victims)]

    def tell_daemon(self, story):
        told = [self.event(story.first)]
        if story.victims:
            told.append(self.victims(story.victims))
        return told + ([self.event(story.last), self.cost(story)] if story.facts else [])

    # others

    def tell_procswap(self, story):
        told = [self.event(story.first)]
        why = f"{story.kind}.why.{story.first.values.get('why')}"
        if why in words.load():
            told.append(self.say(why))
        return told + ([self.event(story.last), self.cost(story)] if story.facts else [])

    def tell_fileread(self, story):
        told = []
        for obj in dict.fromkeys(obj for obj, _ in story.facts["pages"]):
            pages = {index for other, index in story.facts["pages"] if other == obj}
            key = f"story.{story.kind}" + (".one" if len(pages) == 1 else "")
            told.append(self.say(key, object=self.object(obj), pages=self.ranges(pages)))
        failed = [self.say("story.failed", error=story.facts["error"])] if story.facts["error"] else []
        return (told or [self.event(story.last)]) + failed

    tell_filewrite = tell_fileread


def wide(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pieces(text):
    """Where TEXT can be broken: after blanks, and between wide characters. => its pieces"""
    piece = ""
    for c in text:
        if piece and (piece[-1] == " " or wide(c) == 2 or wide(piece[-1]) == 2) and c not in NO_STARTS and piece[-1] not in NO_ENDS:
            yield piece
            piece = ""
        piece += c
    yield piece


def wrap(text, width, indent="  "):
    """=> TEXT in lines of at most WIDTH columns"""
    lines, line = [], indent
    for piece in pieces(text):
        if wide(line) + wide(piece.rstrip()) > width and line != indent:
            lines.append(line.rstrip())
            line = indent
        line += piece
    return "\n".join([*lines, line.rstrip()])
