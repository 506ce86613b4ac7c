"""What the tests of recordings share: the modules of tools/trace, and a run that is traced."""
import os
import subprocess
import sys

from support import Case

TOOLS = os.path.abspath("tools/trace")
sys.path.insert(0, TOOLS)
import reader    # pylint: disable=wrong-import-position


def with_threads(events):
    """=> [(name of the thread that caused it, its task, event)]; the snapshots are left out"""
    name, label, inside, result = None, 0, False, []
    for e in events:
        inside = (inside or e.name == "snapshot") and e.values.get("part") != "end"
        if e.name == "run":
            name, label = e.values["name"], e.label
        elif not inside and e.name not in ("hello", "snapshot"):
            result.append((name, label, e))
    return result


class TraceCase(Case):
    """A test of a recording."""

    def trace(self, cmd, words, device="debugcon", **options):
        """Runs CMD and traces it into a file. => (its path, the events, what was printed)"""
        path = os.path.join(self.temporary(), "trace.txt")
        output = self.boot(cmd, words=words, timeout=80, **{device: path}, **options)
        with open(path, encoding="utf-8") as file:
            return path, list(reader.read(file)), output

    def check(self, path):
        """=> is it sound, what the tool said"""
        done = subprocess.run([os.path.join(TOOLS, "check"), path], capture_output=True, text=True, check=False)
        self.assertNotIn("Traceback", done.stderr)
        return done.returncode == 0, done.stdout + done.stderr

    def assert_sound(self, path, snapshots=2):
        sound, said = self.check(path)
        self.assertTrue(sound, said)
        self.assertIn(f", 0 events lost, {snapshots} snapshots: sound", said)
