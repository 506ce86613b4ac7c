"""The page in which the kernel itself runs: built here, then asked in Chromium, from a file and without a network."""
import glob
import os
import re
import shutil
import subprocess
import unittest

import foreign
from support import OUT, Case, limit, long

VIEW = os.path.abspath("tools/view")
BROWSER = shutil.which("node") and shutil.which("chromium") and os.path.isdir(os.path.join(VIEW, "node_modules", "v86"))


class Examples(Case):
    def test_they_compile(self):
        """The editor's examples, with our headers and without a warning."""
        for path in sorted(glob.glob(os.path.join(VIEW, "examples", "*.c"))):
            subprocess.run([*foreign.compiler(), "-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-result", "-Werror", "-ffreestanding",
                            "-nostdinc", "-I", "user/lib/include", "-fsyntax-only", path], check=True)


@unittest.skipUnless(BROWSER, "node, its packages or chromium is missing: make view-deps")
class Web(Case):
    def run_tool(self, *command):
        """=> what COMMAND prints; the test fails if it fails"""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-5000:])
        return done.stdout

    def check_page(self, page, most, licences):
        """PAGE has at most so many bytes, and the LICENCES."""
        self.assertLess(os.path.getsize(page), most)
        with open(page, encoding="utf-8") as file:
            text = file.read()
        for licence in ("Copyright (c) 2012, The v86 contributors", "Copyright (c) 2017-2019, The xterm.js authors", *licences):
            self.assertTrue(licence in text, licence)

    @long
    @limit(400)
    def test_a_program_is_written_in_the_page(self):
        """The editor of the page with a C compiler: a mistake, a program that runs on, one that ends."""
        done = subprocess.run(["make", "-s", "-f", "tools/build.mk", "O=" + OUT, "SWAP=64M", OUT + "/c.img"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, env={**os.environ, "MAKEFLAGS": ""})
        if missing := re.search("cannot be had: .*", done.stdout, re.DOTALL):
            self.skipTest("TinyCC " + missing.group(0)[:300])
        self.assertEqual(done.returncode, 0, done.stdout[-5000:])
        page = self.run_tool(os.path.join(VIEW, "web"), "--out", OUT, "--with-c").split()[-1]
        self.check_page(page, 2_700_000, ["GNU LESSER GENERAL PUBLIC LICENSE", "Upstream-Name: musl"])
        print(self.run_tool("node", os.path.join(VIEW, "test", "web-c.mjs"), page))

    @limit(400)
    def test_the_kernel_runs_in_the_page(self):
        """Prompt, a program, tables that are what the events say, memory at an event as in a straight run, a saved copy, the same input in
        a second machine, another future, the end."""
        page = self.run_tool(os.path.join(VIEW, "web"), "--out", OUT).split()[-1]
        self.check_page(page, 1_500_000, [])
        print(self.run_tool("node", os.path.join(VIEW, "test", "web.mjs"), page))
