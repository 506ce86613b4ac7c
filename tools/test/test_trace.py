"""The trace: whole, followed to the end, in all three devices; and tools/trace/check finds what is wrong."""
import importlib.machinery
import importlib.util
import os
import random
import re
import subprocess
import sys

from support import Case, limit

TOOLS = os.path.abspath("tools/trace")
LOAD = "/test/torture 6 3; /test/shm-anon; echo heap  grows >/dev/trace; grep pswp /proc/vmstat"


def load(name, suffix=".py"):
    sys.path.insert(0, TOOLS)
    loader = importlib.machinery.SourceFileLoader(name, os.path.join(TOOLS, name + suffix))
    spec = importlib.util.spec_from_loader(name, loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


schema, reader = load("schema"), load("reader")


class Trace(Case):
    def trace(self, cmd, words, device="debugcon", **options):
        """Runs CMD and traces it into a file. => (its path, the events, what was printed)"""
        path = os.path.join(self.temporary(), "trace.txt")
        output = self.boot(cmd, words=words, timeout=80, **{device: path}, **options)
        with open(path, encoding="utf-8") as file:
            return path, list(reader.read(file)), output

    def check(self, path):
        """=> is it sound, what the tool said"""
        done = subprocess.run([os.path.join(TOOLS, "check"), path], capture_output=True, text=True, check=False)
        self.assertNotIn("Traceback", done.stderr)
        return done.returncode == 0, done.stdout + done.stderr

    def assert_sound(self, path):
        sound, said = self.check(path)
        self.assertTrue(sound, said)
        self.assertIn(", 0 events lost, 2 snapshots: sound", said)

    def test_check_answers_in_words(self):
        """Whatever is in the file, one line says what is wrong, without a traceback."""
        path, events, _ = self.trace("true", "trace=all")
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines(True)
        for text, words in ((b"", "no line in it"), (os.urandom(5000), "line 1: "),
                            (b"# Shisho\n", "line 1: '# Shisho': not a line of a trace (@SEQ CYCLES LABEL EVENT key=value ...)"),
                            (b"@1 2 3 nosuch\n", "the event nosuch is not in tools/trace.schema"),
                            ("".join(lines)[:-7].encode(), "cut off"),
                            ("".join(lines[3:]).encode(), "@4 follows @0")):
            with open(path, "wb") as file:
                file.write(text)
            sound, said = self.check(path)
            self.assertFalse(sound)
            self.assertIn(words, said)
        self.assertIn("No such file", self.check(path + "x")[1])
        sound, said = self.check("--help")
        self.assertTrue(sound and said.startswith("check FILE: checks that a trace is consistent."), said)
        self.assertGreater(len(events), 100)
        self.follow_damaged(lines, random.Random(1))

    def follow_damaged(self, lines, dice):
        """Lines left out, doubled, cut off, with other numbers or words: each is followed to its end."""
        tool = load("check", "")
        for _ in range(150):
            damaged = lines[:dice.choice([100, 300, len(lines)])]
            for _ in range(dice.randint(1, 8)):
                at = dice.randrange(len(damaged))
                words = damaged[at].split(" ")
                words[dice.randrange(len(words))] = dice.choice(["-1", "0", "9" * 20, "x", "va=0x", "=", "", "\0"])
                cut = damaged[at][:dice.randrange(len(damaged[at]) + 1)] + "\n"
                other = re.sub(r"\d+", lambda m: str(int(m[0][:9]) ^ 1), damaged[at], count=dice.randint(1, 5))
                damaged[at] = dice.choice([" ".join(words).rstrip("\n") + "\n", cut, other, dice.choice(damaged), ""])
            tool.follow([line for line in damaged if line])

    @limit(120)
    def test_every_event_is_emitted(self):
        path, events, output = self.trace(LOAD, "trace=all frames=64 swap=mem:512:7", mem="16M")
        self.assertGreater(int(re.search(r"pswpin (\d+)", output).group(1)), 100)
        self.assert_sound(path)
        self.assertEqual(events[0].name, "hello")
        self.assertEqual((events[0].values["limit"], events[0].values["slots"]), (64, 511))
        self.assertEqual([e.seq for e in events], list(range(1, len(events) + 1)))
        seen = {e.name for e in events}
        for name in ("fault map unmap readonly evict slotalloc slotfree swapread swapwrite pagein framealloc framefree "
                     "fork exec exit region page pagefree private shmpage filepage").split():
            self.assertIn(name, seen)
        self.assertIn("heap grows", [e.values["line"] for e in events if e.name == "user"])
        rows = {e.values["row"] for e in events if e.name == "fault"}
        self.assertLessEqual({"zero_fill", "private", "copy", "object", "promote"}, rows)

    def test_what_fork_leaves_out(self):
        path, events, _ = self.trace("/test/advise", "trace=all")
        self.assert_sound(path)
        self.assertEqual({e.values["flags"] for e in events if e.name == "inherit"}, {0, 16, 32})

    @limit(120)
    def test_check_finds_what_is_missing(self):
        path, events, _ = self.trace("/test/torture 2 3", "trace=all frames=64 swap=mem:512:7", mem="16M")
        self.assert_sound(path)
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        steps = range([e.name for e in events].index("exec"), len(events) - 1)
        broken = path + ".broken"
        for name in ("map unmap readonly evict slotalloc slotfree pagein framealloc framefree fork exit region page "
                     "pagefree private fault").split():
            at = next(i for i in steps if events[i].name == name)
            with open(broken, "w", encoding="utf-8") as file:
                file.writelines(lines[:at])
                file.writelines(re.sub(r"^@(\d+)", lambda m: f"@{int(m.group(1)) - 1}", line)
                                for line in lines[at + 1:])
            self.assertFalse(self.check(broken)[0], f"nobody missed line {at + 1}: {lines[at]}")
        with open(broken, "w", encoding="utf-8") as file:
            file.writelines(lines[:100] + lines[101:])
        self.assertIn("@102 follows @100", self.check(broken)[1])

    def test_classes(self):
        path, events, _ = self.trace("ls / >/dev/null; /test/self-write", "trace=fault,space")
        self.assert_sound(path)
        faults = [e.values for e in events if e.name == "fault"]
        self.assertEqual({f["result"] == "ok" for f in faults}, {True, False})
        for f in faults:    # a refused fault is no row's, also after a call that has made a page
            self.assertEqual(f["row"] == "none", f["result"] != "ok", f)
        inside, classes = False, set()
        for e in events:
            inside = inside or e.name == "snapshot"
            if not inside:
                classes.add(e.type.cls)
            inside = inside and e.values.get("part") != "end"
        self.assertEqual(classes, {"state", "fault", "space"})

    def test_com2(self):
        path, _, _ = self.trace("ls / >/dev/null", "trace=space,user tracedev=com2", device="com2")
        self.assert_sound(path)

    def test_ring_tells_what_it_lost(self):
        output = self.boot("/test/cow >/dev/null; cat /dev/trace", words="trace=all tracedev=ring")
        path = os.path.join(self.temporary(), "trace.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in output.splitlines() if line.startswith("@"))
        sound, said = self.check(path)
        self.assertTrue(sound, said)
        self.assertRegex(said, r", [1-9]\d* events lost")

    def test_users_lines_cannot_lie(self):
        text = "x" * 300
        path, events, _ = self.trace(f"echo {text} >/dev/trace; cat /bin/echo >/dev/trace", "trace=user")
        self.assert_sound(path)
        lines = "".join(e.values["line"] for e in events if e.name == "user")
        self.assertIn(text, lines)
        self.assertRegex(lines, r"^[ -~]+$")

    def test_heap(self):
        """HEAP_TRACE=1: each line is of the schema; blocks that come go again; nothing without it."""
        path, events, _ = self.trace("HEAP_TRACE=1 /test/heap-shadow 4000; /test/heap-edge", "trace=user")
        self.assert_sound(path)
        lines = [reader.Reader().program_line(e.values["line"]) for e in events if e.name == "user"]
        self.assertNotIn(None, lines)
        heap = {name for name in schema.load().program_lines if name.startswith("heap ")}
        self.assertGreaterEqual({name for name, _ in lines}, heap - {"heap slabfree"})
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

    def test_words_not_understood(self):
        output = self.boot("echo on", words="trace=fault,nonsense")
        self.assertIn("trace=fault,nonsense: not understood", output)
        self.assertIn("\non\n", output)

    def test_texts_are_of_this_schema(self):
        with open("docs/trace.md", encoding="utf-8") as file:
            text = file.read()
        made = subprocess.run(["tools/mktrace", "markdown"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(subprocess.getoutput("tools/mktrace json | true"), "")
        self.assertTrue(text.endswith(made.rstrip("\n") + "\n"), "docs/trace.md is old: tools/mktrace docs")
        for example in re.findall(r"^@\d.*", text, re.MULTILINE):
            reader.Reader().parse(example)

    def test_counters_exist(self):
        with open("mm/vmtrace.h", encoding="utf-8") as file:
            counters = set(re.findall(r"\bX\((\w+)\)", file.read()))
        for event in schema.load().events.values():
            for counter, conditions in event.counts:
                self.assertIn(counter, counters)
                for name, word in conditions.items():
                    self.assertIn(word, next(f.words for f in event.fields if f.name == name))
