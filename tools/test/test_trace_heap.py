"""Lines that programs write into the trace about their heap: malloc, references, the collector."""
from traces import TraceCase, reader, with_threads

import heap
import schema


class TraceHeap(TraceCase):
    def test_heap(self):
        """HEAP_TRACE=1: each line is of the schema; blocks that come go again; nothing without it."""
        path, events, _ = self.trace("HEAP_TRACE=1 /test/heap-shadow 4000; /test/heap-edge", "trace=user")
        self.assert_sound(path)
        lines = [reader.Reader().program_line(e.values["line"]) for e in events if e.name == "user"]
        self.assertNotIn(None, lines)
        kinds = {name for name in schema.load().program_lines if name.startswith("heap ")}
        self.assertGreaterEqual({name for name, _ in lines},
                                kinds - {"heap slabfree", "heap refs", "heap root", "heap ref", "heap stale"})
        self.assertEqual(len({e.label for e in events if e.name == "user"}), 1)
        live = set()
        for name, values in lines:
            if name == "heap free":
                self.assertIn(values["at"], live)
            if name in ("heap free", "heap realloc") and (values["at"] or name == "heap free"):
                live.discard(values.get("from", values["at"]))
            if name in ("heap alloc", "heap realloc") and values["at"]:
                live.add(values["at"])
        self.assertLess(len(live), 5)

    def test_heap_references(self):
        """HEAP_REFS: every reference is one from a root or a block in use to a block in use; what is lost has none; what was freed
        and is still pointed to is stale. The demo's programs, also under the heap's debugger."""
        cmd = ("export HEAP_TRACE=1; ls / | HEAP_REFS=9 sort >/dev/null; HEAP_REFS=1000 leaky >/dev/null; "
               "HEAP_REFS=1 stale; HEAP_REFS=1 MALLOC_DEBUG=redzone stale; HEAP_REFS=1000 MALLOC_DEBUG=leaks leaky; "
               "HEAP_REFS=1 /test/heap-edge; HEAP_REFS=100 room leak; room gc")
        path, events, output = self.trace(cmd, "trace=user")
        self.assert_sound(path)
        programs = {}
        for name, _, e in with_threads(events):
            if e.name == "user":
                programs.setdefault((name, e.label), []).append(reader.Reader().program_line(e.values["line"]))
        heaps = [(name, self.follow_references(lines)) for (name, _), lines in programs.items()]
        self.assertEqual(sorted(name for name, _ in heaps if name not in ("ls", "room")), ["heap-edge", "leaky", "leaky", "sort", "stale", "stale"])
        self.assertIn("definitely lost: 8000000 bytes in 2000 blocks", output)     # the search itself refers to none
        for name, (live, refs, stale) in heaps:
            if name == "sort":
                self.assertGreater(sum(source != "root" for _, source in refs), 3)     # lines point to lines
            if name == "leaky":
                self.assertEqual(len(set(live) - {at for at, _ in refs}), 2000)
            if name not in ("room", "heap-edge"):
                self.assertEqual(bool(stale), name == "stale")
        self.check_stacks(next(lines for (name, _), lines in programs.items() if name == "heap-edge"))
        self.check_rooms(events)

    def check_stacks(self, lines):
        """In a handler with a stack of its own that stack is searched, and after it the ordinary one again."""
        searches, sizes, found = [], {}, []
        for name, values in lines:
            if name == "heap alloc":
                sizes[values["at"]] = values["size"]
            elif name == "heap refs":
                searches.append([])
            elif name == "heap root":
                searches[-1].append(range(values["at"], values["at"] + values["size"]))
            elif name == "heap ref" and values["from"] in searches[-1][0]:
                found.append((searches[-1][0].stop, sizes[values["at"]]))
        ordinary = searches[0][0].stop
        self.assertIn((ordinary, 2345), found)
        self.assertEqual({size for stop, size in found if stop != ordinary}, {1234, 4321})
        self.assertEqual(searches[-1][0].stop, ordinary)

    def check_rooms(self, events):
        """What tools/trace/heap.py says at the end of `room leak` and `room gc`: what the demo has lost, and what it has kept."""
        heaps = heap.Heaps(reader.Reader())
        for e in events:
            heaps.apply(e)
        leak, collected = [heaps.of[label] for label in sorted(heaps.of)][-2:]
        self.assertEqual((len(leak.blocks), len(leak.gone), leak.collections), (34, 1, 0))
        self.assertEqual(len(set(leak.blocks) - set(leak.strings.values())), 1)    # the forgotten wing; its rooms know each other
        self.assertEqual(collected.collections, 2)
        self.assertIn(collected.live, range(18, 25))    # 18, and what an old word may keep
        self.assertEqual(len(collected.blocks), collected.live + 6)

    def follow_references(self, lines):
        """=> (blocks in use at the end, the references that were found last: (block, source), stale pointers of any time)"""
        live, freed, roots, refs, stale = {}, set(), [], [], set()
        for name, values in lines:
            at = values.get("at")
            if name == "heap free" or name == "heap realloc" and at:
                freed.add(values.get("from", at))
                live.pop(values.get("from", at), None)
            if name in ("heap alloc", "heap realloc") and at:
                live[at] = values["size"]
            elif name == "heap refs":
                roots, refs = [], []
            elif name == "heap root":
                roots.append(range(at, at + values["size"], 4))
            elif name == "heap ref":
                self.assertIn(at, live)
                sources = ["root"] * any(values["from"] in words for words in roots)
                sources += [start for start, size in live.items() if 0 <= values["from"] - start < size]
                self.assertEqual(len(sources), 1, values)
                refs.append((at, sources[0]))
            elif name == "heap stale" and at in freed:
                self.assertNotIn(at, live)
                stale.add(at)
        return live, refs, stale

    def test_gc(self):
        """A collector's events: what is freed was handed out and has no mark; as many marks as are live at the end."""
        for way in ("best", "first"):
            path, events, _ = self.trace(f"HEAP={way} HEAP_TRACE=1 /test/gc-oracle 600", "trace=user")
            self.assert_sound(path)
            lines = [reader.Reader().program_line(e.values["line"]) for e in events if e.name == "user"]
            self.assertNotIn(None, lines)
            wanted = {name for name in schema.load().program_lines if name.startswith("gc ")} - {"gc again"}
            self.assertGreaterEqual({name for name, _ in lines}, wanted - {"gc sweep"} if way == "first" else wanted)
            self.follow_collections([event for event in lines if event[0].startswith("gc ")])

    def follow_collections(self, lines):
        live, marked, pushed = {}, set(), set()
        for name, values in lines:
            at = values.get("at")
            if name == "gc alloc":
                self.assertNotIn(at, live)
                live[at] = values["size"]
            elif name == "gc begin":
                marked, pushed = set(), set()
            elif name == "gc mark":
                self.assertIn(at, live)
                self.assertNotIn(at, marked)
                marked.add(at)
            elif name == "gc push":
                self.assertIn(at, marked)
                pushed.add(at)
            elif name == "gc end":
                self.assertEqual(values["live"], len(marked))
            elif name == "gc free":
                self.assertNotIn(at, marked)
                del live[at]
