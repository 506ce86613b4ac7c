"""SQLite, built from its source: journals, locks between processes, a database larger than memory, as on Linux."""
from foreign_case import ForeignCase
from support import counters, limit


class ForeignSql(ForeignCase):
    @limit(300)
    def test_database(self):
        self.compare("sql", mem="64M")

    @limit(300)
    def test_database_larger_than_memory(self):
        rest = self.compare("sql-large", mem="10M", behind="cat /proc/vmstat", timeout=200)
        self.assertGreater(counters(rest)["pswpin"], 1000)
        self.assertGreater(counters(rest)["pswpout"], 1000)
