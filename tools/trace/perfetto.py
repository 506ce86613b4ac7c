"""Stories in the trace-event format, which Perfetto and chrome://tracing read: tasks are processes, faults and the like slices of
their threads, and the free frames, used slots and resident sets are counters."""
import json

from state import BUILDING

KERNEL = 99999      # the number of the process that stands for the kernel's threads; 0 is the idle process of these viewers
SLICES = set("fault daemon procout procin exec fork".split())


class Perfetto:
    def __init__(self, file):
        self.file = file
        self.count = 0
        self.known = {}        # process -> its name as written last
        self.threads = {}      # (process, thread) -> small number
        self.last = {}         # counter -> its value as written last
        file.write('{"displayTimeUnit": "ns", "traceEvents": [\n')

    def put(self, **entry):
        self.file.write((",\n" if self.count else "") + json.dumps(entry, ensure_ascii=False))
        self.count += 1

    def close(self):
        self.file.write("\n]}\n")

    def thread(self, teller, story):
        """=> (process, thread) of STORY, introduced by name"""
        process = story.label % BUILDING or KERNEL
        name = teller.stories.name(story.label) if story.label else "kernel"
        key = (process, story.thread)
        if key not in self.threads:
            self.threads[key] = len(self.threads) + 1
        thread = self.threads[key]
        if self.known.get(process) != name and name:
            self.known[process] = name
            self.put(name="process_name", ph="M", ts=0, pid=process, tid=thread, args={"name": name})
        return process, thread

    def take(self, teller, story, record):
        """Writes STORY; RECORD: its dictionary (records.py), which becomes its arguments"""
        mhz = teller.stories.hello.get("mhz") or 1
        process, thread = self.thread(teller, story)
        entry = {"name": story.kind, "cat": story.kind, "pid": process, "tid": thread, "ts": story.first.cycles / mhz,
                 "args": {k: v for k, v in record.items() if v not in (None, [])}}
        if story.kind == "fault" and story.facts:
            entry["name"] = story.facts["row"] if story.facts["result"] == "ok" else story.facts["result"]
        if story.kind in SLICES:
            self.put(ph="X", dur=story.cycles / mhz, **entry)
        else:
            self.put(ph="i", s="p" if story.label else "g", **entry)
        self.counters(teller.stories, story.last.cycles / mhz)

    def counters(self, stories, ts):
        state, hello = stories.state, stories.hello
        used = sum(1 << order for order, _ in state.frames.values())
        self.counter(KERNEL, "free frames", hello.get("frames", 0) - used, ts)
        self.counter(KERNEL, "used slots", len(state.slots), ts)
        for label, space in state.spaces.items():
            self.counter(label % BUILDING or KERNEL, "resident", len(space.entries), ts)

    def counter(self, process, name, value, ts):
        if self.last.get((process, name)) != value:
            self.last[process, name] = value
            self.put(name=name, ph="C", ts=ts, pid=process, tid=0, args={"pages": value})
