"""The state that the events describe is the machine's own: at 21 stops of one run the tables of each task, walked from its CR3
in physical memory, are the page's state at that SEQ, entry by entry; and the slots have the same owners."""
import functools
import json
import os
import random
import shutil
import tempfile

from held import Held
from support import Case, limit, needs
from test_view import VIEW, needs_node, run
from traces import reader

from state import State

SEED, STOPS, FIRST, GAP = 15, 20, 2600, (30, 400)    # lines of the trace
LOAD = "/test/torture 9 60 & /test/map-save & sort /data/words.txt >/dev/null & wait"
KINDS = {"four tasks", "slots", "copy-on-write", "shared", "file"}
STEP, LAST = 200, 20000    # a last stop is looked for every STEP lines, in so many lines
BUILDING = 100000    # a space that exec builds has its task's number and this


def kinds(state):
    """=> what is mapped in STATE, of KINDS"""
    files = {frame for how, frame in state.objects.values() if how == "frame"}
    shared = {state.pages[page].frame for how, page in state.objects.values() if how == "page"}
    found = {"four tasks"} if len(state.spaces) >= 4 else set()
    found |= {"slots"} if any(state.slots.values()) else set()
    for s in state.spaces.values():
        for va, (frame, _) in s.entries.items():
            if s.private.get(va) and any(o is not s and o.private.get(va) == s.private[va] for o in state.spaces.values()):
                found.add("copy-on-write")
            found |= {"shared"} if frame in shared and state.mapped[frame] > 1 else set()
            found |= {"file"} if frame in files else set()
    return found


def advance_to_all_kinds(held):
    """Where the clock's ticks fall, and so what is mapped at a stop, differs from run to run."""
    state, done, events = State(), 0, []
    while len(held.lines) < LAST:
        held.advance(STEP)
        events = list(reader.read(held.lines))
        for event in events[done:]:
            state.apply(event)
        done = len(events)
        if kinds(state) == KINDS:
            return
    raise AssertionError(f"no stop within {LAST} lines has all of {KINDS}")


@functools.cache
def recorded():
    """=> (a folder with trace.txt and walks.json, the lines, the walks)"""
    folder, dice = tempfile.mkdtemp(prefix="shisho-stops-"), random.Random(SEED)
    with Held(folder, LOAD, "frames=96") as held:
        held.advance(FIRST)
        for _ in range(STOPS):
            held.advance(dice.randint(*GAP))
            held.take()
        advance_to_all_kinds(held)
        held.take()
        walks = held.walks()
    for _, path, _ in held.dumps:
        os.unlink(path)
    with open(os.path.join(folder, "trace.txt"), "w", encoding="utf-8") as file:
        file.writelines(held.lines)
    with open(os.path.join(folder, "walks.json"), "w", encoding="utf-8") as file:
        json.dump(walks, file)
    return folder, held.lines, walks


def tables_of(walk, label):
    """=> {address: (frame, writable)} as the processor sees them; None: there is no such space"""
    found = walk["spaces"].get(str(label))
    return found and {int(va): tuple(entry) for va, entry in found["entries"].items()}


def in_words(entry):
    return f"frame {entry[0]}, {'writable' if entry[1] else 'read-only'}" if entry else "not present"


def differences(state, walk):
    """=> a line for each page that has different entries in STATE and in WALK, and for each slot that has different owners"""
    found = []
    for label in sorted(state.spaces.keys() | set(map(int, walk["spaces"]))):
        tables, told = tables_of(walk, label), state.spaces[label].entries if label in state.spaces else None
        if tables is None or told is None:
            found.append(f"space {label} exists only for the {'events' if tables is None else 'kernel'}")
            continue
        found += [f"space {label}, page {va:#010x}: {in_words(tables.get(va))} in the tables, {in_words(told.get(va))} by the events"
                  for va in sorted(tables.keys() | told.keys()) if tables.get(va) != told.get(va)]
    owners = {int(slot): owner for slot, owner in walk["slots"].items()}
    return found + [f"slot {slot}: page {owners.get(slot, 0):#x} in the kernel, {state.slots.get(slot, 0):#x} by the events"
                    for slot in sorted(owners.keys() | state.slots.keys()) if owners.get(slot) != state.slots.get(slot)]


def states(lines, walks, left_out=None):
    """=> an iterator over (the state of tools/trace at the stop, its walk); the line with the index LEFT_OUT is passed over"""
    state, done = State(), 0
    events = list(reader.read(lines))
    for walk in walks:
        for index in range(done, walk["lines"]):
            if index != left_out:
                state.apply(events[index])
        done = walk["lines"]
        yield state, walk


class Stops(Case):
    TOGETHER = 3    # one run

    @classmethod
    def tearDownClass(cls):
        if recorded.cache_info().currsize:
            shutil.rmtree(recorded()[0], ignore_errors=True)

    @needs("gdb")
    @limit(150)
    def test_tables_equal_the_state(self):
        """Each entry: present or not, frame, writable; and each slot. The run had all kinds of pages at its stops."""
        _, lines, walks = recorded()
        seen = set()
        for state, walk in states(lines, walks):
            self.assertEqual(differences(state, walk), [], f"at {lines[walk['lines'] - 1]}")
            self.assertEqual(state.wrong, [])
            self.check_registers(state, walk)
            seen |= kinds(state)
        self.assertEqual(seen, KINDS)

    def check_registers(self, state, walk):
        """The tables that were walked are those that the processor uses for the task. (In exit it uses the kernel's.)"""
        cr3 = {int(label): found["cr3"] for label, found in walk["spaces"].items()}
        for label, of_thread in walk["tasks"].values():
            self.assertIn(cr3[label], (of_thread, 0))    # 0: the task is out, so it cannot run
        running = state.running[1]
        if running in state.spaces:
            self.assertIn(walk["loaded"], (cr3[running], cr3.get(running + BUILDING), walk["kernel"]))

    @needs("gdb")
    @limit(150)
    def test_what_is_wrong_is_named(self):
        """A bit of an entry, an event that is missing, a slot of another page: the page is named."""
        _, lines, walks = recorded()
        for state, walk in states(lines, walks[:1]):
            label, s = max(state.spaces.items(), key=lambda item: len(item[1].entries))
            va, (frame, writable) = sorted(s.entries.items())[3]
            s.entries[va] = frame, 1 - writable
            words = [in_words((frame, w)) for w in (writable, 1 - writable)]
            self.assertEqual(differences(state, walk),
                             [f"space {label}, page {va:#010x}: {words[0]} in the tables, {words[1]} by the events"])
            s.entries[va] = frame, writable
            slot = next(iter(state.slots))
            state.slots[slot] ^= 16
            self.assertRegex("".join(differences(state, walk)), rf"^slot {slot}: page \w+ in the kernel, \w+ by the events$")
        map_event = next(e for e in reversed(list(reader.read(lines[:walks[3]["lines"]]))) if e.name == "map"
                         and e.values["va"] in (tables_of(walks[3], e.label) or ()))
        *_, (state, walk) = states(lines, walks[:4], left_out=map_event.line - 1)
        va, entry = map_event.values["va"], tables_of(walks[3], map_event.label)[map_event.values["va"]]
        self.assertEqual(differences(state, walk), [f"space {map_event.label}, page {va:#010x}: {in_words(entry)} in the tables, "
                                                    "not present by the events"])

    @needs("gdb")
    @needs_node
    @limit(200)
    def test_tables_equal_the_state_of_the_page(self):
        """The same for the page's own code."""
        run("npx", "vitest", "run", "test/stops.test.ts", cwd=VIEW, env={**os.environ, "VIEW_STOPS": recorded()[0]})
