"""The programs about signals where memory is short, pages leave after each fault, and every step is checked."""
from support import Case, counters, limit

PROGRAMS = ("sig-handler", "sig-fault", "sig-stack", "sig-mask", "sig-float", "sig-forged", "sig-timer", "sig-queue")
JOBS = ("job-stop", "job-calls", "job-wait", "job-orphan", "job-swap")


class Signals(Case):
    def run_all(self, words, **options):
        """I9 holds at the end of each: the kernel says so, or panics."""
        for program in PROGRAMS:
            output = self.boot(words=f"{words} check=always init=/test/{program}", mem="8M", timeout=80, **options)
            self.assertIn(f"{program}: ok", output)
            self.assertIn("check: ", output)

    @limit(200)
    def test_pages_leave_at_once(self):
        self.run_all("evict=always swap=mem:300:1", swap=False)

    @limit(200)
    def test_little_memory(self):
        self.run_all("frames=100 swap=mem:1000", swap=False)

    def run_jobs(self, words, **options):
        """Children of the shell, so that their groups are no orphans."""
        commands = "; ".join("/test/" + program for program in JOBS)
        output = self.boot(commands, words=words + " check=always", mem="8M", timeout=110, **options)
        for program in JOBS:
            self.assertIn(f"{program}: ok", output)
        self.assertIn("check: ", output)

    @limit(120)
    def test_stopped_in_little_memory(self):
        self.run_jobs("frames=100")

    @limit(120)
    def test_stopped_while_pages_leave(self):
        self.run_jobs("evict=always")

    @limit(120)
    def test_storm_of_stops(self):
        """No signal is lost, whether the task is stopped, swapped out or in; and all frames and slots are freed."""
        for words in ("check=always frames=200", "evict=always", "frames=120 swap=mem:2000:5"):
            output = self.boot("/test/job-storm; cat /proc/vmstat", mem="8M", words=words, timeout=80)
            self.assertIn("job-storm: ok", output)
            c = counters(output)
            self.assertGreater(c["procswap_out"], 10)
            self.assertGreater(c["pswpin"], 100)

    @limit(100)
    def test_queue_where_memory_fails(self):
        """A call that finds no memory fails or waits; a message says so, and the kernel's state is consistent."""
        output = self.boot("/test/job-storm 300; /test/sig-queue", words="fail=heap:30 check=always", status=None, timeout=90)
        self.assertRegex(output, r"shisho: init (exited|killed)")

    @limit(100)
    def test_first_program_cannot_be_stopped(self):
        output = self.boot("kill -STOP 1; kill -TSTP 1; kill -CONT 1; echo it goes on")
        self.assertIn("it goes on", output)

    @limit(100)
    def test_paging_twice(self):
        """A program pages for itself while the kernel takes its pages, the handler's among them."""
        output = self.boot(words="frames=64 swap=mem:1000 init=/test/sig-pager", swap=False, timeout=80)
        self.assertIn("sig-pager: ok", output)

    @limit(150)
    def test_sleeps_for_memory_go_on(self):
        """Alarms come while a task waits for frames: no call fails for it."""
        output = self.boot(words="frames=100 swap=mem:1000 check=always init=/test/sig-restart", swap=False, mem="8M",
                           timeout=130)
        self.assertIn("sig-restart: ok", output)
