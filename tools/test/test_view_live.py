"""The live page: QEMU serves the trace as a WebSocket, and the page in Chromium shows each event of it until the machine ends."""
import json
import os
import re
import shutil
import subprocess
import unittest

from support import OUT, Case, limit

VIEW = os.path.abspath("tools/view")
BROWSER = shutil.which("node") and shutil.which("chromium") and os.path.isdir(os.path.join(VIEW, "node_modules"))


@unittest.skipUnless(BROWSER, "node, its packages or chromium is missing: make view-deps")
class ViewLive(Case):
    def watch(self, url):
        """Opens URL and waits until the machine has ended. => what the page says then"""
        done = subprocess.run(["node", os.path.join(VIEW, "test", "live.mjs"), url], capture_output=True, text=True, timeout=140, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def start(self, cmd):
        """Starts a machine that runs CMD when a page is there. => its process, the page's address"""
        qemu = ["tools/qemu", "--out", OUT, "--timeout", "140", "--cmd", cmd]
        process = subprocess.Popen([os.path.join(VIEW, "live"), "--out", OUT, "--", *qemu], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.addCleanup(process.stdout.close)
        while not (found := re.search(r"^file:.*", process.stdout.readline(), re.MULTILINE)):
            self.assertIsNone(process.poll())
        return process, found[0]

    @limit(300)
    def test_each_event_arrives_and_the_end_is_said(self):
        process, url = self.start("true")
        page = self.watch(url)
        self.assertEqual(process.wait(), 0)
        self.assertNotIn("QEMU", process.stdout.read())    # our own words say that the machine waits
        self.assertEqual((page["live"], page["problems"], page["complaints"], page["requests"]), ("ended", [], [], 1))
        self.assertEqual(page["status"], "● the machine has been switched off")
        self.assertEqual(page["last"], page["events"])    # numbered from 1 on, none missing
        # The machine is gone; the page, opened again, says so.
        page = self.watch(url)
        self.assertEqual((page["live"], page["events"]), ("refused", 0))
        self.assertIn("Nothing answers at ws://127.0.0.1:", page["status"])
