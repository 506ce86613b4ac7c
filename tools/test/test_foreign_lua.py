"""Lua, built from its source: programs that count, sort and keep much, as on Linux."""
from foreign_case import ForeignCase
from support import counters, limit


class ForeignLua(ForeignCase):
    @limit(300)
    def test_programs_in_less_memory_than_they_want(self):
        rest = self.compare("lua", mem="8M", behind="cat /proc/vmstat", timeout=200)
        self.assertGreater(counters(rest)["pswpin"], 1000)
        self.assertGreater(counters(rest)["pswpout"], 1000)
