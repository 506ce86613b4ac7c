"""Calls that change what memory there is: swapon and swapoff, moving mappings, under pressure and with failures ordered."""
from support import Case, counters, limit


class MemoryCalls(Case):
    @limit(120)
    def test_swapoff_under_load(self):
        """Four tasks use what is in swap while it is emptied, given up and taken again, twice; I9 at the end."""
        output = self.boot("/test/swap-off 170 fits; cat /proc/vmstat", timeout=100, mem="8M", words="frames=1000 check=always")
        self.assertIn("swap-off: ok", output)
        self.assertIn("check: ", output)
        c = counters(output)
        self.assertGreater(c["pswpin"], 100)
        self.assertEqual(c["oom_kill"], 0)

    @limit(120)
    def test_swapoff_refused(self):
        """Memory cannot hold all of it: that is reported, no task is killed, and the system keeps running."""
        output = self.boot("/test/swap-off 100 refused; cat /proc/vmstat", timeout=100, mem="8M", words="frames=300 check=always")
        self.assertIn("swap-off: ok", output)
        self.assertEqual(counters(output)["oom_kill"], 0)

    @limit(60)
    def test_tasks_without_swap(self):
        """Which task is killed when memory is exhausted; and a limit that is exceeded, since no page can leave."""
        output = self.boot("/test/spare; /test/own-limit", words="check=poison", mem="8M", swap=False)
        self.assertIn("spare: ok", output)
        self.assertIn("own-limit: ok", output)

    @limit(200)
    def test_calls_with_failures(self):
        """Every N-th allocation fails, for many N: each program ends, with an error or not, and nothing is lost (I9)."""
        runs_of = {"remap": 12, "advise": 12, "sysv-shm": 20, "send-file": 20, "poll-wait 20": 8}
        for program, runs in runs_of.items():
            with self.subTest(program):
                output = self.boot(f"/test/each-failure {runs} /test/{program}", words="check=always", mem="8M", timeout=100)
                self.assertIn("each-failure: ok", output)
                self.assertIn(" 0 slots in use", output)
                c = counters(output)
                self.assertEqual(c["killed"], 0)
                self.assertGreater(c["failed"], runs // 3)

    def test_pages_go_by_order(self):
        """MADV_PAGEOUT with plenty of memory: pages are written to swap and read again, and the policy chose none."""
        for words in ("check=always", "exact swap=mem:400"):
            output = self.boot("/test/advise; cat /proc/vmstat", words=words, timeout=50)
            self.assertIn("advise: ok", output)
            c = counters(output)
            self.assertGreaterEqual(c["pswpout"], 100)
            self.assertGreaterEqual(c["pswpin"], 100)

    def test_proc_with_memory_in_pieces(self):
        """Half of memory is free, in single frames: a text of half a MiB is made, not refused."""
        output = self.boot("/test/proc-pieces 200; cat /proc/vmstat /proc/buddyinfo", timeout=50, swap=False)
        self.assertIn("proc-pieces: ok", output)
        self.assertEqual(counters(output)["oom_kill"], 0)

    @limit(120)
    def test_lock_limit(self):
        """Of 16 MiB five can be locked, but not ten, by any call and any number of tasks: that is refused, no task is killed."""
        for words in ("", "check=always"):
            output = self.boot("/test/lock-limit refused; cat /proc/vmstat", words=words, timeout=100)
            self.assertIn("lock-limit: ok", output)
            self.assertEqual(counters(output)["oom_kill"], 0)

    @limit(160)
    def test_futex_of_a_page_that_is_swapped_out(self):
        """The boot's clean pages, which would be evicted in place of the test's, are dropped first. A run alone has as few as 12."""
        output = self.boot("echo 1 > /proc/sys/vm/drop_caches; /test/futex; /test/futex; /test/futex; cat /proc/vmstat",
                           mem="8M", words="evict=always check=always swap=mem:300:1", swap=False, timeout=150)
        self.assertEqual(output.count("futex: ok"), 3)
        c = counters(output)
        self.assertGreater(c["pswpout"], 20)
        self.assertGreater(c["futex_wakes"], 0)

    def test_segments_that_are_swapped_out(self):
        """A segment of five times the frames: it is swapped while a child fills it, while nobody has it, and is gone with the
        last detach, in memory and in swap (the kernel checks). Beside it pages that are shared since fork, and locked."""
        for words in ("frames=200", "frames=200 evict=always exact"):
            output = self.boot("/test/sysv-shm many 1000; /test/cow; cat /proc/vmstat", mem="8M", words="check=always " + words, timeout=100)
            self.assertIn("sysv-shm: ok", output)
            self.assertIn("cow: ok", output)
            self.assertIn(" 0 slots in use", output)
            c = counters(output)
            self.assertGreater(c["pswpout"], 800)
            self.assertGreater(c["pswpin"], 800)
            self.assertEqual(c["oom_kill"], 0)

    def test_all_pipes_have_a_bound(self):
        """A quarter of memory; then a new pipe has a single page."""
        self.assertIn("pipe: ok", self.boot("/test/pipe all", words="check=always", mem="8M", swap=False))

    @limit(200)
    def test_messages_with_failures(self):
        """Whatever fails, users of a queue or a pipe end: none waits for a task that could not be created."""
        for words in ("msg-queue fail=heap:5", "msg-queue fail=frame:7", "pipe fail=frame:13", "pipe fail=frame:31"):
            output = self.boot(words="check=always frames=64 swap=mem:400 init=/test/" + words, status=None, swap=False)
            self.assertRegex(output, r"shisho: init (exited with status|killed by signal) \d+\s*$")
            self.assertNotIn("PANIC", output)
