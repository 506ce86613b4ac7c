"""The page in which the kernel itself runs: built here, then asked in Chromium, from a file and without a network."""
import os
import shutil
import subprocess
import unittest

from support import OUT, Case, limit

VIEW = os.path.abspath("tools/view")
BROWSER = shutil.which("node") and shutil.which("chromium") and os.path.isdir(os.path.join(VIEW, "node_modules", "v86"))


@unittest.skipUnless(BROWSER, "node, its packages or chromium is missing: make view-deps")
class Web(Case):
    def run_tool(self, *command):
        """=> what COMMAND prints; the test fails if it fails"""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-5000:])
        return done.stdout

    @limit(400)
    def test_the_kernel_runs_in_the_page(self):
        """Prompt, a program, tables that are what the events say, memory at an event as in a straight run, a saved copy, the same input in
        a second machine, another future, the end."""
        page = self.run_tool(os.path.join(VIEW, "web"), "--out", OUT).split()[-1]
        self.assertLess(os.path.getsize(page), 1_500_000)
        with open(page, encoding="utf-8") as file:
            text = file.read()
        for licence in ("Copyright (c) 2012, The v86 contributors", "Copyright (c) 2017-2019, The xterm.js authors"):
            self.assertIn(licence, text)
        print(self.run_tool("node", os.path.join(VIEW, "test", "web.mjs"), page))
