"""Whole tasks out and in: by order, under check, under failures; and load control, which does it when the load is too high."""
import os
import re

from support import PROMPT, Case, counters, limit

STORM = "/test/procswap-storm 120 4 150; cat /proc/vmstat"


class Procswap(Case):
    def storm(self, words, **options):
        output = self.boot(STORM, words=words, **options)
        self.assertIn("procswap-storm: ok", output)
        c = counters(output)
        self.assertGreater(c["procswap_out"], 20)
        self.assertEqual(c["procswap_in"], c["procswap_out"])
        self.assertGreater(c["pswpin"], 1000)
        return c

    @limit(150)
    def test_storm_checked_always(self):
        """Tasks with pages of every kind, out and in at any moment; at the end all has come back (I9, by the kernel)."""
        c = self.storm("check=always frames=300 swap=mem:1500:5", mem="12M", timeout=140)
        self.assertEqual(c["oom_kill"], 0)

    def test_storm_in_few_frames(self):
        self.storm("frames=200")

    def test_storm_evicted_always(self):
        self.storm("frames=400 evict=always")

    def test_storm_where_memory_fails(self):
        """A directory, a table, the list of what was resident: each may not be had at once."""
        output = self.boot(STORM, words="frames=400 fail=frame:50", status=None)
        self.assertRegex(output, r"shisho: init (exited|killed)")
        output = self.boot(STORM, words="frames=400 fail=heap:200", status=None)
        self.assertRegex(output, r"shisho: init (exited|killed)")

    def test_storm_where_the_disk_fails(self):
        """A task whose page cannot be read is killed when it accesses that; no task hangs or reads wrong data."""
        for every in (40, 41, 43, 47):
            output = self.boot(STORM, words=f"frames=400 fail=disk:{every}", status=None)
            self.assertRegex(output, r"disk [hv]d[ab]: (reading|writing) .* failed")
            self.assertNotRegex(output, r"\*word == ")
            self.assertRegex(output, r"shisho: init (exited|killed)")

    def test_tool(self):
        """What a person sees: figures that belong together, state W, only slots, and the frames."""
        with self.session(mem="32M") as s:
            s.expect(PROMPT, 20)
            s.send("sort /data/words.txt | cksum &\n")
            s.expect(PROMPT, 20)
            s.send("sleep 1; procswap out 6; ps; pages sort; procswap in 6; ps\n")
            out = s.expect(r"6: out: (\d+) pages of its resident set, (\d+) written to swap in (\d+) runs, \d+ us, "
                           r"(\d+) frames", 20)
            pages, written, runs, frames = map(int, out.groups())
            self.assertGreater(pages, 300)
            self.assertGreater(written, pages - 20)
            self.assertLessEqual(runs, written // 32 + 2)
            self.assertGreater(frames, written)
            s.expect(r"\b6 +1 W +0 +\d+ sort", 20)
            self.assertEqual(int(s.expect(r"# RAM (\d+) ", 20).group(1)), 0)
            back = s.expect(r"6: in: (\d+) pages of its resident set, (\d+) read from swap in (\d+) runs", 20)
            self.assertEqual(int(back.group(1)), pages)
            self.assertEqual(int(back.group(2)), written)
            s.expect(r"\b6 +1 [RSD] +\d+ +\d+ sort", 20)
            s.expect(PROMPT, 20)
            s.send("wait\n")
            s.expect("3626439956 24399739", 60)
            s.send("exit\n")
            self.assertEqual(s.finish(20).status, 0)

    def test_who_is_refused(self):
        output = self.boot("procswap out 1; procswap out 2; procswap out 999; procswap in 1; procswap sideways 3",
                           status=1)
        self.assertEqual(len(re.findall(r"procswap: 1: Operation not permitted", output)), 2)
        self.assertIn("procswap: 2: Invalid argument", output)
        self.assertIn("procswap: there is no task 999; ps lists them", output)
        self.assertIn("usage: procswap", output)

    def test_without_swap(self):
        output = self.boot("sleep 9 & sleep 1; procswap out 6; kill 6", swap=False, status=None)
        self.assertIn("No space left on device", output)

    def test_killed_while_out(self):
        """It ends there; memory and slots come back (I9)."""
        output = self.boot("/test/crypt 2000 1000 & sleep 1; procswap out 6; ps; kill 6; wait; ps", words="check=poison",
                           status=None)
        self.assertRegex(output, r"\b6 +1 W")
        self.assertEqual(len(re.findall(r"crypt$", output, re.MULTILINE)), 1)


class LoadControl(Case):
    def load(self, cmd, **options):
        return counters(self.boot(cmd + "; cat /proc/vmstat", **options))

    def causes(self, path):
        """=> {"procout": the causes in the trace at PATH, in their order, "procin": ...}; each movement has its end"""
        with open(path, encoding="utf-8") as file:
            moves = re.findall(r" (procout|procin|procdone) .*?(?:why|direction)=(\w+)", file.read())
        moves = [m for m in moves if m[1] != "earlier"]    # of snapshots
        for kind, end in (("procout", "out"), ("procin", "in")):
            self.assertEqual(sum(m[0] == kind for m in moves), moves.count(("procdone", end)))
        return {kind: [why for k, why in moves if k == kind] for kind in ("procout", "procin")}

    def test_takes_tasks_out_and_lets_all_have_their_turn(self):
        """Five tasks, two fit: each is out sometimes, none for good, and nothing of their memory is lost."""
        path = os.path.join(self.temporary(), "trace.txt")
        output = self.boot("/test/turns; cat /proc/vmstat", mem="16M", timeout=80, words="trace=procswap", debugcon=path)
        self.assertIn("turns: ok", output)
        c = counters(output)
        causes = self.causes(path)
        self.assertEqual((len(causes["procout"]), len(causes["procin"])), (c["procswap_out"], c["procswap_in"]))
        self.assertEqual(causes["procout"][0], "thrashing")
        self.assertLessEqual(set(causes["procout"]), {"thrashing", "exchange"})
        self.assertLessEqual(set(causes["procin"]), {"fits", "exchange"})
        self.assertGreaterEqual(c["procswap_out"], 4)
        self.assertGreaterEqual(c["procswap_in"], c["procswap_out"] - 5)

    def test_takes_who_is_stopped(self):
        """Five tasks, two fit, one is stopped: that is swapped out at most once, and continues in the end."""
        path = os.path.join(self.temporary(), "trace.txt")
        output = self.boot("/test/turns stopped; cat /proc/vmstat", mem="16M", timeout=80, words="trace=procswap", debugcon=path)
        self.assertIn("turns: ok", output)
        causes = self.causes(path)["procout"]
        self.assertLessEqual(causes.count("stopped"), 1)
        self.assertLessEqual(set(causes), {"stopped", "thrashing", "exchange"})
        self.assertGreaterEqual(counters(output)["procswap_out"], 2)

    def test_can_be_switched_off(self):
        c = self.load("echo 0 >/proc/sys/vm/load_control; /test/turns short", mem="16M", timeout=80)
        self.assertEqual(c["procswap_out"], 0)

    def test_leaves_a_steady_load_alone(self):
        """Pages that would leave in any case, and work that fits. (One task that is too large alone: Swap.test_sort_in_8_mib,
        Proof.test_daemon_serves_a_steady_load.)"""
        for cmd, mem in (("/test/crypt 9000 2 & /test/crypt 9000 2; wait", "8M"),
                         ("/test/crypt 3000 3 & /test/crypt 3000 3; wait", "16M")):
            c = self.load(cmd, mem=mem, icount=True)
            self.assertEqual(c["procswap_out"], 0, cmd)
