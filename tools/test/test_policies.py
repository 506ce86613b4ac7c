"""The replacement policies in the kernel: each under a load that checks every word, and switched while it runs."""
from support import Case, counters, limit

POLICIES = "adaptive ageing clock fifo random wsclock".split()


class Policies(Case):
    @limit(280)
    def test_each_under_load_and_switched(self):
        """With the invariants checked at each scheduling point. The last load outlives many switches."""
        output = self.boot('cd /proc/sys/vm; for p in $(cat available_policies); do echo $p >policy; /test/torture 2 3 && cat policy; done; '
                           '/test/torture 6 5 && echo >/tmp/ended & until test -e /tmp/ended; do '
                           'for p in $(cat available_policies); do echo $p >policy; done; done; grep pswp /proc/vmstat',
                           words="swap=mem:1024:7 frames=88 check=always", timeout=270)
        self.assertEqual(output.count("torture: ok"), len(POLICIES) + 1)
        self.assertGreater(counters(output)["pswpin"], 1000)
        for policy in POLICIES:
            self.assertRegex(output, rf"torture: ok .*\n{policy}\n")
