"""The trace: whole, followed to the end, in all three devices; and tools/trace/check finds what is wrong."""
import json
import os
import random
import re
import select
import socket
import subprocess
import time

from support import KERNEL, limit, program
from traces import TOOLS, TraceCase, reader, with_threads

import schema
from state import State

LOAD = "/test/torture 6 3; /test/shm-anon; echo heap  grows >/dev/trace; grep pswp /proc/vmstat"
AHEAD, UNREAD = 200, 6    # lines that are permitted at once, and seconds in which nobody reads them


class Trace(TraceCase):
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
        tool = program.load("trace/check")
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
        self.check_threads(with_threads(events))
        self.check_traps(with_threads(events))
        self.check_looks(with_threads(events))
        self.check_names(events)
        self.check_sites(path, events)

    def check_threads(self, caused):
        """Who does it: the daemon chooses, the disk's thread completes, tasks fault, and who waits goes on."""
        by = {name: {who for who, _, e in caused if e.name == name} for name in {e.name for _, _, e in caused}}
        for name in ("daemon", "look"):
            self.assertEqual(by[name], {"pageout"}, name)
        for who, _, e in caused:
            if e.name == "victim":    # load control may take a task out as a whole
                self.assertEqual(who, {"daemon": "pageout", "procswap": "swapper"}[e.values["why"]])
        self.assertEqual(by["swapwrite"] | by["swapread"] | by["fileread"], {"iod"})
        self.assertEqual(by["trap"] & {"pageout", "iod"}, set())
        for who, label, e in caused:
            if e.name == "trap" and e.label < 100000:
                self.assertEqual(label, e.label, who)
        waits = [(e.name, who) for who, _, e in caused if e.name in ("wait", "resume")]
        self.assertEqual({name: sum(n == name for n, _ in waits) for name, _ in waits}["wait"], len(waits) // 2)
        self.assertIn("page", {e.values["what"] for _, _, e in caused if e.name == "wait"})
        daemon = [e.values for _, _, e in caused if e.name == "daemon"]
        self.assertEqual({d["does"] for d in daemon}, {"work", "sleep"})
        for d in daemon:
            self.assertLess(d["low"], d["high"])

    def check_traps(self, caused):
        """What the processor says agrees with what the fault does."""
        traps, both = {}, set()
        for _, _, e in caused:
            if e.name == "trap":
                traps[e.label] = e.values
            elif e.name == "fault" and e.label in traps:
                trap = traps.pop(e.label)
                self.assertEqual(trap["va"] >> 12, e.values["va"] >> 12)
                self.assertEqual(bool(trap["error"] & 2), e.values["access"] == "write")
                self.assertEqual(bool(trap["error"] & 4), trap["ip"] < 0xc0000000)
                both.add((e.values["row"], trap["error"]))
        self.assertLessEqual({("copy", 7), ("zero_fill", 6), ("private", 4), ("object", 4)}, both)
        self.assertIn("none", {row for row, _ in both})

    def check_looks(self, caused):
        """The clock: a page that was used is passed, a victim was not used, and is the one that is chosen next."""
        looks = [e.values for _, _, e in caused if e.name in ("look", "victim")]
        for this, after in zip(looks, looks[1:]):
            if this.get("verdict") == "victim":
                self.assertEqual(this["accessed"], 0)
                self.assertEqual((after["frame"], after["policy"]), (this["frame"], "clock"))
            elif this.get("verdict") == "passed":
                self.assertEqual(this["accessed"], 1)
        self.assertEqual({v["verdict"] for v in looks if "verdict" in v}, {"passed", "victim", "skipped"})
        dirty = {e.values["frame"]: e.values["dirty"] for _, _, e in caused if e.name == "victim"}
        self.assertEqual(set(dirty.values()), {0, 1})
        chosen = {}
        for _, _, e in caused:
            if e.name == "victim":
                chosen[e.values["frame"]] = e.values["dirty"]
            elif e.name == "evict" and e.values["how"] != "failed":
                self.assertEqual(chosen.pop(e.values["frame"]), int(e.values["how"] == "written"))

    def check_names(self, events):
        """Tasks and objects have names: an object before it first appears."""
        objects = {}
        for e in events:
            if e.name == "object":
                objects[e.values["obj"]] = (e.values["kind"], e.values["name"])
            elif e.values.get("obj"):
                self.assertIn(e.values["obj"], objects, e)
        self.assertLessEqual({("file", "/bin/sh"), ("file", "/test/torture"), ("shm", "shared memory")}, set(objects.values()))
        self.assertLessEqual({"sh", "torture", "shm-anon", "grep"}, {e.values["name"] for e in events if e.name == "name"})
        state = State()
        for e in events:
            state.apply(e)
            if e.name == "fork":
                self.assertEqual(state.names[e.label], state.names[e.values["parent"]])

    def check_sites(self, path, events):
        """Each event outside of snapshots has its place in the source, where just that event's macro stands."""
        table = json.loads(subprocess.run([os.path.join(TOOLS, "sites"), KERNEL, path], capture_output=True, check=True).stdout)
        self.assertEqual({e.name for _, _, e in with_threads(events) if not e.at}, {"object"})
        described = [e for e, after in zip(events, events[1:]) if after.name == "counter" or e.name == "slotalloc" and not e.at]
        self.assertEqual({e.at for e in described}, {None})
        for place, name in {(e.at, e.name) for e in events if e.at}:
            _, path, line = table[hex(place)][0]
            with open(path, encoding="utf-8") as file:
                text = "".join(file.readlines()[line - 1:line + 1])
            self.assertIn(f"TRACE_{name.upper()}(", text)
        self.assertGreater(max(map(len, table.values())), 1, "no function is inlined into another")
        self.check_decided(table, events)

    def check_decided(self, table, events):
        """So has each row of a fault and each reason for an eviction, where the kernel decides on it."""
        for event, field, prefix in (("fault", "row", "VMTRACE_FAULT_ROW_"), ("victim", "why", "RECLAIM_")):
            words = {e.values[field] for e in events if e.name == event} - {"none"}
            self.assertTrue(words)
            for word in words:
                (function, path, line), = table[f"{event}.{field}.{word}"]
                with open(path, encoding="utf-8") as file:
                    self.assertIn(f"VMTRACE_DECIDED({prefix}{word.upper()})", file.readlines()[line - 1])
                self.assertIn(function, ("row_" + word, "make_room", "procswap_send"))

    @limit(120)
    def test_switched_while_running(self):
        """/proc/sys/vm/trace: other classes, off, on again; each part is whole. And why pages leave, whole tasks too."""
        vm = "/proc/sys/vm/"
        cmd = (f"cat {vm}trace; ls / >/dev/null; echo wait,evict >{vm}trace; cat {vm}trace; /test/exhaust; echo 1 >{vm}evict; "
               f"true; echo 0 >{vm}evict; echo all >{vm}trace; echo 3 >{vm}drop_caches; /test/advise; echo fifo >{vm}policy; "
               f"/test/belady; sleep 60 & procswap out $!; echo evict,procswap >{vm}trace; procswap in $!; kill $!; /test/procswap; "
               f"echo off >{vm}trace; cat {vm}trace; /test/cow; echo evict,nonsense >{vm}trace; "
               f"echo user,space >{vm}trace; ls / >/dev/null; echo space,user >{vm}trace; cat {vm}trace")
        path, events, output = self.trace(cmd, "trace=space swap=mem:700", mem="8M")
        self.check_switching(output, events)
        self.assert_sound(path, snapshots=7)
        caused = with_threads(events)
        self.assertLessEqual({"frame", "page"}, {e.values["what"] for who, _, e in caused if e.name == "wait" and who == "exhaust"})
        why = {(e.values["why"], who) for who, _, e in caused if e.name == "victim"}
        for reason in (("daemon", "pageout"), ("always", "sh"), ("drop", "sh"), ("advice", "advise"), ("limit", "belady"),
                       ("procswap", "swapper")):
            self.assertIn(reason, why)
        policies = [e.values["policy"] for _, _, e in caused if e.name == "victim" and e.values["why"] in ("drop", "limit")]
        self.assertEqual((policies[0], policies[-1]), ("clock", "fifo"))
        self.assertEqual([e.values["name"] for _, _, e in caused if e.name == "policy"],
                         ["fifo"] * 3)    # the shell's, and two by belady, which begins anew with each of its strings
        outside, = (e.label for e in events if e.values.get("why") == "earlier")    # in the snapshot while sleep was out
        self.assertIn(outside, [e.label for _, _, e in caused if e.name == "procin"])
        for move in ("out", "in"):
            begun = [(e.label, e.values["pages"]) for _, _, e in caused if e.name == "proc" + move and e.values["why"] == "asked"]
            done = [e.label for _, _, e in caused if e.name == "procdone" and e.values["direction"] == move]
            self.assertEqual([label for label, _ in begun], done)
            self.assertGreater(max(pages for _, pages in begun), 300)

    def check_switching(self, output, events):
        self.assertEqual(re.findall(r"^(?:state,\S*|off)$", output, re.MULTILINE),
                         ["state,space", "state,wait,evict", "off", "state,space,user"])
        self.assertIn("echo: write error: Invalid argument", output)
        classes = [e.values["classes"] for e in events if e.name == "hello"]
        self.assertEqual(classes[:2] + classes[3:],
                         ["state,space", "state,wait,evict", "state,evict,procswap", "state,space,user"])
        now, inside, ended = set(), False, False
        for before, e in zip([None] + events, events):
            if e.name == "hello":
                now = set(e.values["classes"].split(","))
            inside = inside or e.name == "snapshot"
            self.assertTrue(inside or e.type.cls in now, e)
            inside = inside and e.values.get("part") != "end"
            ended |= e.name == "hello" and before is not None and before.values.get("part") == "end"
        self.assertTrue(ended, "off: the last line is the end of a snapshot")
        self.assertNotIn("/test/cow", {e.values["name"] for e in events if e.name == "exec"})
        last = max(i for i, e in enumerate(events) if e.name == "hello" and "user" in e.values["classes"])
        self.assertEqual([e.values["name"] for e in events[last:] if e.name == "exec"][:2], ["/bin/ls", "/bin/echo"])

    def test_stepped(self):
        """`tracestep`: after each line the kernel waits for a byte from the other side, and before it until there is room for it."""
        folder = self.temporary()
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(os.path.join(folder, "com2"))
        listener.listen(1)
        lines = []
        with self.session("ls / >/dev/null", words="trace=evict tracedev=com2 tracestep",
                          extra=["-serial", f"unix:{folder}/com2"]) as s:
            port, _ = listener.accept()
            with port, port.makefile("rb") as stream:
                lines.append(stream.readline())
                self.assertEqual(select.select([port], [], [], 1)[0], [], "a line without permission")
                port.sendall(b"." * AHEAD)
                time.sleep(UNREAD)    # the port is full meanwhile
                lines += [stream.readline() for _ in range(AHEAD)]
                while lines[-1]:
                    port.send(b".")
                    lines.append(stream.readline())
            self.assertEqual(s.finish(30).status, 0)
        path = os.path.join(folder, "trace.txt")
        with open(path, "wb") as file:
            file.writelines(lines)
        self.assert_sound(path)
        output = self.boot("echo on", words="trace=space tracedev=ring tracestep")
        self.assertIn("tracestep: the device ring cannot hold the kernel up; ignored", output)

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
                     "pagefree private fault victim daemon resume").split():
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
        path, events, _ = self.trace("ls / >/dev/null; /test/self-write", "trace=fault,space", icount=True)
        self.assert_sound(path)
        self.check_that_the_clock_stands(events)
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

    def check_that_the_clock_stands(self, events):
        """To write a line takes some 4,000 instructions; by the clock it takes no time. EVENTS: of a machine with --icount."""
        end = next(i for i, e in enumerate(events) if e.values.get("part") == "end")
        steps = sorted(e.cycles - before.cycles for before, e in zip(events[:end], events[1:end]))
        self.assertGreater(len(steps), 20)
        self.assertGreaterEqual(steps[0], 0)
        self.assertLess(steps[len(steps) // 2], 500)

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
        for example in re.findall(r"^@\d+ \d+ .*", text, re.MULTILINE):
            reader.Reader().parse(example)

    def test_counters_exist(self):
        with open("mm/vmtrace.h", encoding="utf-8") as file:
            counters = set(re.findall(r"\bX\((\w+)\)", file.read()))
        for event in schema.load().events.values():
            for counter, conditions in event.counts:
                self.assertIn(counter, counters)
                for name, word in conditions.items():
                    self.assertIn(word, next(f.words for f in event.fields if f.name == name))
