"""Groups the events of a trace into stories: a page fault, a fork, a run of the page-out daemon, a process swap.

    for story in read_stories(reader.read(open(path))):
        print(story.kind, story.facts)

An event belongs to what its thread is doing. `run` names the thread; `trap` begins a fault, `daemon` and `procout` their stories.
What a thread does outside them is loose, until an event tells what it was for: `fork`, `unregion`. A fault without a `trap` (the
kernel needed the page for a system call) takes those loose events that fit.

A request ends at any time, in an interrupt of some other thread. So its end, and a victim's loss of its frame, belong to the story
that began them. When that story has ended they change nothing: a story is complete with its last event.
"""
from dataclasses import dataclass, field

import holders
from state import BUILDING, State

PAGE = ~0xfff

# Events that tell what their thread's loose events were for.
CLOSING = set("fork exec exit region unregion discard protect wire inherit grow user policy".split())
# Loose events that can be part of a fault without `trap`.
OF_A_FAULT = set("framealloc framefree page private map unmap readonly pagein shmpage filepage wait resume look victim evict "
                 "slotalloc slotfree pagefree objdrop swapread swapwrite fileread filewrite".split())
# Events that begin and end requests, and the field with the page's number on the disk.
BEGINS = {"pagein": ("swapread", "slot"), "slotalloc": ("swapwrite", "slot"), "filepage": ("fileread", "block"),
          "writeback": ("filewrite", "block")}
ENDS = {end: number for end, number in BEGINS.values()}


@dataclass
class Victim:
    frame: int
    owner: object              # holders.Owner of the page, or None
    policy: str = None
    why: str = None
    slot: int = None
    kind: str = None           # anon or file
    how: str = None            # clean, written, failed; None: its write had not ended
    looks: list = field(default_factory=list)    # (frame, verdict): what the policy looked at before it


@dataclass
class Story:
    kind: str
    thread: int = 0
    label: int = 0
    events: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    victims: list = field(default_factory=list)
    parts: list = field(default_factory=list)     # of loose events: stories of requests for files that ended among them
    former: dict = field(default_factory=dict)    # frame that it allocated -> (number of the event, Owner) of who lost it before
    ended: bool = False

    @property
    def first(self):
        return self.events[0]

    @property
    def last(self):
        return self.events[-1]

    @property
    def cycles(self):
        return self.last.cycles - self.first.cycles

    @property
    def requests(self):
        """Those that ended within it."""
        return sum(e.name in ENDS for e in self.events)

    def each(self, name):
        return [e for e in self.events if e.name == name]


class Thread:
    def __init__(self, number):
        self.loose = Story("loose", number)
        self.open = []                       # stories that have begun, the innermost last

    @property
    def story(self):
        return self.open[-1] if self.open else self.loose


class Stories:
    def __init__(self):
        self.begin({})

    def begin(self, hello):
        """Forgets everything: a recording begins with the fields of HELLO."""
        self.hello = hello
        self.state = State()
        self.running = 0
        self.threads = {}       # thread -> Thread
        self.names = {}         # label -> name, also of tasks that have ended
        self.objects = {}       # object -> (kind, name)
        self.trapped = {}       # label -> the address of its last trap
        self.looks = []         # since the last victim
        self.victims = {}       # frame -> (Victim, its Story), until it has lost its page
        self.leaving = {}       # frame -> Story of its victim, between its loss of the page and its release
        self.lost = {}          # frame -> (number of the event, Owner): the page that it has lost
        self.requests = {}      # (name of the event that ends it, number on the disk) -> (Story, the event that began it)
        self.replaced = {}      # (label, address) -> (frame, references) of the page that `private` has replaced

    def take(self, event):
        """=> the stories that end with EVENT"""
        if self.state.snapshot or event.name == "snapshot":
            self.remember(event)
            self.state.apply(event)
            return []
        done = getattr(self, "on_" + event.name, self.place)(event) or []
        self.remember(event)
        self.state.apply(event)
        for story in done:
            story.ended = True
        return done

    def finish(self):
        """=> the stories that have not ended when the recording does"""
        return [story for thread in self.threads.values() for story in [*thread.loose.parts, *thread.open]]

    def remember(self, event):
        """Names, which are known from the next event on."""
        values = event.values
        if event.name in ("run", "name") and event.label:
            self.names[event.label] = values["name"]
        elif event.name == "exec":
            self.names[event.label] = values["name"].rpartition("/")[2]
        elif event.name == "fork" and values["parent"] in self.names:
            self.names[event.label] = self.names[values["parent"]]
        elif event.name == "object":
            self.objects[values["obj"]] = (values["kind"], values["name"])

    def name(self, label):
        return self.names.get(label % BUILDING)

    # where events go

    def thread(self):
        return self.threads.setdefault(self.running, Thread(self.running))

    def place(self, event):
        """An EVENT that has no function of its own. => the stories that end with it"""
        story = self.thread().story
        story.events.append(event)
        if event.name in BEGINS:
            end, number = BEGINS[event.name]
            self.requests[end, event.values.get(number)] = (story, event)
        if event.name not in CLOSING or event.label >= BUILDING or story.kind != "loose":
            return []
        return self.close_loose(event)

    def close_loose(self, event=None):
        """=> the stories in the thread's loose events, of which EVENT is the last"""
        thread = self.thread()
        story, thread.loose = thread.loose, Story("loose", self.running)
        done = story.parts
        if story.victims:
            done.append(Story("evict", self.running, 0, story.each("victim"), victims=story.victims))
            story = Story("loose", self.running, events=[event] if event else [])
        if event:
            story.kind, story.label = event.name, event.label
            story.facts = dict(event.values, region=holders.region_at(self.state, event.label, event.values.get("start")))
            done.append(story)
        return done

    def open(self, kind, event):
        """=> the loose stories that end because a story of this KIND begins with EVENT"""
        done = self.close_loose()
        self.thread().open.append(Story(kind, self.running, event.label, [event]))
        return done

    def close(self, event, *kinds):
        """=> the thread's innermost story of one of KINDS about EVENT's space, ended by it; None if there is none"""
        opened = self.thread().open
        story = next((s for s in reversed(opened) if s.kind in kinds and s.label == event.label), None)
        if story:
            opened.remove(story)
            story.events.append(event)
        return story

    # stories with a beginning

    def on_hello(self, event):
        self.begin(event.values)
        return [Story("hello", events=[event], facts=dict(event.values))]

    def on_dropped(self, event):
        """A gap: what was under way cannot be followed over it."""
        cut, self.threads = self.finish(), {}
        return cut + [Story("dropped", events=[event], facts=dict(event.values))]

    def on_oom(self, event):
        self.place(event)
        return [Story("oom", self.running, event.label, [event], dict(event.values))]

    def on_run(self, event):
        self.running = event.values["thread"]

    def on_trap(self, event):
        self.trapped[event.label] = event.values["va"]
        return self.open("fault", event)

    def on_fault(self, event):
        story = self.close(event, "fault") or self.without_trap(event)
        story.facts = holders.fault_facts(self, story)
        return [story]

    def without_trap(self, fault):
        """=> the story of a FAULT that the kernel has caused itself: the last loose events that can be part of it"""
        outer = self.thread().story
        begin = len(outer.events)
        while begin and self.fits(outer.events[begin - 1], fault):
            begin -= 1
        story = Story("fault", self.running, fault.label, outer.events[begin:] + [fault], former=outer.former)
        del outer.events[begin:]
        if outer.kind == "loose":
            story.victims, outer.victims = outer.victims, []
            outer.parts = [part for part in outer.parts if part.last not in story.events]
        return story

    @staticmethod
    def fits(event, fault):
        if event.name not in OF_A_FAULT:
            return event.name == "grow" and event.label == fault.label
        return event.name in ("unmap", "readonly") or event.values.get("va", fault.values["va"]) & PAGE == fault.values["va"]

    def on_space(self, event):
        done = self.close_loose()
        self.thread().loose.events.append(event)
        return done

    def on_daemon(self, event):
        if event.values["does"] == "work":
            return self.open("daemon", event)
        story = self.close(event, "daemon")
        if story:
            story.facts = {"before": story.first.values, "after": event.values}
        return [story] if story else None

    def on_procout(self, event):
        return self.open(event.name, event)

    on_procin = on_procout

    def on_procdone(self, event):
        story = self.close(event, "proc" + event.values["direction"])
        if story:
            story.facts = {**story.first.values, **event.values}
        return [story] if story else None

    # victims and requests

    def on_look(self, event):
        if event.values["verdict"] != "victim":
            self.looks.append((event.values["frame"], event.values["verdict"]))
        return self.place(event)

    def on_victim(self, event):
        frame, story = event.values["frame"], self.thread().story
        owner = holders.owner_of(self.state, frame)
        victim = Victim(frame, owner, event.values["policy"], event.values["why"], looks=self.looks)
        page = self.state.pages.get(self.state.holder.get(frame))
        victim.slot = page.slot if page and page.slot else None
        victim.kind = "anon" if page else "file"
        story.victims.append(victim)
        self.victims[frame] = (victim, story)
        self.looks = []
        return self.place(event)

    def on_slotalloc(self, event):
        page = self.state.pages.get(event.values["page"])
        victim, _ = self.victims.get(page.frame if page else None, (None, None))
        if victim:
            victim.slot = event.values["slot"]
        return self.place(event)

    def on_evict(self, event):
        frame = event.values["frame"]
        victim, story = self.victims.pop(frame, (None, None))
        self.lost[frame] = (event.seq, victim.owner if victim else holders.owner_of(self.state, frame))
        if not victim:
            return self.place(event)
        victim.kind, victim.how = event.values["kind"], event.values["how"]
        self.leaving[frame] = story
        return self.give(event, story)

    def on_framefree(self, event):
        story = self.leaving.pop(event.values["frame"], None)
        return self.give(event, story) if story else self.place(event)

    def on_objdrop(self, event):
        _, frame = self.state.objects.get((event.values["obj"], event.values["index"]), (None, None))
        story = self.leaving.get(frame)
        return self.give(event, story) if story else self.place(event)

    @staticmethod
    def give(event, story):
        """EVENT belongs to STORY, whatever the current thread does."""
        if not story.ended:
            story.events.append(event)

    def on_private(self, event):
        space = self.state.spaces.get(event.label)
        old = space.private.get(event.values["va"]) if space else None
        page = self.state.pages.get(old)
        if page:
            self.replaced[event.label, event.values["va"]] = (page.frame, len(holders.of_page(self.state, old)))
        return self.place(event)

    def on_framealloc(self, event):
        lost = self.lost.pop(event.values["frame"], None)
        if lost:
            self.thread().story.former[event.values["frame"]] = lost
        return self.place(event)

    def on_swapread(self, event):
        """The end of a request, which belongs to each story that has begun a part of it."""
        first = event.values[ENDS[event.name]]
        ended = range(first, first + event.values["n"])
        begun = [self.requests.pop(key) for key in sorted(k for k in self.requests if k[0] == event.name and k[1] in ended)]
        stories = {id(story): story for story, _ in begun if not story.ended}
        for story in stories.values():
            story.events.append(event)
        if not event.name.startswith("file") or any(story.kind != "loose" for story in stories.values()):
            return None
        pages = [(e.values["obj"], e.values["index"]) for _, e in begun]
        part = Story(event.name, self.running, 0, [event], dict(event.values, pages=pages))
        for story in stories.values():
            story.parts.append(part)
            return None
        return [part]

    on_swapwrite = on_fileread = on_filewrite = on_swapread


def read_stories(events):
    """EVENTS: an iterator. => an iterator over (Stories, Story) in the order in which the stories end"""
    stories = Stories()
    for event in events:
        for story in stories.take(event):
            yield stories, story
    for story in stories.finish():
        yield stories, story
