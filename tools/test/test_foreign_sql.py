"""SQLite, built from its source: journals, locks between processes, a database larger than memory, as on Linux."""
from foreign_case import ForeignCase, script_of, steps
from support import counters, limit


def script(rows):
    return f"BIG={rows}\n" + steps(script_of("sql.sh"))


class ForeignSql(ForeignCase):
    @limit(300)
    def test_database(self):
        self.compare(script(4000), mem="64M")

    @limit(300)
    def test_database_larger_than_memory(self):
        rest = self.compare(script(30000), mem="10M", behind="cat /proc/vmstat", timeout=200)
        self.assertGreater(counters(rest)["pswpin"], 1000)
        self.assertGreater(counters(rest)["pswpout"], 1000)
