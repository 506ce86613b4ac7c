"""The documents show what a run prints (tools/transcripts)."""
import os
import subprocess

from support import OUT, Case, limit, needs


class Transcripts(Case):
    @limit(280)
    @needs("gdb")
    def test_documents(self):
        with open(os.path.join(OUT, "config.mk"), encoding="utf-8") as file:
            if "CC := clang" in file.read():
                self.skipTest("the documents show GDB with what gcc makes")
        done = subprocess.run(["tools/transcripts", "--out", os.path.relpath(OUT)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
