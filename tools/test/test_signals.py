"""The programs about signals where memory is short, pages leave after each fault, and every step is checked."""
from support import Case, limit

PROGRAMS = ("sig-handler", "sig-fault", "sig-stack", "sig-mask", "sig-float", "sig-forged", "sig-timer")


class Signals(Case):
    def run_all(self, words, **options):
        """I9 holds at the end of each: the kernel says so, or panics."""
        for program in PROGRAMS:
            output = self.boot(words=f"{words} check=always init=/test/{program}", timeout=80, **options)
            self.assertIn(f"{program}: ok", output)
            self.assertIn("check: ", output)

    @limit(200)
    def test_pages_leave_at_once(self):
        self.run_all("evict=always")

    @limit(200)
    def test_little_memory(self):
        self.run_all("frames=100 swap=mem:1000", swap=False)

    @limit(100)
    def test_paging_twice(self):
        """A program pages for itself while the kernel takes its pages, the handler's among them."""
        output = self.boot(words="frames=64 swap=mem:1000 init=/test/sig-pager", swap=False, timeout=80)
        self.assertIn("sig-pager: ok", output)

    @limit(100)
    def test_sleeps_for_memory_go_on(self):
        """Alarms come while a task waits for frames: no call fails for it."""
        output = self.boot(words="frames=100 swap=mem:1000 check=always init=/test/sig-restart", swap=False, timeout=80)
        self.assertIn("sig-restart: ok", output)
