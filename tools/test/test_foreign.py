"""Programs from elsewhere, unmodified: what they print, their status and the files they leave are what Linux gets from them."""
from foreign_case import ForeignCase
from support import counters, limit


class Foreign(ForeignCase):
    @limit(300)
    def test_start_up(self):
        self.compare("start-up")

    @limit(300)
    def test_signals(self):
        self.compare("signals")

    @limit(300)
    def test_links(self):
        """ln, readlink, realpath, cp and tar of links."""
        self.compare("links")

    @limit(300)
    def test_packer(self):
        self.compare("packer", mem="32M")

    @limit(300)
    def test_packer_in_less_memory(self):
        """It sorts blocks of 900 KB in some 8 MB."""
        rest = self.compare("packer-alone", mem="8M", words="frames=1000", behind="cat /proc/vmstat")
        self.assertGreater(counters(rest)["pswpin"], 500)
        self.assertGreater(counters(rest)["pswpout"], 500)
