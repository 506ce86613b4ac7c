"""tools/trace/story and the program `trace`: each fault is told once, what is told is in the events, and every event has words."""
import glob
import json
import os
import re
import shutil
import subprocess
from collections import Counter

from support import OUT, Case, limit
from test_base import SANITIZERS, sanitizers_work
from traces import reader

import schema
import stories
import symbols
import telling
import words

STORY = os.path.abspath("tools/trace/story")
LOAD = "trace all; trace; /test/belady 3; /test/self-write; echo 1 >/proc/sys/vm/evict; ls / >/dev/null; echo heap grows >/dev/trace"
# A child stores into a page that it shares with its parent; then it touches what nothing maps.
SMALL = """\
@1 1000 0 hello version=3 page=4096 frames=64 slots=15 limit=0 policy=clock mhz=10 classes=state,fault,map,frame,page,space
@2 1000 0 snapshot part=begin
@3 1000 4 space
@4 1000 4 region start=0x8048000 end=0x804a000 prot=3 flags=8 obj=0x0 index=0
@5 1000 0 page page=0xc1 frame=7
@6 1000 4 private va=0x8048000 page=0xc1
@7 1000 4 name name=sh
@8 1000 0 snapshot part=end
@9 2000 4 run thread=0xa4 at=0xc0100000 name=sh
@10 2000 5 space at=0xc0100000
@11 2100 5 fork parent=4 pages=1 at=0xc0100000
@12 2200 5 run thread=0xa5 at=0xc0100000 name=sh
@13 2300 5 trap va=0x8048010 error=0x7 ip=0x8040000 at=0xc0100000
@14 2310 0 framealloc frame=9 order=0 state=anon at=0xc0100000
@15 2320 0 page page=0xc2 frame=9 at=0xc0100000
@16 2330 5 private va=0x8048000 page=0xc2 at=0xc0100000
@17 2340 5 map va=0x8048000 frame=9 writable=1 at=0xc0100000
@18 2400 5 fault va=0x8048000 access=write row=copy major=0 result=ok at=0xc0100000
@19 2500 5 trap va=0x9000000 error=0x4 ip=0x8040004 at=0xc0100000
@20 2520 5 fault va=0x9000000 access=read row=none major=0 result=segv_map at=0xc0100000
"""
TOLD = """\
@10-11 sh[4] forked sh[5]: they share its private pages (1) copy-on-write.
@13-18 sh[5] wrote to 0x8048010, in the heap, 0x8048000-0x804a000 rw-. The processor reported error code 0x7 (the entry does not \
allow it, write, user mode) at instruction 0x8040000. Row `copy`: the private page there has 2 references and this is a store, so \
it was copied to frame 9; its old frame 7 stays with the others. Cost: 10 µs, events: 6, disk requests: 0.
@19-20 sh[5] read 0x9000000, in no region. The processor reported error code 0x4 (no page is mapped, read, user mode) at \
instruction 0x8040004. Refused: no region contains 0x9000000, and no stack can grow to it. The task gets SIGSEGV (SEGV_MAPERR). \
Cost: 2 µs, events: 2, disk requests: 0.
"""
BRIEF_JA = """\
@11 sh[4] が fork して sh[5] ができた。プライベートページ（1 個）はコピーオンライトで共有する。
@18 sh[5] がコピーオンライトで共有中のページ 0x8048000 に書き込んだ。フレーム 9 へ複製した。
@20 sh[5] がリージョンのない 0x9000000 を読もうとして、拒否された。
"""


def story(*args, **options):
    done = subprocess.run([STORY, "--build", OUT, *args], capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout, done.stderr


def unfolded(text):
    """Each paragraph of TEXT as one line"""
    return re.sub(r"\n +", " ", text).replace("\n\n", "\n")


class Words(Case):
    def test_both_languages(self):
        table = words.load()
        holes = {key: {lang: set(re.findall(r"\{(\w+)\}", text[lang])) for lang in words.LANGUAGES} for key, text in table.items()}
        for key, text in table.items():
            self.assertEqual(set(text), set(words.LANGUAGES), key)
            self.assertTrue(text["en"] and text["ja"], key)
            number = {"n"} if key.endswith(".one") else set()    # one language may have a word for it
            self.assertEqual(holes[key]["en"] | number, holes[key]["ja"] | number, key)
            if key.endswith(".library") and key[:-len(".library")] in table:
                self.assertLessEqual(holes[key]["en"], holes[key[:-len(".library")]]["en"], key)
        with open(words.DEFAULT, encoding="utf-8") as file:
            self.assertEqual(file.read(), json.dumps(table, ensure_ascii=False, indent="\t") + "\n", "not in its usual form")

    def test_every_event_has_words(self):
        """A new event, field or word of tools/trace.schema needs its sentence."""
        table = words.load()
        missing = []
        for event in schema.load().events.values():
            if event.name == "fault":
                continue
            for field in (f for f in event.fields if f.words):
                missing += [f"{event.name} {field.name}={word}" for word in field.words
                            if f"event.{event.name}.{word}" not in table and f"{event.name}.{field.name}.{word}" not in table]
            if not any(key == f"event.{event.name}" or key.startswith(f"event.{event.name}.") for key in table):
                missing.append(event.name)
        missing += [name for name in schema.load().program_lines if "line." + name.replace(" ", ".") not in table]
        fault = {f.name: f.words for f in schema.load().events["fault"].fields}
        for access in fault["access"]:
            for result in set(fault["result"]) - {"ok"}:
                missing += [key for key in (f"fault.{result}.{access}", "story." + access) if key not in table]
        for row in set(fault["row"]) - {"none"}:
            for kind in ("minor", "major"):
                told = [key for key in table if re.fullmatch(rf"fault\.{row}\.\w+\.{kind}", key)]
                missing += [] if told else [f"fault.{row}.*.{kind}"]
        self.assertEqual(missing, [])

    def test_no_words_without_use(self):
        """Keys are found in the sources as texts; ends that are put in while it runs match anything."""
        texts = ["event.", "line."]
        folders = ["tools/trace/*", "tools/view/src/**/*", "tools/gdb/*", "user/bin/trace/*"]
        for path in (p for folder in folders for p in glob.glob(folder, recursive=True) if os.path.isfile(p)):
            with open(path, encoding="utf-8", errors="replace") as file:
                texts += re.findall(r"""["'`]([a-z]+\.[^"'`\n]*|[a-z]+\.)["'`]""", file.read())
        patterns = [re.compile(r".+".join(re.escape(part) for part in re.split(r"\$?\{[^}]*\}|%s", text)) +
                               (".+" if text.endswith(".") else "")) for text in texts]
        kinds = {f"{e.name}.{f.name}" for e in schema.load().events.values() for f in e.fields if f.words}
        for key in words.load():
            base = key
            for end in (".library", ".one"):    # put in by say()
                base = base.removesuffix(end) if base.removesuffix(end) in words.load() else base
            used = base.rpartition(".")[0] in kinds or any(p.fullmatch(base) for p in patterns)
            self.assertTrue(used, f"{key} is used nowhere")


class Story(Case):
    def small(self, text=SMALL):
        path = os.path.join(self.temporary(), "trace.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_small_recording(self):
        path = self.small()
        status, said, complaint = story(path)
        self.assertEqual((status, complaint), (0, ""))
        told, places = re.subn(r" Source: row_copy \(mm/fault\.c:\d+\)\.", "", unfolded(said))
        self.assertEqual((told.partition("\n")[2], places), (TOLD, 1))
        self.assertLessEqual(max(map(len, said.splitlines())), 100)
        self.assertEqual(story("--brief", "--lang=ja", path)[1].partition("\n")[2], BRIEF_JA)
        self.assertIn("Reader sh[5] wants to write in book 0x8048000, which others read too. A copy was made at place 9.",
                      story("--brief", "--library", path)[1])
        self.assertEqual(story("--brief", "--task=5", "--from=12", "--to=18", path)[1].count("\n"), 1)
        lives = story("--page=0x8048fff", "--task=5", path)[1]
        self.assertEqual(re.findall(r"^@(\d+) .*?\.(?: \[(\w+) \(mm/fault\.c:\d+\)\])?$", lives, re.MULTILINE),
                         [("13", ""), ("16", "row_copy"), ("17", "row_copy"), ("18", "row_copy")])
        self.assertEqual(story("--page=0x110000", path), (0, "", f"story: no event concerns page 0x110000 in {path}\n"))
        self.assertEqual(story("--task=99", path), (0, "", f"story: no story of task 99 in {path}\n"))
        record = [json.loads(line) for line in story("--json", path)[1].splitlines()][2]
        self.assertEqual({key: record[key] for key in "kind first last task name row refs source frame us page va ip".split()},
                         {"kind": "fault", "first": 13, "last": 18, "task": 5, "name": "sh", "row": "copy", "refs": 2, "source": 7,
                          "frame": 9, "us": 10.0, "page": 0x8048000, "va": 0x8048010, "ip": 0x8040000})
        self.assertEqual((record["place"]["function"], record["place"]["file"]), ("row_copy", "mm/fault.c"))
        self.assertNotIn("Source:", story("--build=/nowhere", path)[1])

    def test_two_programs_of_one_name(self):
        """The file that is mapped at the instruction tells which one it is."""
        mains = {path: address for path in ("bin/touch", "test/touch") for address, name in symbols.functions(f"{OUT}/user/{path}")
                 if name == "main"}
        self.assertEqual(len(set(mains.values())), 2, mains)
        for path, address in mains.items():
            text = SMALL.replace("name=sh", "name=touch").replace("ip=0x8040000", f"ip={address:#x}")
            text = text.replace("start=0x8048000 end=0x804a000 prot=3 flags=8 obj=0x0", "start=0x8048000 end=0x8050000 prot=7 flags=0 obj=0xb1")
            lines = text.splitlines(True)
            lines.insert(2, f"@0 1000 0 object obj=0xb1 kind=file name=/{path}\n")
            lines = [re.sub("@[0-9]+", f"@{i + 1}", line) for i, line in enumerate(lines)]
            self.assertIn(f"at instruction main+0x0 ({address:#x}, touch)", unfolded(story(self.small("".join(lines)))[1]))

    def test_without_its_end(self):
        """A recording that ends within a fault; lines that are lost, which end what was under way."""
        lines = SMALL.splitlines(True)
        self.assertIn("@13-17\n  The recording does not show the end of this fault of sh[5] at 0x8048010.",
                      story(self.small("".join(lines[:17])))[1])
        gap = "".join(lines[:15]) + "@17 2345 0 dropped n=2\n@18 2350 5 run thread=0xa5 name=sh\n" + \
            "".join(re.sub(r"@(\d+)", lambda m: f"@{int(m[1]) + 1}", line) for line in lines[17:])
        said = story("--brief", self.small(gap))[1]
        self.assertIn("Gap: events missing here: 2.", said)
        self.assertEqual(len(re.findall(r"copied to frame|is mapped: refused", said)), 2, said)

    def test_garbage(self):
        for text, complaint in (("nonsense\n", "line 1: 'nonsense': not a line of a trace"), (SMALL[:-5], "line 20: cut off"),
                                (SMALL + "@21 1 0 nosuch\n", "line 21: '@21 1 0 nosuch': the event nosuch"),
                                (SMALL + "@21 1 0 map va=0x1\n", "line 21"), ("\0\xff\n", "line 1")):
            status, _, said = story(self.small(text))
            self.assertEqual(status, 1)
            self.assertIn(complaint, said)
            self.assertNotIn("Traceback", said)
        self.assertIn("No such file", story("/nowhere/trace")[2])
        self.assertEqual(story(self.small(""))[:2], (0, ""))
        piped = subprocess.run(f"{STORY} - <{self.small()} | head -1", shell=True, capture_output=True, text=True, check=False)
        self.assertEqual((piped.stdout, piped.stderr), ("@1\n", ""))

    @limit(120)
    def test_a_real_run(self):
        path = os.path.join(self.temporary(), "trace.txt")
        output = self.boot(LOAD, words="exact", mem="16M", debugcon=path, timeout=90)
        self.assertIn("the kernel writes the trace to another device, not to the ring", output)
        with open(path, encoding="utf-8") as file:
            events = list(reader.read(file))
        told = [s for _, s in stories.read_stories(iter(events))]
        self.follow_faults(events, told)
        self.follow_victims(events, told)
        self.follow_counters(events, told)
        self.follow_output(path, events, told)
        self.compare_in_c(path, events)

    def follow_faults(self, events, told):
        """Each fault has one story, and each event at most one; a story's costs are those of its events."""
        self.assertEqual([e.seq for e in events if e.name == "fault"],
                         sorted(s.last.seq for s in told if s.kind == "fault"))
        shares = Counter(e.seq for s in told if s.kind in ("fault", "daemon") for e in s.events)
        shared = [e for e in events if shares[e.seq] > 1]
        self.assertEqual({e.name for e in shared} - set(stories.ENDS), set())
        at = {e.seq: e.cycles for e in events}
        for s in told:
            self.assertEqual(s.cycles, at[s.last.seq] - at[s.first.seq])
            self.assertEqual(s.requests, sum(e.name in stories.ENDS for e in s.events))
            self.assertEqual([e.seq for e in s.events], sorted({e.seq for e in s.events}))
        for s in (s for s in told if s.kind == "fault"):
            trap = [e for e in s.events if e.name == "trap"]
            self.assertEqual(trap, [s.first] if s.facts["trap"] else [])
            threads = {e.values["thread"] for e in s.events if e.name == "run"}
            self.assertFalse(threads)
            if s.facts["result"] == "ok" and s.facts["frame"] is not None:
                self.assertIn(s.facts["frame"], [e.values["frame"] for e in s.each("map")])

    def follow_victims(self, events, told):
        """Each victim is told once, with the policy and the reason of its event, and its end is that of its `evict`."""
        inside, chosen, gone = False, [], {}
        for e in events:
            inside = e.values["part"] == "begin" if e.name == "snapshot" else inside
            if e.name == "victim":
                chosen.append((e.values["frame"], e.values["policy"], e.values["why"]))
            if e.name == "evict":
                gone.setdefault(e.values["frame"], []).append(e.values["how"])
        victims = [v for s in told for v in s.victims]
        self.assertEqual(Counter(chosen), Counter((v.frame, v.policy, v.why) for v in victims))
        self.assertLessEqual({"always", "exact"}, {v.why for v in victims})
        for v in victims:
            if v.how:
                self.assertIn(v.how, gone[v.frame])
        self.assertTrue(any(v.owner and v.owner.label for v in victims))
        self.assertTrue(any(verdict == "passed" for v in victims for _, verdict in v.looks))

    def follow_counters(self, events, told):
        """What the stories say adds up to the counters of the snapshots at the ends."""
        counters = {}
        for e in events:
            if e.name == "counter":
                counters.setdefault(e.values["name"], []).append(e.values["value"])
        went_up = {name: values[-1] - values[0] for name, values in counters.items()}
        faults = [s.facts for s in told if s.kind == "fault"]
        rows = Counter(f["row"] for f in faults if f["result"] == "ok")
        self.assertEqual({"pgfault": len(faults), "pgmajfault": sum(f["major"] for f in faults if f["result"] == "ok"),
                          "fault_refused": sum(f["result"] != "ok" for f in faults), "fault_private": rows["private"],
                          "cow_break": rows["copy"], "fault_object": rows["object"], "promote": rows["promote"],
                          "zero_read": rows["zero_read"],
                          "pswpin": sum((f["slot"] is not None) + len(f["readahead"]) for f in faults)},
                         {name: went_up[name] for name in ("pgfault pgmajfault fault_refused fault_private cow_break fault_object "
                                                           "promote zero_read pswpin").split()})

    def follow_output(self, path, events, told):
        status, said, complaint = story("--brief", "--lang=ja", "--library", path)
        self.assertEqual((status, complaint, len(said.splitlines())), (0, "", len(told)))
        whole = unfolded(story(path)[1])
        self.assertRegex(whole, r"belady\[\d+\] read 0x[0-9a-f]+, in anonymous memory, .* at instruction main\+0x[0-9a-f]+ ")
        self.assertRegex(whole, r"Row `copy`: the private page there has 2 references")
        self.assertRegex(whole, r"Slot \d+ was read into frame \d+\.")
        self.assertRegex(whole, r"The kernel tried it for a system call, which fails with EFAULT")
        self.assertNotIn("?", whole)
        out = path + ".json"
        self.assertEqual(story("--perfetto", out, path), (0, "", ""))
        with open(out, encoding="utf-8") as file:
            entries = json.load(file)["traceEvents"]
        for entry in entries:    # the keys that the trace-event format asks for
            self.assertLessEqual({"name", "ph", "ts", "pid", "tid"} | ({"dur"} if entry["ph"] == "X" else set()), set(entry))
        self.assertEqual(sum(e.get("cat") == "fault" for e in entries), sum(e.name == "fault" for e in events))
        self.assertLessEqual({"free frames", "used slots", "resident"}, {e["name"] for e in entries if e["ph"] == "C"})

    def compare_in_c(self, path, events):
        """The program `trace`, compiled for the host, says of each event what Python says."""
        compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
        if not compiler:
            return
        folder = self.temporary()
        flags = SANITIZERS if sanitizers_work(compiler, folder) else []
        sources = [f"user/bin/trace/{name}.c" for name in ("event", "follow", "say", "tell")]
        program = os.path.join(folder, "sentences")
        subprocess.run([compiler, "-std=gnu11", "-Wall", "-Wextra", "-Werror", f"-I{OUT}/gen", "-Iuser", *flags, "-o", program,
                        "tools/test/sentences.c", *sources], check=True)
        for options, lang, library in ((["-j"], "ja", False), (["-l"], "en", True)):
            with open(path, encoding="utf-8") as file:
                said = subprocess.run([program, *options], stdin=file, capture_output=True, text=True, check=True).stdout
            followed, mine = stories.Stories(), []
            for event in events:
                followed.take(event)
                if not followed.state.snapshot and event.name != "snapshot":
                    mine.append(f"@{event.seq} {telling.Teller(followed, lang, library).event(event)}")
            self.assertEqual(said.splitlines(), mine)

    def test_the_program(self):
        output = self.boot("trace; trace /test/touch; trace -j ls >/dev/null; trace nosuch; trace wc /data/text.txt >/dev/null; "
                           "trace fault,space; cat /dev/null; trace | grep 'cat.[0-9]*. wrote'; cat /proc/sys/vm/trace; trace off; "
                           "trace -x; trace fault,map,space; trace true; trace wc /data/text.txt >/dev/null; trace off; "
                           "trace sleep 60 2>/dev/null & sleep 1; kill $!; wait $!; echo =$?=; cat /proc/sys/vm/trace; ps; "
                           "trace sh -c 'i=0; while [ $i -lt 100 ]; do (:); i=$((i+1)); done; cksum /bin/true' 2>&1 | grep 'cksum.* wrote'")
        self.assertIn("trace: the ring is empty, and the trace is off", output)
        self.assertRegex(output, r"(?m)^@\d+ touch\[\d+\] wrote to page 0x[0-9a-f]+, which had no contents yet. Frame \d+ was filled")
        self.assertRegex(output, r"(?m)^@\d+ ls\[\d+\] が「/bin/ls」のページ 0x[0-9a-f]+ を読んだ。")
        self.assertIn("trace: nosuch: No such file or directory", output)
        self.assertIn("touch: ok", output)
        # Ended by a signal, it switches the trace off again, and ends the command too.
        ended = output.partition("=143=\n")[2]
        self.assertTrue(ended.startswith("off\n"), output)
        self.assertNotIn(" sleep\n", ended)
        self.assertRegex(output, r"(?m)^@\d+ cat\[\d+\] wrote to page")
        self.assertIn("trace: -x is not supported; usage: trace [-jl]", output)
        self.assertNotRegex(output, r"@\d+ (sh|trace)\[")
        self.assertNotIn("its name is not in the trace", output)    # the classes were on already, yet regions are known
        # Before it there were more tasks than the table of tasks has room for.
        self.assertRegex(output, r"(?m)^@\d+ cksum\[\d+\] wrote to page")
