"""Fault-around: a read of a file's page maps those around it, unless each fault is to be seen."""
import re

from support import Case

LOOK = "grep fault_object /proc/vmstat"


class FaultAround(Case):
    def faults(self, before="", words=""):
        """=> how many pages of files were mapped by a fault of their own while a program ran that is in memory"""
        output = self.boot(f"{before}{LOOK}; {LOOK}; {LOOK}", words=words)
        counts = [int(n) for n in re.findall(r"^fault_object (\d+)", output, re.MULTILINE)]
        return counts[-1] - counts[-2]

    def test_neighbours_are_mapped(self):
        self.assertLess(self.faults(), self.faults("echo 0 >/proc/sys/vm/fault_around; "))

    def test_each_fault_is_seen(self):
        alone = self.faults("echo 0 >/proc/sys/vm/fault_around; ")
        for words in ("exact", "trace=fault"):
            self.assertEqual(self.faults(words=words), alone, words)
